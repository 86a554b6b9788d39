import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import type { Motions } from './motion.cases.ts';

const CASES = '/test/gpu/motion.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

test.for([
  ['transform', 'perspective'],
  ['transform', 'orthographic'],
  ['transform', 'offset'],
  ['two materials', 'perspective'],
  ['instances', 'perspective'],
  ['batch', 'perspective'],
  ['skin', 'perspective'],
  ['morph', 'perspective'],
  ['displaced', 'perspective'],
  ['alpha test', 'perspective'],
  ['lines', 'perspective'],
  ['fat lines', 'perspective'],
  ['fat lines', 'orthographic'],
  ['fat lines in world units', 'perspective'],
  ['rewritten positions', 'perspective'],
  ['points', 'perspective'],
  ['sprite', 'perspective'],
  ['sprite', 'orthographic'],
] as const)('motion of %s, %s, is what geometry says, and so is that of what stands still', async ([kind, camera]) => {
  const { mover, wall, leaked, error, fallback } = await inPage<Motions>(page, CASES, 'motions', kind, camera);
  expect({ leaked, error, fallback }).toEqual({ leaked: false, error: 0, fallback: null });
  for (const { mean, p99, pixels } of [mover, wall]) {
    // A line is all edge: the motion of its neighbour pixels is taken with its own. Caps of fat ones keep their size.
    const edges = kind.includes('lines') && pixels === mover.pixels;
    // Of a line half the pixels are left: it is half a pixel wide.
    expect(pixels).toBeGreaterThan(kind === 'lines' ? 75 : 150);
    expect(mean).toBeLessThan(edges ? 0.2 : 0.05);
    expect(p99).toBeLessThan(edges ? 0.7 : 0.25);
  }
});

test('positions rewritten without announcing it have no history once, and then true motion; another geometry has none', async () => {
  const said = await inPage<string[]>(page, CASES, 'unannounced');
  expect(said).toEqual(['rests', 'rests', 'no history', 'moves', 'rests', 'no history']);
});
