import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage, takeProblems } from '../page.ts';

let page: Page;
beforeAll(async () => {
  page = await openPage();
});

test('WebGL2 draws in the browser', async () => {
  const result = await inPage<{ renderer: string; pixel: number[] }>(page, '/test/gpu/harness.cases.ts', 'drawOrange');
  expect(result.pixel).toEqual([255, 128, 0, 255]);
  expect(result.renderer).not.toBe('');
});

test('what a page draws is on the screenshot', async () => {
  const png = await page.screenshot({ encoding: 'base64' });
  const { mean } = await inPage<{ mean: number[] }>(page, '/test/gpu/harness.cases.ts', 'meanColor', png);
  expect(mean[0]).toBeGreaterThan(50);
});

test('an error in a module comes back with its message', async () => {
  await expect(inPage(page, '/test/gpu/harness.cases.ts', 'fails')).rejects.toThrow('on purpose');
});

test('console errors and WebGL errors of the page are noticed', async () => {
  await inPage(page, '/test/gpu/harness.cases.ts', 'complains');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const problems = takeProblems(page);
  expect(problems.some((text) => text.includes('a console error'))).toBe(true);
  expect(problems.some((text) => text.includes('INVALID_ENUM'))).toBe(true);
});
