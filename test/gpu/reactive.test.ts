import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import type { Smear } from './reactive.cases.ts';

const CASES = '/test/gpu/reactive.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

test.for([
  ['sprite', [0.2, 0.9], 0.2],
  ['glass', [0.55, 0.75], 0.5],
  ['sparks', [0.15, 0.9], 0],
  ['shader', [0.15, 0.35], -0.1],
  ['scrolled', [0.9, 1.01], 1],
  ['drifting', [0.2, 0.3], -0.5],
  ['rewritten', [0.9, 1.01], 1],
  ['told', [0.9, 1.01], 1],
  ['clocked', [0.45, 0.55], 0.5],
  ['backdrop', [0.45, 0.55], 0.5],
  ['lamp', [0.9, 1.01], 0.5],
  ['mirror', [0.55, 0.65], 1],
  ['polished', [0.3, 0.4], 0.5],
] as const)('a moving %s before a wall smears less with the mask', async ([kind, [least, most], gain]) => {
  const { masked, unmasked, mask, untouched, error, fallback } = await inPage<Smear>(page, CASES, 'smear', kind);
  console.log(
    `${kind}: ${masked.toFixed(2)} dB with, ${unmasked.toFixed(2)} dB without; mask ${mask.inside.toFixed(2)}`,
  );
  expect({ untouched, error, fallback }).toEqual({ untouched: true, error: 0, fallback: null });
  expect(mask.inside).toBeGreaterThan(least);
  expect(mask.inside).toBeLessThan(most);
  // The rim of a soft spot, too faint to count as the spot.
  expect(mask.outside).toBeLessThan(0.04);
  expect(masked).toBeGreaterThan(unmasked + gain);
});

test('a blended surface is followed by its own motion where it hides what is behind', async () => {
  const { unmasked } = await inPage<Smear>(page, CASES, 'smear', 'shader');
  // By the motion of what is behind it reads 13.4 dB, by none 20.1.
  expect(unmasked).toBeGreaterThan(21.5);
});

test.for(
  [{ method: 'temporal' }, { model: 'game-s' }, { model: 'game-m' }].flatMap((options) => [
    { kind: 'rewritten', plays: true, options },
    { kind: 'rewritten', plays: false, options },
    { kind: 'lamp', plays: false, options },
  ]),
)('at rest what shows something else is seen at once (%o)', async ({ kind, plays, options }) => {
  const { gathered, bicubic, error } = await inPage<Record<string, number>>(page, CASES, 'film', kind, plays, options);
  console.log(`${kind}: ${gathered!.toFixed(2)} dB, bicubic ${bicubic!.toFixed(2)}`);
  expect(error).toBe(0);
  expect(gathered).toBeGreaterThan(bicubic! - 0.5);
});

test.for(
  [{ method: 'temporal' }, { model: 'game-s' }, { model: 'game-m' }].flatMap((options) => [
    { writesDepth: false, options },
    { writesDepth: true, options },
  ]),
)('letters at rest before what moves stay as they are (%o)', async ({ writesDepth, options }) => {
  const { gathered, bicubic, error } = await inPage<Record<string, number>>(page, CASES, 'label', writesDepth, options);
  console.log(`letters: ${gathered!.toFixed(2)} dB, bicubic ${bicubic!.toFixed(2)}`);
  expect(error).toBe(0);
  // Moved along with the board they would read 22 to 24 dB. Its stripes taken to rest with them read 13.6.
  expect(gathered).toBeGreaterThan(writesDepth ? 19 : 28);
});

test('there is a mask only where something calls for it, and frames make no GPU object for it', async () => {
  const result = await inPage<Record<string, unknown>>(page, CASES, 'maskFrames');
  expect(result).toMatchObject({ without: false, shown: true, atRest: false, again: true, costly: [], error: 0 });
});

test('a reactive share is from 0 to 1', async () => {
  const { setReactive } = await import('../../src/render/reactive-share.ts');
  for (const share of [-0.1, 1.1, Number.NaN]) expect(() => setReactive({} as never, share)).toThrow(RangeError);
});
