import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileUrl, ROOT } from './paths.ts';
import { picturesIn } from './quality-images.ts';
import type { Session } from './session.ts';
import { TEXT_SETS } from './text.ts';

/** The figures on the models' cards: which there are, and how they come about. Ratio 2, the protocol of `quality images`. */

export interface Figures {
  /** dB and SSIM on luma, means over a set's pictures. */
  psnr: number;
  ssim: number;
}

export interface Card {
  name: string;
  summary: string;
  figures: Record<string, Figures | undefined>;
  [more: string]: unknown;
}

export const cardPath = (model: string) => resolve(ROOT, 'models', `${model}.json`);
export const readCard = (model: string): Card => JSON.parse(readFileSync(cardPath(model), 'utf8'));

const PHOTOS = ['Set5', 'Set14', 'Kodak24'] as const;
const textSet = (name: string) => `text ${name} px`;
const TEXTS = Object.keys(TEXT_SETS).map(textSet);

/** The sets that a model's card must have. 'drawn' is made by code and so measured everywhere. */
export function setsOf(model: string): string[] {
  const own = /^image-/.test(model) ? PHOTOS : /^screen-/.test(model) ? TEXTS : [];
  return ['drawn', ...own];
}

export interface Item {
  readonly name: string;
  readonly url: string;
}

/** The pictures of a set as the page can fetch them; null where the set is not on this machine. */
async function picturesOf(set: string, session: Session, data: string): Promise<Item[] | null> {
  if (set === 'drawn') return session.call('drawn', 'pictures');
  const text = Object.entries(TEXT_SETS).find(([name]) => textSet(name) === set);
  if (text) {
    const drawn = await session.call<{ name: string; png: string }[]>('text', 'drawSet', text[1]);
    return drawn.map(({ name, png }) => ({ name, url: `data:image/png;base64,${png}` }));
  }
  const folder = join(data, set);
  return existsSync(folder) ? picturesIn(folder).map((file) => ({ name: basename(file), url: fileUrl(file) })) : null;
}

/**
 * The pictures of the sets that are on this machine, by the set's name.
 * @param data folder of the sets of photographs
 */
export async function collect(session: Session, sets: Iterable<string>, data: string): Promise<Map<string, Item[]>> {
  const collected = new Map<string, Item[]>();
  for (const set of sets) {
    const items = await picturesOf(set, session, data);
    if (items) collected.set(set, items);
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
  collected: ReadonlyMap<string, readonly Item[]>,
  onStep: (label: string) => void = () => {},
): Promise<Record<string, Record<string, Figures>>> {
  const specs = models.map((name) => ({ name, kind: 'model', source: name }));
  await session.call('images', 'setup', specs, 2);
  const results: Record<string, Record<string, Figures>> = Object.fromEntries(models.map((model) => [model, {}]));
  for (const [set, items] of collected) {
    const own = models.filter((model) => setsOf(model).includes(set));
    const sums = new Map(own.map((model) => [model, { psnr: 0, ssim: 0 }]));
    for (const { name, url } of items) {
      await session.call('images', 'prepare', url, name, name, false);
      for (const [model, sum] of sums) {
        const { psnr, ssim } = await session.call<Figures>('images', 'measure', model, name, false);
        sum.psnr += psnr / items.length;
        sum.ssim += ssim / items.length;
        onStep(`${set} ${name} ${model}`);
      }
    }
    for (const [model, { psnr, ssim }] of sums) {
      results[model]![set] = { psnr: rounded(psnr, 3), ssim: rounded(ssim, 4) };
    }
  }
  return results;
}
