import { expect, test } from 'vitest';
import { flip } from '../../perf/flip.ts';
import {
  coloredEdges,
  compareColor,
  compareLuma,
  luma,
  type Picture,
  psnrOf,
  squaredDifferenceError,
  squaredError,
} from '../../perf/metrics.ts';
import { convergenceOf } from '../../perf/pages/frames.ts';
import { boxShrink, crop, fitLength, resize } from '../../perf/resize.ts';

function picture(width: number, height: number, value: (x: number, y: number, c: number) => number): Picture {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = value(i % width, Math.floor(i / width), c);
  }
  return { width, height, data };
}

const gray = (level: number, width = 32, height = 24) => picture(width, height, () => level);

/** Waves and a checkerboard; `shift` and `noise` make the second picture. */
const waves = (shift: number, noise: boolean) =>
  picture(96, 64, (x, y, c) => {
    const wave = 100 * Math.sin(x * 0.3 + c + shift * 0.1) * Math.cos(y * 0.21 - c * 0.5);
    const checker = (((x + shift) >> 3) + (y >> 3)) & 1 ? 30 : 0;
    return 128 + wave + checker + (noise ? (x * 7 + y * 13) % 11 : 0);
  });

test('luma runs from 16 to 235', () => {
  expect(luma(gray(0))[0]).toBeCloseTo(16, 9);
  expect(luma(gray(255))[0]).toBeCloseTo(235, 9);
});

test('identical pictures: SSIM 1, FLIP 0, PSNR at its ceiling', () => {
  const a = waves(0, false);
  expect(compareLuma(a, a, 2)).toEqual({ psnr: 100, ssim: 1 });
  expect(flip(a, a)).toBe(0);
});

test('a difference of one level everywhere is 48.13 dB', () => {
  expect(psnrOf(squaredError(gray(100), gray(101)))).toBeCloseTo(48.1308, 4);
});

test('PSNR, SSIM and FLIP agree with independent implementations', () => {
  // Reference values: the same pictures through scipy's two-dimensional convolutions and the published FLIP definition.
  const { psnr, ssim } = compareLuma(waves(1, true), waves(0, false), 2);
  expect(psnr).toBeCloseTo(27.4501851, 6);
  expect(ssim).toBeCloseTo(0.8850247095, 8);
  expect(flip(waves(1, true), waves(0, false))).toBeCloseTo(0.19895855, 6);
});

test('FLIP of black against white is nearly 1, and small for a small change', () => {
  expect(flip(gray(0), gray(255))).toBeGreaterThan(0.95);
  expect(flip(gray(128), gray(130))).toBeLessThan(0.06);
});

test('coloured edges are where chroma changes, and not where only luma does', () => {
  const edgesOf = (left: number[], right: number[]) =>
    coloredEdges(picture(16, 8, (x, _, c) => (x < 8 ? left : right)[c]!)).reduce((sum, edge) => sum + edge, 0);
  // The columns at both sides of the step, the outermost rows left out.
  expect(edgesOf([255, 0, 0], [0, 0, 255])).toBe(12);
  expect(edgesOf([255, 255, 255], [0, 0, 0])).toBe(0);
  // Cb alone changes, by 16 levels a pixel and by 7.
  expect(edgesOf([100, 100, 100], [100, 100, 136])).toBe(12);
  expect(edgesOf([100, 100, 100], [100, 100, 114])).toBe(0);
});

test('the PSNR of coloured edges is that of their pixels alone, and left out where there are none', () => {
  const truth = picture(64, 32, (x, _, c) => ((c === 0) === x < 32 ? 200 : 40));
  const off = picture(64, 32, (x, _, c) => ((c === 0) === x < 32 ? 200 : 40) + (x === 31 || x === 32 ? 10 : 0));
  const { rgbPsnr, edgePsnr } = compareColor(off, truth, 2);
  expect(edgePsnr).toBeCloseTo(psnrOf(100), 9);
  expect(rgbPsnr).toBeCloseTo(psnrOf((100 * 2) / 60), 9);
  expect(compareColor(gray(100), gray(101), 2)).toEqual({ rgbPsnr: psnrOf(1) });
});

test('pictures of different sizes are not compared', () => {
  expect(() => compareLuma(gray(0), gray(0, 30, 24), 0)).toThrow('upframe: pictures of 32x24 and 30x24');
});

test('an error that stands still costs no temporal PSNR; one that flickers does', () => {
  const truth = gray(100);
  const off = gray(110);
  expect(squaredDifferenceError(off, off, truth, truth)).toBe(0);
  expect(squaredDifferenceError(off, truth, truth, truth)).toBe(100);
});

test('convergence counts frames from a cut until within 0.5 dB of the settled value', () => {
  const settled = Array.from({ length: 12 }, () => 30);
  expect(convergenceOf([...settled, 20, 25, 29, 29.6, ...settled], [12])).toBe(3);
  expect(convergenceOf(settled, [])).toBeNull();
});

test('shrinking by two uses the taps of MATLAB imresize', () => {
  // A column of 228 on 100: what it adds are the taps -3, 29, 111, -9 (of 256) that meet it, times 128.
  const { data } = resize(
    picture(32, 32, (x) => (x === 16 ? 228 : 100)),
    16,
    32,
  );
  const row = Array.from({ length: 16 }, (_, x) => data[(16 * 16 + x) * 4]);
  expect(row.slice(5, 11)).toEqual([100, 98, 114, 156, 96, 100]);
});

test('resizing keeps a flat picture flat, at any ratio', () => {
  for (const [width, height] of [
    [16, 12],
    [23, 17],
    [64, 48],
  ] as const) {
    const { data } = resize(gray(77), width, height);
    expect(data.every((value, i) => value === (i % 4 === 3 ? 255 : 77))).toBe(true);
  }
});

test('a box filter gives the mean of a block', () => {
  const halves = picture(8, 8, (x) => (x % 2 ? 200 : 100));
  expect(boxShrink(halves, 4).data[0]).toBe(150);
});

test('lengths are cut to a multiple of the ratio', () => {
  expect(fitLength(481, 2)).toEqual({ display: 480, render: 240 });
  expect(fitLength(100, 3)).toEqual({ display: 99, render: 33 });
  expect(fitLength(100, 1.5)).toEqual({ display: 99, render: 66 });
  expect(fitLength(854, 2, 2)).toEqual({ display: 852, render: 426 });
  expect(fitLength(100, 1)).toEqual({ display: 100, render: 100 });
  expect(crop(gray(5), 30, 24).width).toBe(30);
});
