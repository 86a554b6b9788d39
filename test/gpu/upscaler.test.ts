import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage, takeProblems } from '../page.ts';

const CASES = '/test/gpu/upscaler.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage('/test/blank.html', { expected: [/upframe: '\w+' failed/] });
});

test('better methods measure better at x2, and the network best', async () => {
  const psnr = await inPage<Record<string, number>>(page, CASES, 'quality');
  expect(psnr.bilinear).toBeGreaterThan(psnr.nearest! - 0.5);
  expect(psnr.bicubic).toBeGreaterThan(psnr.bilinear! + 0.3);
  expect(psnr.lanczos).toBeGreaterThan(psnr.bilinear!);
  expect(psnr.fsr1).toBeGreaterThan(psnr.bilinear!);
  expect(psnr.network).toBeGreaterThan(psnr.bicubic! + 1);
});

test('every ratio from 1 to 3 gives a sharp, unshifted picture', async () => {
  const psnr = await inPage<Record<string, number>>(page, CASES, 'ratios');
  for (const ratio of [1, 1.3, 1.5, 2, 2.37, 3]) {
    // Half a pixel of shift costs these pictures far more than this margin. At ratio 1 bicubic is the picture itself.
    const least = ratio === 1 ? 30 : psnr[`bicubic ${ratio}`]! - 0.8;
    expect(psnr[`network ${ratio}`], `ratio ${ratio}`).toBeGreaterThan(least);
    expect(psnr[`fsr1 ${ratio}`], `ratio ${ratio}`).toBeGreaterThan(20);
  }
});

test.for(['nearest', 'bicubic', 'lanczos', 'fsr1', 'network'])(
  '%s is right side up for both origins',
  async (method) => {
    const result = await inPage<{ difference: number; agreement: number; upright: number; inverted: number }>(
      page,
      CASES,
      'origins',
      method,
    );
    expect(result.upright).toBeGreaterThan(result.inverted + 5);
    // A network's weights are not quite symmetric; a filter's are.
    if (method === 'network') expect(result.agreement).toBeGreaterThan(result.upright + 3);
    else expect(result.difference).toBeLessThanOrEqual(1);
  },
);

test('a network that halves its input takes odd sizes', async () => {
  for (const difference of await inPage<number[]>(page, CASES, 'halving')) expect(difference).toBeLessThanOrEqual(1);
});

test('image-m has a network of its own for x3', async () => {
  const { macs, named, doubled } = await inPage<{ macs: number[]; named: number; doubled: number }>(
    page,
    CASES,
    'tripled',
  );
  for (const [i, expected] of [9936 / 2 ** 2, 10656 / 3 ** 2, 9936 / 1.5 ** 2].entries()) {
    expect(Math.abs(macs[i]! / expected - 1)).toBeLessThan(0.02);
  }
  expect(named).toBe(0);
  expect(doubled).toBeGreaterThan(20);
});

test('each side of the compare split is its method drawn alone', async () => {
  expect(await inPage(page, CASES, 'split')).toEqual({ left: 0, right: 0 });
});

test('sharpness sharpens, more of it more', async () => {
  const [none, some, full] = await inPage<number[]>(page, CASES, 'sharpness');
  expect(some).toBeGreaterThan(none! * 1.02);
  expect(full).toBeGreaterThan(some! * 1.02);
});

test('alpha is upscaled and bounds premultiplied colour', async () => {
  const result = await inPage<Record<string, { worst: number; opaque: number; clear: number }>>(page, CASES, 'alpha');
  for (const [method, { worst, opaque, clear }] of Object.entries(result)) {
    expect(worst, method).toBeLessThanOrEqual(1);
    expect([opaque, clear], method).toEqual([255, 0]);
  }
});

test('canvas and framebuffers receive the same picture', async () => {
  expect(await inPage(page, CASES, 'outputs')).toEqual([0, 0, 0]);
});

test('a frame creates nothing, looks nothing up and waits for nothing', async () => {
  const { costly, draws } = await inPage<{ costly: string[]; draws: number }>(page, CASES, 'perFrame');
  expect(costly).toEqual([]);
  expect(draws).toBeGreaterThan(800);
});

test('a failing stage steps down the ladder and the picture stays', async () => {
  const run = (...broken: string[]) =>
    inPage<{ fallback: string; messages: string[]; psnr: number }>(page, CASES, 'ladder', broken);
  const network = await run('networkOutput');
  expect(network).toMatchObject({ fallback: 'fsr1', messages: [expect.stringContaining("'network' failed")] });
  expect(network.psnr).toBeGreaterThan(18);
  const spatial = await run('networkOutput', '#define METHOD easu');
  expect(spatial).toMatchObject({ fallback: 'bicubic' });
  expect(spatial.psnr).toBeGreaterThan(18);
  const nothing = await run('void main');
  expect(nothing.fallback).toBe('passthrough');
  expect(nothing.messages).toHaveLength(3);
  expect(nothing.psnr).toBeGreaterThan(18);
});

test('a GL error of somebody else is not taken for one of the network', async () => {
  expect(await inPage(page, CASES, 'foreignError')).toBeNull();
  expect(takeProblems(page)).toEqual([expect.stringContaining('INVALID_ENUM: enable')]);
});

test.for([
  [{ ratio: 4 }, "option 'ratio' is 4; allowed: a number from 1 to 3, or 'auto'"],
  [{ ratio: Number.NaN }, "option 'ratio'"],
  [{ method: 'magic' }, "option 'method' is 'magic'; allowed: 'network'"],
  [{ sharpness: 2 }, "option 'sharpness' is 2; allowed: a number from 0 to 1"],
  [{ model: 'image-xxl' }, "option 'model' is 'image-xxl'; allowed: image-s, image-m"],
  [{ model: '/missing.onnx' }, "model '/missing.onnx' could not be loaded: HTTP 404"],
  [{ sharpnes: 1 }, "unknown option 'sharpnes'; allowed: model, method"],
] as const)('bad option %j is refused by name, value and what is allowed', async ([options, message]) => {
  const bad = await openPage('/test/blank.html', { expected: [/404/] });
  const error = await inPage<string>(bad, CASES, 'rejects', options);
  expect(error).toContain('upframe: ');
  expect(error).toContain(message);
});

test("backend 'onnxruntime' gives our picture, and runs what our engine refuses in words", async () => {
  // A page behind others gets no animation frames.
  await page.bringToFront();
  const result = await inPage<{ agreement: number; refused: string; foreign: string | null; error: number }>(
    page,
    CASES,
    'runtime',
  );
  expect(result.agreement).toBeGreaterThan(45);
  expect(result.foreign).toBeNull();
  expect(result.refused).toMatch(/upframe: .*Abs.*backend: 'onnxruntime'/s);
  expect(result.error).toBe(0);
});

test('models change while frames go on, and a bad one is refused', async () => {
  const result = await inPage<{ models: string[]; refused: string; after: string; macs: number[] }>(
    page,
    CASES,
    'changes',
  );
  expect(result.models).toEqual(['image-m', 'image-s']);
  expect(result.macs[0]).toBeGreaterThan(result.macs[1]! * 2);
  expect(result.refused).toContain("option 'model' is 'image-xxl'");
  expect(result.after).toBe('image-s');
});
