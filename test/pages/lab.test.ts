import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage } from '../page.ts';
import {
  difference,
  exerciseSplit,
  expectPicture,
  look,
  openDemo,
  openWithoutWebGL2,
  shot,
  waitForData,
} from './look.ts';

const LOOK = '/test/pages/look.cases.ts';
const METHODS = ['bilinear', 'image-s', 'native'];

interface Row {
  method: string;
  ratio: number;
  psnr: number;
  ssim: number;
  ms: number;
}

let page: Page;
beforeAll(async () => {
  page = await openDemo(
    `/demos/lab/?auto=1&size=192x108&frames=2&samples=0&ratios=2&scene=fence&methods=${METHODS}`,
    1200,
    1700,
  );
});

const button = (text: string) =>
  page.evaluate(
    (wanted) => [...document.querySelectorAll('button')].find((b) => b.textContent === wanted)!.click(),
    text,
  );

test('a run by itself gives a point for every method, with figures that make sense', async () => {
  await waitForData(page, 'done', 'true');
  expect(await page.$$eval('.mark', (marks) => marks.length)).toBe(2 * METHODS.length);
  expect(await page.$$eval('.results tbody tr', (rows) => rows.length)).toBe(METHODS.length);
  await inPage(page, LOOK, 'catchDownloads');
  await button('Download JSON');
  const { name, text } = await inPage<{ name: string; text: string }>(page, LOOK, 'takeDownload');
  expect(name).toBe('upframe-lab-fence-192x108.json');
  const { environment, rows } = JSON.parse(text) as { environment: Record<string, string>; rows: Row[] };
  expect(environment.renderer).not.toBe('');
  expect(rows.map(({ method }) => method).sort()).toEqual([...METHODS].sort());
  for (const { method, ratio, psnr, ssim, ms } of rows) {
    expect(ratio).toBe(method === 'native' ? 1 : 2);
    expect(psnr).toBeGreaterThan(10);
    expect(psnr).toBeLessThan(60);
    expect(ssim).toBeGreaterThan(0.2);
    expect(ssim).toBeLessThanOrEqual(1);
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThan(60_000);
  }
  const of = (method: string) => rows.find((row) => row.method === method)!;
  expect(of('native').psnr).toBeGreaterThan(of('bilinear').psnr);
});

test('hovering a point shows its figures and lights its row', async () => {
  await page.hover('.mark[data-key="image-s 2"] .target');
  await page.waitForSelector('.tip:not([hidden])');
  expect(await page.$eval('.tip', (tip) => tip.textContent)).toMatch(/image-s ×2.*96×54 rendered.*ms.*PSNR \d\d/);
  expect(await page.$eval('tr.is-lit', (row) => row.getAttribute('data-key'))).toBe('image-s 2');
});

test('two ways can be looked at side by side, the right way up', async () => {
  await page.click('tr[data-key="native 1"]');
  await exerciseSplit(page);
  await page.$eval('.look-stage', (stage) => stage.scrollIntoView({ block: 'start' }));
  const stage = await page.$('.look-canvas');
  const { x, y, width, height } = (await stage!.boundingBox())!;
  const area = { x, y: y + 60, width, height: height - 60 };
  const seen = await look(page, area);
  expectPicture(seen);
  // Blue sky above, paving below.
  expect(seen.top[2]!).toBeGreaterThan(seen.top[0]! + 8);
  expect(seen.bottom[2]!).toBeLessThan(seen.bottom[0]!);
  const split = await shot(page, area);
  await page.keyboard.press('t');
  await page.waitForFunction(() => document.querySelector<HTMLElement>('.look-stage .compare')!.hidden);
  expect(await difference(page, split, await shot(page, area))).toBeGreaterThan(0.5);
});

test('a run can be stopped and keeps what it has', async () => {
  await button('Start again');
  await page.waitForFunction(() => Number(document.documentElement.dataset.points) >= 1);
  await button('Stop');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('button')].some((b) => b.textContent === 'Start again'),
  );
  expect(await page.$$eval('.results tbody tr', (rows) => rows.length)).toBeGreaterThan(0);
});

test('without WebGL2 the page says so', async () => {
  expect(await openWithoutWebGL2('/demos/lab/')).toContain('WebGL2');
});
