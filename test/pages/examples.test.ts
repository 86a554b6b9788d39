import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { examples } from '../../demos/examples/list.ts';
import { closePage } from '../page.ts';
import { type Area, difference, expectPicture, look, openDemo, shot, waitForData } from './look.ts';

/** A part of the picture that nothing lies over, in a window of 900 x 600. */
const PART: Area = { x: 430, y: 170, width: 250, height: 250 };

/** That part, once the frames after a change have gathered. */
async function picture(page: Page): Promise<string> {
  for (let i = 0; i < 12; i++) await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  return shot(page, PART);
}

test.for(examples)('example $name shows a picture, and T another way of making it', async ({ name, title }) => {
  const page = await openDemo(`/demos/examples/${name}.html?size=480x270&time=2`, 900, 600);
  expect(await page.$eval('h1', (heading) => heading.textContent)).toBe(title);
  const upscaled = await picture(page);
  expectPicture(await look(page, PART));
  await page.keyboard.press('t');
  await waitForData(page, 'shows', 'native');
  const native = await picture(page);
  // The same picture, but not the same pixels.
  const apart = await difference(page, upscaled, native);
  expect(apart).toBeGreaterThan(0.15);
  expect(apart).toBeLessThan(30);
  await page.keyboard.press('t');
  await waitForData(page, 'shows', 'upscaled');
  expect(await difference(page, upscaled, await picture(page))).toBeLessThan(apart);
  await page.click('.example-links a');
  await page.waitForFunction(() =>
    document.querySelector('.example-source pre')?.textContent?.includes('upframe/three'),
  );
  await closePage(page);
});

test('sky is above ground', async () => {
  const page = await openDemo('/demos/examples/1-hello.html?size=480x270&time=2&ui=off', 900, 600);
  const { top, bottom } = await look(page, { x: 220, y: 170, width: 60, height: 250 });
  expect(top[2]! - top[0]!).toBeGreaterThan(bottom[2]! - bottom[0]! + 3);
});

test('the list names every example, and the demos lead to it', async () => {
  const page = await openDemo('/demos/examples/index.html', 1000, 700);
  const links = await page.$$eval('.example-list a', (nodes) => nodes.map((node) => node.getAttribute('href')));
  expect(links).toEqual(examples.map(({ name }) => `./${name}.html`));
  expect(await page.$eval('.nav a[aria-current]', (node) => node.textContent)).toBe('Examples');
});
