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

const LOOK = '/test/pages/look.cases.ts';
const CASES = '/test/pages/stream.cases.ts';
/** Beside the plates: nothing but the picture. */
const MIDDLE = { x: 350, y: 110, width: 400, height: 320 };

let page: Page;
beforeAll(async () => {
  page = await openDemo('/demos/stream/?size=320x180&kbps=1500', 1024, 576);
});

const choose = (kind: string) => page.click(`.chooser [data-kind="${kind}"]`);

/** Until the upscaler has drawn what the present source shows. */
const untilSeen = async (right: (seen: Awaited<ReturnType<typeof look>>) => boolean) => {
  for (;;) {
    const seen = await look(page, MIDDLE);
    if (right(seen)) return seen;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
};

test('the game comes through a peer connection and is shown, moving', async () => {
  await waitForData(page, 'source', 'loopback');
  await waitForFigure(page, 'Received', /^320×180 .*VP9$/);
  expect(Number.parseInt(await waitForFigure(page, 'Bitrate', /[1-9]\d* kbit/), 10)).toBeGreaterThan(5);
  expect(await figure(page, 'Render → display')).toBe('320×180 → 640×360');
  const first = await shot(page, MIDDLE);
  expectPicture(await look(page, MIDDLE));
  for (;;) if ((await difference(page, first, await shot(page, MIDDLE))) > 1) break;
});

test('the split moves by mouse and keyboard, and T shows the received picture alone', async () => {
  await page.keyboard.press('k');
  await exerciseSplit(page);
  const half = await shot(page, MIDDLE);
  await page.keyboard.press('t');
  await waitForData(page, 'upscaled', 'false');
  await page.waitForFunction(() => document.querySelector('.hud-method')!.textContent === 'Bilinear');
  expect(await difference(page, half, await shot(page, MIDDLE))).toBeGreaterThan(0.2);
  await page.keyboard.press('t');
  await waitForData(page, 'upscaled', 'true');
  await page.keyboard.press('k');
});

test('another codec and another size arrive without a new page', async () => {
  await setControl(page, 'Codec', 'VP8');
  await waitForFigure(page, 'Received', /VP8$/);
  await setControl(page, 'Most kbit/s', '300');
  await setControl(page, 'Game sent at', '480x270');
  await setControl(page, 'Ratio', '1.5');
  await waitForFigure(page, 'Render → display', /480×270 → 720×405/);
  expectPicture(await look(page, MIDDLE));
});

test('the webcam takes over, and a refused one does not', async () => {
  await inPage(page, CASES, 'watchCamera');
  const before = await shot(page, MIDDLE);
  await choose('webcam');
  await waitForData(page, 'source', 'webcam');
  await page.waitForFunction(() => document.querySelector('.chooser [data-kind="webcam"]')!.ariaPressed === 'true');
  for (;;) if ((await difference(page, before, await shot(page, MIDDLE))) > 8) break;
  expect(await inPage(page, CASES, 'trackStates')).toEqual(['live']);
  await inPage(page, CASES, 'refuse', 'getDisplayMedia');
  await choose('screen');
  expect(await takeToast(page, 'not allowed')).toContain('the old picture stays');
  expect(await page.$eval('html', (html) => html.dataset.source)).toBe('webcam');
});

test('a dropped clip plays, the right way up, and the camera is let go', async () => {
  await inPage(page, CASES, 'dropClip', 160, 90);
  await waitForData(page, 'source', 'clip');
  const seen = await untilSeen(({ top, bottom }) => top[0]! > 120 && bottom[2]! > 120);
  expect(seen.top[2]!).toBeLessThan(110);
  expect(seen.bottom[0]!).toBeLessThan(110);
  expect(await inPage(page, CASES, 'trackStates')).toEqual(['ended']);
  await waitForFigure(page, 'Received', /^160×90/);
  await page.click('.transport .button');
  await page.waitForFunction(() => document.querySelector('.transport .button')!.textContent === 'Play');
});

test('a broken clip gives a message and the old picture stays', async () => {
  await inPage(page, LOOK, 'dropText', 'broken.webm', 'video/webm', 'not a clip');
  await takeToast(page, 'broken.webm');
  await inPage(page, LOOK, 'dropText', 'notes.txt', 'text/plain', 'hello');
  await takeToast(page, 'notes.txt');
  expect(await page.$eval('html', (html) => html.dataset.source)).toBe('clip');
  const seen = await look(page, MIDDLE);
  expect(seen.top[0]!).toBeGreaterThan(120);
});

test('a shared screen is shown the right way round', async () => {
  await inPage(page, CASES, 'shareScreen');
  await choose('screen');
  await waitForData(page, 'source', 'screen');
  const seen = await untilSeen(({ left, right }) => left[0]! < 110 && right[0]! > 200);
  expect(seen.left[1]!).toBeGreaterThan(150);
});

test('what is shown can be recorded', async () => {
  await inPage(page, LOOK, 'catchDownloads');
  const record = () => page.evaluate(() => document.querySelectorAll<HTMLElement>('.actions .button')[1]!.click());
  await record();
  // The button tells how much there is so far.
  await page.waitForFunction(() => /\d kB|\d MB/.test(document.querySelector('.is-recording')?.textContent ?? ''));
  await record();
  const clip = await inPage<{ name: string; type: string; bytes: number }>(page, LOOK, 'takeDownload');
  expect(clip.name).toBe('upframe.webm');
  expect(clip.type).toContain('video/');
  expect(clip.bytes).toBeGreaterThan(500);
});

test('without WebGL2 the page says so', async () => {
  expect(await openWithoutWebGL2('/demos/stream/')).toContain('WebGL2');
});
