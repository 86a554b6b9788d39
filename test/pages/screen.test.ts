import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../perf/report.ts';
import { TEXT_SETS } from '../../perf/text.ts';
import { inPage, openPage } from '../page.ts';
import { succeed, temporary } from './commands.ts';

/** screen-s on text that the browser draws now, in type that no training page is set in. Its card's figures: cards.test.ts. */

type Means = Record<string, { psnr: number; ssim: number }>;

/** dB above bicubic. Letters of 8 to 16 px in the truth are 4 to 8 px in the small picture, which holds little of them. */
const ABOVE_BICUBIC: Record<string, number> = { '8-16': 2.9, '16-32': 3 };

describe.each(Object.entries(TEXT_SETS))('text of %s px', (name, sizes) => {
  let means: Means;
  let rows: Row[];

  beforeAll(async () => {
    const page = await openPage('/perf/pages/work.html');
    const set = await inPage<{ name: string; png: string }[]>(page, '/perf/pages/text.ts', 'drawSet', sizes);
    expect(set).toHaveLength(sizes.length * 2);
    const folder = join(temporary(), name);
    mkdirSync(folder);
    for (const picture of set) writeFileSync(join(folder, `${picture.name}.png`), picture.png, 'base64');
    const json = join(folder, 'figures.json');
    await succeed('quality', 'images', folder, '--methods', 'bicubic,image-m,screen-s', '--json', json);
    const figures = JSON.parse(readFileSync(json, 'utf8')) as {
      mean: { method: string; psnr: number; ssim: number }[];
    };
    means = Object.fromEntries(figures.mean.map((mean) => [mean.method, mean]));
    rows = JSON.parse(readFileSync(json, 'utf8')).rows;
  });

  test('far above bicubic, and 0.7 dB above image-m', () => {
    expect(means['screen-s']!.psnr).toBeGreaterThan(means.bicubic!.psnr + ABOVE_BICUBIC[name]!);
    expect(means['screen-s']!.psnr).toBeGreaterThan(means['image-m']!.psnr + 0.7);
  });

  test('at no size and in no polarity below bicubic', () => {
    const of = (item: string, method: string) => rows.find((row) => row.item === item && row.method === method)!;
    for (const item of new Set(rows.map((row) => row.item))) {
      expect(of(item, 'screen-s').psnr, item).toBeGreaterThan(of(item, 'bicubic').psnr);
    }
  });
});

test('text that moves by half a source pixel wobbles no more than with bicubic, blurred as that is', async () => {
  const page = await openPage('/perf/pages/work.html');
  const folder = temporary();
  const shifts = [0, 1, 2, 3]; // pixels of the large picture
  const cases = '/test/pages/screen.cases.ts';
  for (const [i, png] of (await inPage<string[]>(page, cases, 'moved', 24, shifts)).entries()) {
    writeFileSync(join(folder, `moved-${i}.png`), png, 'base64');
  }
  const methods = ['bicubic', 'screen-s'];
  await succeed('quality', 'images', folder, '--methods', methods.join(','), '--save', folder);
  const saved = (i: number, method: string) => readFileSync(join(folder, `moved-${i}.${method}.png`), 'base64');
  for (const shift of shifts.slice(1)) {
    const [bicubic, ours] = await Promise.all(
      methods.map((method) => inPage<number>(page, cases, 'agreement', saved(0, method), saved(shift, method), shift)),
    );
    // By whole source pixels every method moves rigidly; in between letters must not swell and shrink.
    if (shift % 2 === 0) expect(ours).toBeGreaterThan(45);
    else expect(ours, `shift ${shift}`).toBeGreaterThan(bicubic! - 0.3);
  }
});
