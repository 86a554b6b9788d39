import { expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

test.each([
  ['polished', 'polished metal rendered small is as polished as it is large'],
  ['anisotropic', 'a texture with an anisotropic filter is rendered as sharp as it is large'],
])('%s: %s', async (name) => {
  const page = await openPage('/test/blank.html');
  const { plain, biased, again } = await inPage<Record<string, number>>(page, '/test/gpu/lod-bias.cases.ts', name);
  expect(biased).toBeGreaterThan(plain! + 0.5);
  // Afterwards three draws as ever, but for how llvmpipe's anisotropic filter takes a bias of 0.
  expect(Math.abs(again! - plain!)).toBeLessThan(0.02 * plain!);
});
