import puppeteer, { type Browser, type Page, type Viewport } from 'puppeteer-core';
import { afterAll, afterEach, inject } from 'vitest';
import { callInPage } from '../perf/call.ts';

export interface PageOptions {
  viewport?: Viewport;
  /** Errors of the page that this test provokes on purpose. */
  expected?: RegExp[];
}

interface Open {
  page: Page;
  problems: string[];
}

let browser: Browser | undefined;
let pages: Open[] = [];

/** A WebGL call that went wrong shows as a mere warning in the console; here it is an error. */
const GL_PROBLEM = /INVALID_(ENUM|VALUE|OPERATION|FRAMEBUFFER)|OUT_OF_MEMORY|too many errors/;

/** The page `path` ('/test/blank.html' for work in modules) in the shared browser, ready for use. It closes after the file's tests. */
export async function openPage(path = '/test/blank.html', options: PageOptions = {}): Promise<Page> {
  browser ??= await puppeteer.connect({
    browserWSEndpoint: inject('browserEndpoint'),
    defaultViewport: null,
    protocolTimeout: 30 * 60_000,
  });
  const page = await browser.newPage();
  // Chromium draws no frames for a tab behind another: without this a test that opens a second page stops the first.
  const devtools = await page.createCDPSession();
  await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  await page.setViewport(options.viewport ?? { width: 800, height: 600 });
  const open: Open = { page, problems: [] };
  pages.push(open);
  const report = (text: string) => {
    if (!(options.expected ?? []).some((expected) => expected.test(text))) open.problems.push(text);
  };
  page.on('pageerror', (error) => report(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  page.on('console', (message) => {
    const text = `${message.text()} (${message.location().url ?? ''})`;
    if (message.type() === 'error' || (message.type() === 'warn' && GL_PROBLEM.test(text))) report(text);
  });
  page.on('error', (error) => report(`page crashed: ${error.message}`));
  const response = await page.goto(inject('serverUrl') + path, { waitUntil: 'load' });
  // 304: the browser has it from an earlier page of this run.
  if (response && !response.ok() && response.status() !== 304)
    throw new Error(`upframe: ${path} gave status ${response.status()}`);
  await page.bringToFront();
  return page;
}

/**
 * Imports a module in the page through Vite, calls one of its exports with JSON arguments, and gives back what it returns (JSON).
 * The module is TypeScript that runs in the real browser: `inPage<Result>(page, '/test/gpu/cases.ts', 'name', 1, 2)`.
 */
export function inPage<T = unknown>(page: Page, module: string, name: string, ...args: unknown[]): Promise<T> {
  return callInPage<T>(page, module, name, args);
}

/** What the page has complained about so far; reading it clears it, so a test that provokes errors can look at them. */
export function takeProblems(page: Page): string[] {
  return pages.find((open) => open.page === page)?.problems.splice(0) ?? [];
}

export async function closePage(page: Page): Promise<void> {
  pages = pages.filter((open) => open.page !== page);
  await page.close();
}

afterEach(() => {
  const problems = pages.flatMap((open) => open.problems.splice(0));
  if (problems.length > 0) throw new Error(`the page reported errors:\n${problems.join('\n')}`);
});

afterAll(async () => {
  for (const { page } of pages.splice(0)) await page.close().catch(() => {});
  await browser?.disconnect();
  browser = undefined;
});
