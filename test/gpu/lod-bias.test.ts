import { expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

const CASES = '/test/gpu/lod-bias.cases.ts';

test('polished metal rendered small is as polished as it is large', async () => {
  const page = await openPage('/test/blank.html');
  const { plain, biased, again } = await inPage<Record<string, number>>(page, CASES, 'polished');
  expect(biased).toBeGreaterThan(plain! + 0.5);
  // Afterwards three draws as ever.
  expect(again).toBe(plain);
});

interface Tiles {
  steps: number;
  mean: number[];
}

test.for([
  ['anisotropic', true],
  ['hooked', true],
  ['shader', true],
  ['own bias', false],
] as const)('%s: textures are rendered sharp where they can be: %s', async ([kind, sharp]) => {
  const page = await openPage('/test/blank.html');
  const { plain, biased, again } = await inPage<Record<string, Tiles>>(page, CASES, 'tiles', kind);
  if (sharp) expect(biased!.steps).toBeGreaterThan(1.1 * plain!.steps);
  else expect(biased).toEqual(plain);
  for (const c of [0, 1, 2]) expect(Math.abs(biased!.mean[c]! - plain!.mean[c]!)).toBeLessThan(5);
  expect(plain!.mean[0]).toBeGreaterThan(20);
  // llvmpipe's anisotropic filter takes a bias of 0 a little otherwise.
  if (kind === 'anisotropic') expect(Math.abs(again!.steps - plain!.steps)).toBeLessThan(0.02 * plain!.steps);
  else expect(again).toEqual(plain);
});
