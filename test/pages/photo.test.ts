import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage } from '../page.ts';
import {
  difference,
  exerciseSplit,
  expectPicture,
  figure,
  look,
  openDemo,
  openWithoutWebGL2,
  setControl,
  shot,
  takeToast,
  waitForData,
  waitForFigure,
} from './look.ts';
import type { Trust } from './photo.cases.ts';

const LOOK = '/test/pages/look.cases.ts';
const CASES = '/test/pages/photo.cases.ts';
/** Between the plates: nothing but the picture. */
const MIDDLE = { x: 360, y: 120, width: 500, height: 500 };
/** The same left and right of the split in the middle of the page. */
const LEFT = { x: 360, y: 120, width: 220, height: 500 };
const RIGHT = { x: 700, y: 260, width: 220, height: 360 };

let page: Page;
beforeAll(async () => {
  page = await openDemo('/demos/photo/?model=image-s', 1280, 720);
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

test('V shows where the result departs from the picture, and files are as without it', async () => {
  const file = async () => {
    await download();
    return (await inPage<{ bytes: number }>(page, LOOK, 'takeDownload')).bytes;
  };
  const plain = [await shot(page, LEFT), await shot(page, RIGHT)] as const;
  const bytes = await file();
  await page.keyboard.press('v');
  await waitForData(page, 'trust', 'true');
  expect(await page.$eval('.trust-figures', (line) => line.textContent)).toMatch(/^\d.* % of pixels .* \d\d\.\d dB$/);
  expect(Number.parseFloat(await figure(page, 'Consistency'))).toBeGreaterThan(30);
  expect(await difference(page, plain[0], await shot(page, LEFT))).toBeLessThan(1);
  const against = await shot(page, RIGHT);
  expect(await difference(page, plain[1], against)).toBeGreaterThan(20);
  expect(await file()).toBe(bytes);
  await page.click('.trust [data-kind="addition"]');
  await waitForData(page, 'trustKind', 'addition');
  expect(await difference(page, against, await shot(page, RIGHT))).toBeGreaterThan(1);
  await page.click('.trust [data-kind="departure"]');
  await page.keyboard.press('v');
  await waitForData(page, 'trust', 'false');
  expect(await difference(page, plain[1], await shot(page, RIGHT))).toBeLessThan(1);
});

test('the trust map is the result shrunk back against the input, and the same in tiles', async () => {
  const measure = (options: object) => inPage<Trust>(page, CASES, 'trust', [104, 96], options);
  const network = await measure({ model: 'image-s', ratio: 2 });
  const nearest = await measure({ method: 'nearest', ratio: 2.25 });
  const bicubic = await measure({ method: 'bicubic', ratio: 1.5 });
  for (const result of [network, nearest, bicubic]) {
    expect(result.tiles).toBeGreaterThan(4);
    // The CPU rounds what it has shrunk to whole levels.
    expect(result.worst).toBeLessThan(1);
    expect(result.departure).toBeGreaterThan(0.1);
  }
  expect(network.addition).toBeGreaterThan(1);
  expect(nearest.addition).toBeGreaterThan(1);
  // Nothing but rounding to bytes.
  expect(bicubic.addition).toBeLessThan(0.4);
});

test('each model says what it is for, and one that invents says so and leads to the trust view', async () => {
  const cards = await inPage<{ model: string; summary: string; invents: boolean }[]>(page, CASES, 'cards');
  for (const { model, summary, invents } of cards) {
    expect(summary, model).not.toBe('');
    expect(invents, model).toBe(/gan/.test(model));
  }
  const shown = await page.$eval('.hud-about', (line) => line.textContent);
  expect(shown).toBe(cards.find(({ model }) => model === 'image-s')!.summary);
  expect(await inPage(page, CASES, 'warningFor', false)).toEqual({ text: '', leads: false });
  const { text, leads } = await inPage<{ text: string; leads: boolean }>(page, CASES, 'warningFor', true);
  expect(text).toContain('invents');
  expect(leads).toBe(true);
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
