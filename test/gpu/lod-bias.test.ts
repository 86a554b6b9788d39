import { expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

test('polished metal rendered small is as polished as it is large', async () => {
  const page = await openPage('/test/blank.html');
  const { plain, biased, again } = await inPage<Record<string, number>>(
    page,
    '/test/gpu/lod-bias.cases.ts',
    'polished',
  );
  expect(biased).toBeGreaterThan(plain! + 0.5);
  // Afterwards three draws as ever.
  expect(again).toBe(plain);
});
