import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import type { Stats } from '../../src/index.ts';
import { inPage, openPage } from '../page.ts';

const CASES = '/test/gpu/scene.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

test('a scene looks as renderer.render draws it, and better methods come closer', async () => {
  const result = await inPage<{ ratio1: number; native: number; psnr: Record<string, number>; error: number }>(
    page,
    CASES,
    'sameLook',
  );
  expect(result.error).toBe(0);
  expect(result.ratio1).toBeLessThanOrEqual(1);
  expect(result.native).toBeLessThanOrEqual(1);
  expect(result.psnr.bicubic).toBeGreaterThan(result.psnr.nearest!);
  // One sample a pixel is not what image-s was trained on: it comes close, and sharpens stairs with the rest.
  expect(result.psnr.network).toBeGreaterThan(result.psnr.nearest!);
});

test('the split shows the native picture on its left', async () => {
  const { left, right } = await inPage<{ left: number; right: number }>(page, CASES, 'nativeSplit');
  expect(left).toBeLessThanOrEqual(1);
  expect(right).toBeGreaterThan(8);
});

test.for([false, true])('live quality ranks the methods (a picture behind the scene: %s)', async (pictured) => {
  const result = await inPage<Record<string, { psnr: number; ssim: number }>>(page, CASES, 'liveQuality', pictured);
  expect(result.network!.psnr).toBeGreaterThan(result.nearest!.psnr);
  if (!pictured) expect(result.network!.ssim).toBeGreaterThan(result.nearest!.ssim);
  expect(result.bicubic!.psnr).toBeGreaterThan(18);
  expect(result.network!.ssim).toBeLessThanOrEqual(1);
});

test('frames make no GPU object and wait for nothing, and every pass is timed', async () => {
  const { costly, stats } = await inPage<{ costly: string[]; stats: Stats }>(page, CASES, 'perFrame');
  expect(costly).toEqual([]);
  expect(stats.renderSize).toEqual([160, 90]);
  expect(stats.displaySize).toEqual([320, 180]);
  expect(stats.fps).toBeGreaterThan(0);
  expect(stats.frameMs.p95).toBeGreaterThanOrEqual(stats.frameMs.p50);
  expect(stats.macsPerPixel).toBeGreaterThan(100);
  expect(stats.gpu.totalMs).toBeGreaterThan(0);
  if (stats.gpu.source === 'gpu')
    expect(Object.keys(stats.gpu.passes)).toEqual(expect.arrayContaining(['scene', 'prepare', 'resolve']));
});

test("the user's render target receives the picture, from an orthographic camera too", async () => {
  const { psnr, kept } = await inPage<{ psnr: number; kept: boolean }>(page, CASES, 'ownTarget');
  expect(kept).toBe(true);
  expect(psnr).toBeGreaterThan(22);
});

test("ratio 'auto' renders fewer pixels when frames cost too much", async () => {
  const [before, after] = await inPage<number[]>(page, CASES, 'governed');
  expect(after).toBeGreaterThan(before!);
});

test('a still scene gathers detail, and movers and newcomers are taken in', async () => {
  const { psnr, fallback, error } = await inPage<{
    psnr: Record<string, number>;
    fallback: string | null;
    error: number;
  }>(page, CASES, 'gathered');
  expect({ fallback, error }).toEqual({ fallback: null, error: 0 });
  expect(psnr.temporal).toBeGreaterThan(psnr.bicubic! + 3);
});

test.for([
  [false, false],
  [true, false],
  [false, true],
])('a flat picture behind the scene stays sharp as the camera moves (reversed depth %s, redrawn %s)', async (kind) => {
  const { temporal, bicubic, ...rest } = await inPage<{ temporal: number; bicubic: number; own: boolean }>(
    page,
    CASES,
    'backdrop',
    ...kind,
  );
  expect(rest).toEqual({ own: true, error: 0 });
  expect(temporal).toBeGreaterThan(bicubic + (kind[1] ? -1 : 1));
});

test('with a reversed depth buffer the same is gathered', async () => {
  const { psnr, ...rest } = await inPage<Record<string, unknown> & { psnr: number }>(page, CASES, 'reversedDepth');
  expect(rest).toEqual({ reversed: true, fallback: null, error: 0 });
  expect(psnr).toBeGreaterThan(40);
});

test("jitter never stays in the user's camera, even where the scene throws", async () => {
  const { change, during, thrown } = await inPage<{ change: number; during: number; thrown: string }>(
    page,
    CASES,
    'keptCamera',
  );
  expect(during).toBeGreaterThan(0);
  expect(thrown).toBe('from the scene');
  expect(change).toBe(0);
});

test.for(
  ['PointsMaterial', 'ShaderMaterial', 'RawShaderMaterial'].flatMap((kind) => [
    [kind, 'nearest'],
    [kind, 'temporal'],
  ]),
)('points of a %s cover as much of the picture by %s as without an upscaler', async ([kind, method]) => {
  const [native, upscaled, after] = await inPage<number[]>(page, CASES, 'pointSizes', kind, method);
  expect(native).toBeGreaterThan(500);
  expect(Math.abs(upscaled! - native!) / native!).toBeLessThan(0.1);
  expect(after).toBe(native);
});

test.for(['lines', 'dashed lines', 'lines of a ShaderMaterial', 'a wireframe', 'points of a pixel'])(
  "%s are as thin by 'temporal' as without an upscaler",
  async (kind) => {
    const { native, temporal, after } = await inPage<Record<string, number>>(page, CASES, 'thinLight', kind);
    console.log(`${kind}: light ${native!.toFixed(0)} by the renderer, ${temporal!.toFixed(0)} by temporal`);
    expect(native).toBeGreaterThan(100);
    // Untreated it would be two times as much of lines and four of points. SwiftShader places points coarsely.
    expect(Math.abs(temporal! / native! - 1)).toBeLessThan(0.25);
    expect(after).toBe(0);
  },
);

test("frames of 'temporal' make no GPU object and wait for nothing", async () => {
  const { costly, passes } = await inPage<{ costly: string[]; passes: string[] }>(page, CASES, 'temporalFrames');
  expect(costly).toEqual([]);
  if (passes.length) {
    expect(passes).toEqual(
      expect.arrayContaining(['scene', 'motion', 'temporal prepare', 'temporal accumulate', 'temporal show']),
    );
  }
});
