import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import type { Gain } from './color.cases.ts';

let page: Page;
beforeAll(async () => {
  page = await openPage();
});

const call = <T>(name: string, ...args: unknown[]) => inPage<T>(page, '/test/gpu/color.cases.ts', name, ...args);

// About two thirds of what was measured.
test.for([
  [2, 1.3],
  [1.5, 0.8],
  [3, 0.6],
])('at ratio %d chroma guided by luma beats bicubic chroma by %d dB, and luma stays', async ([ratio, least]) => {
  const { rgb, edges, luma } = await call<Gain>('gain', ratio);
  console.log(`ratio ${ratio}: RGB ${rgb.toFixed(2)}, coloured edges ${edges.toFixed(2)}, luma ${luma.toFixed(3)} dB`);
  expect(rgb).toBeGreaterThan(least!);
  expect(edges).toBeGreaterThan(least!);
  // Less colour is cut off at 0 and 255, which only helps.
  expect(luma).toBeGreaterThan(-0.01);
});

test('chroma out of a decoder follows luma wholly, and is closer to the truth', async () => {
  const gained = await call<number>('subsampledGain');
  console.log(`told that chroma is subsampled: RGB ${gained.toFixed(2)} dB`);
  expect(gained).toBeGreaterThan(0.5); // about two thirds of what was measured
});

test('files tell whether their chroma is subsampled', async () => {
  expect(await call('files')).toEqual({
    'JPEG 80': true,
    'JPEG 100': false,
    'WebP 80': true,
    'WebP, lossless': false,
    PNG: false,
    'cut short': false,
    empty: false,
  });
});

test.for([1, 1.5, 2])('greys stay exactly grey at ratio %d', async (ratio) => {
  expect(await call('greys', ratio)).toBe(0);
});

test('a network of colour keeps its own colours', async () => {
  expect(await call('ownColors')).toBe(0);
});

test('every value is a number from 0 to 1, whatever the picture', async () => {
  const { values, strays } = await call<{ values: number; strays: number }>('strays');
  expect(strays).toBe(0);
  expect(values).toBeGreaterThan(1000);
});

test('colour that fades out stays within its alpha', async () => {
  const { worst, clear } = await call<{ worst: number; clear: number }>('fading');
  expect(worst).toBeLessThanOrEqual(0);
  expect(clear).toBe(0);
});

// At ratio 1.5 positions are rounded, which now and then turns a value that stands half-way between two levels.
test.for([
  [2, 0],
  [1.5, 1],
])('tiles at ratio %d give the picture itself within %d levels', async ([ratio, most]) => {
  const { tiles, difference } = await call<{ tiles: number; difference: number }>('seams', ratio);
  expect(tiles).toBeGreaterThan(3);
  expect(difference).toBeLessThanOrEqual(most!);
});
