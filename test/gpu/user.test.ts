import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

const CASES = '/test/gpu/user.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

test('a material whose onBeforeCompile is an accessor is drawn, and compiled once', async () => {
  const result = await inPage<{ compiled: number; said: string[]; red: number; version: number }>(
    page,
    CASES,
    'accessorHook',
  );
  expect(result.said).toEqual([]);
  expect(result.red).toBeGreaterThan(240);
  expect(result.version).toBeLessThanOrEqual(3);
  expect(result.compiled).toBeLessThanOrEqual(3);
});

test('hooks chained or exchanged after the first frame are what is drawn', async () => {
  const { said, colors } = await inPage<{ said: string[]; colors: number[][] }>(page, CASES, 'laterHooks');
  expect(said).toEqual([]);
  expect(colors).toEqual([
    [255, 0, 0],
    [0, 255, 0],
  ]);
});

test('a hook that keeps its shader goes on changing what is drawn', async () => {
  const { brighter, off } = await inPage<{ brighter: number; off: number }>(page, CASES, 'keptShader');
  expect(brighter).toBeGreaterThan(60);
  expect(off).toBeLessThanOrEqual(2);
});

test('a hook that throws for the mask costs the mask, and not the picture', async () => {
  const { psnr, said } = await inPage<{ psnr: number; said: string[] }>(page, CASES, 'hookThatThrows');
  expect(psnr).toBeGreaterThan(25);
  expect(said).toEqual(['upframe: motion of objects and mask are left out: only once']);
});

test('without autoClear nothing of the frame before is left', async () => {
  expect(await inPage<number>(page, CASES, 'clearedByHand')).toBeLessThanOrEqual(1);
});

test.each(['viewport', 'scissor', 'array camera'])(
  'with a %s three.js draws alone, which is said once',
  async (kind) => {
    const { difference, said } = await inPage<{ difference: number; said: string[] }>(page, CASES, 'plain', kind);
    expect(difference).toBe(0);
    expect(said).toEqual([expect.stringMatching(/^upframe: with an? (ArrayCamera|viewport|scissor rectangle) /)]);
  },
);

test('linear output stays linear', async () => {
  expect(await inPage<number>(page, CASES, 'linearOutput')).toBeLessThanOrEqual(1);
});

test.each(['nearest', 'temporal'])('a target that the GPU encodes is encoded once: %s', async (method) => {
  expect(await inPage<number>(page, CASES, 'encodedTarget', method)).toBeGreaterThan(28);
});

test.each(['nearest', 'temporal'])('masks in the stencil buffer hold: %s', async (method) => {
  const { outside, inside } = await inPage<{ outside: number; inside: number }>(page, CASES, 'stencil', method);
  expect(outside).toBeLessThan(5);
  expect(inside).toBeGreaterThan(240);
});

test('live quality keeps a projection of your own, and measures by it', async () => {
  const { kept, psnr } = await inPage<{ kept: boolean; psnr: number }>(page, CASES, 'ownProjection');
  expect(kept).toBe(true);
  expect(psnr).toBeGreaterThan(18);
});
