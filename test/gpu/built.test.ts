import { rmSync } from 'node:fs';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

/** Where the development server serves it from. */
const OUT = 'node_modules/.upframe-built';

beforeAll(async () => {
  await build({ configFile: 'vite.lib.config.ts', logLevel: 'error', build: { outDir: OUT, emptyOutDir: true } });
});
afterAll(() => rmSync(OUT, { recursive: true, force: true }));

test('the built library draws what its source draws, by every method', async () => {
  const page = await openPage();
  const result = await inPage<Record<string, number>>(
    page,
    '/test/gpu/built.cases.ts',
    'differences',
    `/${OUT}/three.js`,
  );
  expect(Object.keys(result)).toEqual(expect.arrayContaining(['network game-s', 'network game-m']));
  for (const [way, difference] of Object.entries(result)) expect(difference, way).toBeLessThanOrEqual(1);
});
