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
  ['points', 'perspective'],
  ['sprite', 'perspective'],
] as const)('motion of %s, %s, is what geometry says, and so is that of what stands still', async ([kind, camera]) => {
  const { mover, wall, leaked, error, fallback } = await inPage<Motions>(page, CASES, 'motions', kind, camera);
  expect({ leaked, error, fallback }).toEqual({ leaked: false, error: 0, fallback: null });
  for (const { mean, p99, pixels } of [mover, wall]) {
    // A line is all edge: the motion of its neighbour pixels is taken with its own.
    const edges = kind === 'lines' && pixels === mover.pixels;
    expect(pixels).toBeGreaterThan(150);
    expect(mean).toBeLessThan(edges ? 0.2 : 0.05);
    expect(p99).toBeLessThan(edges ? 0.6 : 0.25);
  }
});
