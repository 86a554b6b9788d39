import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CLIP_FRAMES, CLIP_SETS, clipOf, measureClip } from './card-clips.ts';
import type { MethodSpec } from './methods.ts';
import { fileUrl, ROOT } from './paths.ts';
import { picturesIn } from './quality-images.ts';
import type { Session } from './session.ts';
import { TEXT_SETS } from './text.ts';

/** The figures on the models' cards: which there are, and how they come about. The ratio is the network's scale, the protocol that of `quality images`. */

export interface Figures {
  /** dB and SSIM on luma, means over a set's pictures. */
  psnr: number;
  ssim: number;
  /** Of scenes: PSNR of frame differences in dB, and FLIP. */
  tpsnr?: number;
  flip?: number;
}

export interface Card {
  name: string;
  summary: string;
  /** By how much a network for pictures enlarges. */
  scale?: number;
  figures: Record<string, Figures | undefined>;
  [more: string]: unknown;
}

export const cardPath = (model: string) => resolve(ROOT, 'models', `${model}.json`);
export const readCard = (model: string): Card => JSON.parse(readFileSync(cardPath(model), 'utf8'));

const PHOTOS = ['Set5', 'Set14', 'Kodak24'] as const;
const textSet = (name: string) => `text ${name} px`;
const TEXTS = Object.keys(TEXT_SETS).map(textSet);

const KINDS: Readonly<Record<string, readonly string[]>> = { 'image-': PHOTOS, 'screen-': TEXTS, 'video-': CLIP_SETS };

/** The sets of pictures that a model's card must have. 'drawn' is made by code and so measured everywhere. */
export function setsOf(model: string): string[] {
  const own = Object.entries(KINDS).find(([kind]) => model.startsWith(kind))?.[1] ?? [];
  return ['drawn', ...own];
}

/** A set on this machine: pictures as the page can fetch them, or a clip's file. */
export type Source = { readonly pictures: readonly { name: string; url: string }[] } | { readonly clip: string };

/** Steps that measuring one model on it takes. */
export const stepsOf = (source: Source) => ('clip' in source ? CLIP_FRAMES : source.pictures.length);

async function picturesOf(
  set: string,
  session: Session,
  data: string,
): Promise<{ name: string; url: string }[] | null> {
  if (set === 'drawn') return session.call('drawn', 'pictures');
  const text = Object.entries(TEXT_SETS).find(([name]) => textSet(name) === set);
  if (text) {
    const drawn = await session.call<{ name: string; png: string }[]>('text', 'drawSet', text[1]);
    return drawn.map(({ name, png }) => ({ name, url: `data:image/png;base64,${png}` }));
  }
  const folder = join(data, 'eval', set);
  return existsSync(folder) ? picturesIn(folder).map((file) => ({ name: basename(file), url: fileUrl(file) })) : null;
}

/**
 * Those of the sets that are on this machine, by name.
 * @param data folder that holds eval/ with the sets of photographs and video/ with the clips
 */
export async function collect(session: Session, sets: Iterable<string>, data: string): Promise<Map<string, Source>> {
  const collected = new Map<string, Source>();
  for (const set of sets) {
    const clip = clipOf(set, data);
    const pictures = clip ? null : await picturesOf(set, session, data);
    if (clip) collected.set(set, { clip });
    else if (pictures) collected.set(set, { pictures });
  }
  return collected;
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/**
 * Measures built-in models, each on those of the collected sets that its card must have; a picture is read and shrunk
 * once for all of them.
 * @returns figures by model and set
 */
export async function measureCards(
  session: Session,
  models: readonly string[],
  collected: ReadonlyMap<string, Source>,
  onStep: (label: string) => void = () => {},
): Promise<Record<string, Record<string, Figures>>> {
  const results: Record<string, Record<string, Figures>> = {};
  const scaleOf = (model: string) => readCard(model).scale ?? 2;
  for (const ratio of new Set(models.map(scaleOf))) {
    const group = models.filter((model) => scaleOf(model) === ratio);
    Object.assign(results, await measureAt(ratio, session, group, collected, onStep));
  }
  return results;
}

async function measureAt(
  ratio: number,
  session: Session,
  models: readonly string[],
  collected: ReadonlyMap<string, Source>,
  onStep: (label: string) => void,
): Promise<Record<string, Record<string, Figures>>> {
  const specOf = (name: string): MethodSpec => ({ name, kind: 'model', source: name });
  await session.call('images', 'setup', models.map(specOf), ratio);
  const results: Record<string, Record<string, Figures>> = Object.fromEntries(models.map((model) => [model, {}]));
  const keep = (model: string, set: string, { psnr, ssim }: Figures) => {
    results[model]![set] = { psnr: rounded(psnr, 3), ssim: rounded(ssim, 4) };
  };
  for (const [set, source] of collected) {
    const own = models.filter((model) => setsOf(model).includes(set));
    if (own.length === 0) continue;
    if ('clip' in source) {
      const step = () => {
        for (const model of own) onStep(`${set} ${model}`);
      };
      const figures = await measureClip(session, set, source.clip, own.map(specOf), step);
      for (const model of own) keep(model, set, figures[model]!);
      continue;
    }
    const { pictures } = source;
    const sums = new Map(own.map((model) => [model, { psnr: 0, ssim: 0 }]));
    for (const { name, url } of pictures) {
      await session.call('images', 'prepare', url, name, name, false);
      for (const [model, sum] of sums) {
        const { psnr, ssim } = await session.call<Figures>('images', 'measure', model, name, false);
        sum.psnr += psnr / pictures.length;
        sum.ssim += ssim / pictures.length;
        onStep(`${set} ${name} ${model}`);
      }
    }
    for (const [model, sum] of sums) keep(model, set, sum);
  }
  return results;
}
