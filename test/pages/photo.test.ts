import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import {
  difference,
  exerciseSplit,
  expectPicture,
  figure,
  look,
  openWithoutWebGL2,
  setControl,
  shot,
  takeToast,
  waitForData,
  waitForFigure,
  waitForReady,
} from './look.ts';

const LOOK = '/test/pages/look.cases.ts';
const CASES = '/test/pages/photo.cases.ts';
/** Between the plates: nothing but the picture. */
const MIDDLE = { x: 360, y: 120, width: 500, height: 500 };

let page: Page;
beforeAll(async () => {
  page = await openPage('/demos/photo/?model=image-s', { viewport: { width: 1280, height: 720 } });
  await waitForReady(page);
  await inPage(page, LOOK, 'catchDownloads');
});

const download = () =>
  page.evaluate(() => [...document.querySelectorAll('button')].find((b) => b.textContent === 'Download')!.click());

test('the page starts with a picture, upscaled, the right way up and better than bilinear', async () => {
  expect(await figure(page, 'Input → output')).toBe('720×405 → 1440×810');
  const psnr = await waitForFigure(page, 'PSNR', /dB/);
  const plain = await waitForFigure(page, 'Bilinear PSNR', /dB/);
  expect(Number.parseFloat(psnr)).toBeGreaterThan(Number.parseFloat(plain));
  const seen = await look(page, MIDDLE);
  expectPicture(seen);
  // Evening sky above, meadow below.
  expect(seen.top[2]!).toBeGreaterThan(seen.top[1]!);
  expect((await look(page, { x: 360, y: 640, width: 480, height: 70 })).mean[1]!).toBeGreaterThan(40);
});

test('the split moves by mouse and keyboard, and T shows the original alone', async () => {
  await exerciseSplit(page);
  const half = await shot(page, MIDDLE);
  await page.keyboard.press('t');
  await waitForData(page, 'upscaled', 'false');
  expect(await difference(page, half, await shot(page, MIDDLE))).toBeGreaterThan(0.5);
  await page.keyboard.press('t');
  await waitForData(page, 'upscaled', 'true');
});

test('the wheel zooms in about the pointer, and the button fits the window again', async () => {
  const before = await shot(page, MIDDLE);
  await page.mouse.move(600, 300);
  await page.mouse.wheel({ deltaY: -480 });
  await page.waitForFunction(() => /7\d\d %|6\d\d %/.test(document.querySelector('.actions .button')!.textContent!));
  expect(await difference(page, before, await shot(page, MIDDLE))).toBeGreaterThan(3);
  await page.click('.actions .button');
  expect(await difference(page, before, await shot(page, MIDDLE))).toBeLessThan(1);
});

test('ratio and method change the picture', async () => {
  await setControl(page, 'Method', 'Bicubic');
  await setControl(page, 'Ratio', '1.5');
  await waitForData(page, 'output', '1080x608');
  await page.waitForFunction(() => document.querySelector('.hud-method')!.textContent === 'Bicubic');
  expectPicture(await look(page, MIDDLE));
});

test('a dropped picture is upscaled and downloads at the right size, the right way round', async () => {
  await setControl(page, 'Ratio', '2');
  await setControl(page, 'Method', 'Upframe');
  await waitForData(page, 'output', '1440x810');
  await inPage(page, CASES, 'dropQuarters', 150, 90);
  await waitForData(page, 'output', '300x180');
  await download();
  const got = await inPage<{ name: string; type: string; size: number[]; corners: number[][] }>(
    page,
    LOOK,
    'takePicture',
  );
  expect(got).toMatchObject({ name: 'quarters-x2.png', type: 'image/png', size: [300, 180] });
  const wanted = [
    [224, 32, 32],
    [32, 192, 64],
    [32, 64, 224],
    [224, 208, 32],
  ];
  got.corners.forEach((corner, i) => {
    for (let c = 0; c < 3; c++) expect(Math.abs(corner[c]! - wanted[i]![c]!)).toBeLessThan(12);
    expect(corner[3]).toBe(255);
  });
});

test('a camera picture that lies on its side stands upright', async () => {
  await inPage(page, CASES, 'dropSideways', 60, 40);
  await waitForData(page, 'output', '120x80');
  await setControl(page, 'Download as', 'JPEG');
  await download();
  const got = await inPage<{ name: string; size: number[]; corners: number[][] }>(page, LOOK, 'takePicture');
  expect(got).toMatchObject({ name: 'side-x2.jpg', size: [120, 80] });
  const [red, green, blue] = got.corners;
  expect(red![0]!).toBeGreaterThan(red![1]! + 90);
  expect(green![1]!).toBeGreaterThan(green![0]! + 90);
  expect(blue![2]!).toBeGreaterThan(blue![0]! + 90);
});

test('a broken picture gives a message and the old one stays', async () => {
  const before = await shot(page, MIDDLE);
  await inPage(page, LOOK, 'dropText', 'broken.png', 'image/png', 'not a picture');
  expect(await takeToast(page, 'broken.png')).toContain('not a picture');
  await inPage(page, LOOK, 'dropText', 'notes.txt', 'text/plain', 'hello');
  await takeToast(page, 'notes.txt');
  expect(await page.$eval('html', (html) => html.dataset.output)).toBe('120x80');
  expect(await difference(page, before, await shot(page, MIDDLE))).toBeLessThan(1);
});

test('24 megapixels show progress, leave the page alive, and can be cancelled', async () => {
  await inPage(page, CASES, 'dropLarge');
  await page.waitForFunction(
    () =>
      Number(document.querySelector<HTMLProgressElement>('.progress progress')?.value) >= 2 &&
      !document.querySelector<HTMLElement>('.progress')!.hidden,
  );
  expect(await figure(page, 'Input → output')).toBe('6000×4000 → 12000×8000');
  await page.click('.progress .button');
  await takeToast(page, 'Cancelled');
  expect(await page.$eval('.progress', (node) => (node as HTMLElement).hidden)).toBe(true);
});

test('tiles leave no seam', async () => {
  expect(await inPage(page, CASES, 'seams', [150, 131], { model: 'image-s', ratio: 2 })).toBeLessThan(0.005);
  expect(await inPage(page, CASES, 'seams', [101, 97], { model: 'image-s', ratio: 1.5 })).toBeLessThan(0.005);
  expect(await inPage(page, CASES, 'seams', [101, 97], { method: 'fsr1', ratio: 2.25 })).toBeLessThan(0.005);
});

test('without WebGL2 the page says so', async () => {
  expect(await openWithoutWebGL2('/demos/photo/')).toContain('WebGL2');
});
