import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { VIEWS as INSPECT_VIEWS } from '../../src/render/inspect.ts';
import { inPage } from '../page.ts';
import {
  type Area,
  difference,
  exerciseSplit,
  expectPicture,
  look,
  openDemo,
  openWithoutWebGL2,
  shot,
  takeToast,
  waitForFigure,
} from './look.ts';

const CASES = '/test/pages/game.cases.ts';
const MIDDLE: Area = { x: 480, y: 230, width: 320, height: 240 };

/** The middle of the stage, after two more frames. */
async function picture(page: Page): Promise<string> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return shot(page, MIDDLE);
}

/** The middle of the stage once it rests: what gathers samples over frames needs some. */
async function settled(page: Page): Promise<string> {
  let last = await picture(page);
  for (;;) {
    const now = await picture(page);
    if ((await difference(page, last, now)) < 0.25) return now;
    last = now;
  }
}

const shows = (page: Page, method: string) =>
  page.waitForFunction((name) => document.querySelector('.hud-method')?.textContent === name, {}, method);

let page: Page;
beforeAll(async () => {
  page = await openDemo('/index.html?size=480x270&time=6&compare=off', 1280, 720);
});

test('the game shows a bright enough, varied street, sky above ground', async () => {
  const seen = await look(page, MIDDLE);
  expectPicture(seen);
  expect(seen.top[0]).toBeGreaterThan(seen.bottom[0]!);
});

test('T shows it natively and back, and the numbers follow', async () => {
  await shows(page, 'Upframe game-s');
  await waitForFigure(page, 'Render → display', /240×135 → 480×270/);
  const upscaled = await picture(page);
  await page.keyboard.press('t');
  await shows(page, 'Native');
  const native = await picture(page);
  // The same picture, but not the same pixels.
  const apart = await difference(page, upscaled, native);
  expect(apart).toBeGreaterThan(0.5);
  expect(apart).toBeLessThan(30);
  await page.keyboard.press('t');
  await shows(page, 'Upframe game-s');
});

test('M goes through the methods, and V looks inside what gathers', async () => {
  for (const shown of ['Upframe game-m', 'Native', 'Upframe image-s', 'Temporal', 'Upframe game-s']) {
    await page.keyboard.press('m');
    await shows(page, shown);
    expectPicture(await look(page, MIDDLE));
  }
  let last = await picture(page);
  for (const view of INSPECT_VIEWS) {
    await page.keyboard.press('v');
    const inside = await picture(page);
    // In a scene at rest next to nothing moves or is disoccluded: a few red spots on the same grey picture.
    expect(await difference(page, last, inside)).toBeGreaterThan(view === 'disocclusion' ? 0.1 : 2);
    if (view === 'error') expect(Math.max(...(await look(page, MIDDLE)).mean)).toBeLessThan(60);
    last = inside;
  }
  await page.keyboard.press('v');
  expectPicture(await look(page, MIDDLE));
});

test('quality against the truth arrives', async () => {
  const psnr = Number.parseFloat(await waitForFigure(page, 'PSNR', /[\d.]+ dB/));
  expect(psnr).toBeGreaterThan(10);
  expect(psnr).toBeLessThan(60);
});

test('the split can be dragged and moved by keys', async () => {
  await page.keyboard.press('c');
  await page.waitForSelector('.compare-handle', { visible: true });
  await exerciseSplit(page);
  await page.keyboard.press('c');
});

test('a dropped model is shown, a broken one is refused in words and the scene stays', async () => {
  await inPage(page, CASES, 'dropModel', true);
  await takeToast(page, 'knot.glb stands in the square');
  await inPage(page, CASES, 'dropModel', false);
  await takeToast(page, 'broken.glb');
  expectPicture(await look(page, MIDDLE));
});

// What gathers stops at slightly different pictures: its samples come in another order.
test.for([
  ['image-s', 1],
  ['game-s', 2],
] as const)('the game comes back as it was after a lost context: %s', async ([model, most]) => {
  const address = `/index.html?size=480x270&time=6&compare=off&ui=off&quality=off&model=${model}`;
  const game = await openDemo(address, 1280, 720);
  const before = await settled(game);
  await inPage(game, CASES, 'loseContext');
  expect(await difference(game, before, await settled(game))).toBeLessThan(most);
});

test('without WebGL2 the page says so', async () => {
  expect(await openWithoutWebGL2('/index.html')).toContain('WebGL2');
});
