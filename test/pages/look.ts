import type { Page } from 'puppeteer-core';
import { expect } from 'vitest';
import { inPage, openPage } from '../page.ts';
import type { Seen } from './look.cases.ts';

const CASES = '/test/pages/look.cases.ts';

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const shot = (page: Page, clip?: Area): Promise<string> =>
  page.screenshot({ encoding: 'base64', ...(clip && { clip }) }) as Promise<string>;

/** What a screenshot shows, or a part of one. */
export async function look(page: Page, clip?: Area): Promise<Seen> {
  return inPage<Seen>(page, CASES, 'see', await shot(page, clip));
}

export const difference = (page: Page, a: string, b: string) => inPage<number>(page, CASES, 'difference', a, b);

/** Neither black nor of one colour. */
export function expectPicture(seen: Seen): void {
  expect(Math.max(...seen.mean)).toBeGreaterThan(20);
  expect(seen.deviation).toBeGreaterThan(10);
}

/** The demo at an address, in a window of that many pixels, once it shows its first good frame. */
export async function openDemo(path: string, width: number, height: number): Promise<Page> {
  const page = await openPage(path, { viewport: { width, height } });
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', { timeout: 110_000 });
  return page;
}

/** Waits until `data-<name>` of the document is the value. */
export const waitForData = (page: Page, name: string, value: string) =>
  page.waitForFunction((n, v) => document.documentElement.dataset[n] === v, { timeout: 55_000 }, name, value);

/** Waits for a message whose text has the part, and takes it away. */
export async function takeToast(page: Page, part: string): Promise<string> {
  const handle = await page.waitForFunction(
    (text) => {
      const toast = [...document.querySelectorAll('.toast')].find((node) => node.textContent?.includes(text));
      toast?.remove();
      return toast?.textContent ?? null;
    },
    { timeout: 55_000 },
    part,
  );
  return (await handle.jsonValue()) as string;
}

/** The figure beside a name on the plate of numbers. */
export const figure = (page: Page, label: string): Promise<string> =>
  page.evaluate((name) => {
    const term = [...document.querySelectorAll('.hud dt')].find((node) => node.textContent === name);
    return term?.nextElementSibling?.textContent ?? '';
  }, label);

/** Waits until that figure satisfies the pattern, and gives it back. */
export async function waitForFigure(page: Page, label: string, pattern: RegExp): Promise<string> {
  const handle = await page.waitForFunction(
    (name, source) => {
      const term = [...document.querySelectorAll('.hud dt')].find((node) => node.textContent === name);
      const text = term?.nextElementSibling?.textContent ?? '';
      return new RegExp(source).test(text) ? text : null;
    },
    { timeout: 55_000 },
    label,
    pattern.source,
  );
  return (await handle.jsonValue()) as string;
}

/** Sets a control of the panel by its name: a number field or a list (by the text of its entry). */
export const setControl = (page: Page, name: string, value: string) =>
  page.evaluate(
    (label, wanted) => {
      const rows = [...document.querySelectorAll('.lil-gui .lil-controller')];
      const row = rows.find((node) => node.querySelector('.lil-name')?.textContent === label);
      const field = row?.querySelector<HTMLInputElement | HTMLSelectElement>('select, input');
      if (!field) throw new Error(`no control '${label}'`);
      if (field instanceof HTMLSelectElement) {
        field.selectedIndex = [...field.options].findIndex((option) => option.textContent === wanted);
        if (field.selectedIndex < 0) throw new Error(`no entry '${wanted}' in '${label}'`);
        field.dispatchEvent(new Event('change', { bubbles: true }));
      } else {
        field.value = wanted;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      }
    },
    name,
    value,
  );

/** The position of the compare split, 0 to 100. */
export const splitOf = (page: Page) =>
  page.$eval('.compare-handle', (handle) => Number(handle.getAttribute('aria-valuenow')));

/** Drags the split to a share of its own width and checks that it went there; then by keyboard to the left edge and back. */
export async function exerciseSplit(page: Page): Promise<void> {
  const area = (await (await page.$('.compare'))!.boundingBox())!;
  const handle = (await (await page.$('.compare-handle'))!.boundingBox())!;
  await page.mouse.move(handle.x + handle.width / 2, area.y + area.height / 3);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.25, area.y + area.height / 3, { steps: 3 });
  await page.mouse.up();
  expect(Math.abs((await splitOf(page)) - 25)).toBeLessThanOrEqual(1);
  await page.focus('.compare-handle');
  await page.keyboard.press('Home');
  expect(await splitOf(page)).toBe(0);
  await page.keyboard.press('End');
  expect(await splitOf(page)).toBe(100);
  for (let i = 0; i < 5; i++) {
    await page.keyboard.down('Shift');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.up('Shift');
  }
  expect(await splitOf(page)).toBe(50);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
}

/** Opens the page as a browser without WebGL2 would, and gives back what it says. */
export async function openWithoutWebGL2(path: string): Promise<string> {
  const page = await openPage();
  await page.evaluateOnNewDocument(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind === 'webgl2' ? null : (getContext as (...args: unknown[]) => unknown).call(this, kind, ...rest);
    } as typeof getContext;
  });
  await page.goto(new URL(path, page.url()).href);
  await page.waitForSelector('.fatal');
  const text = await page.$eval('.fatal', (box) => box.textContent ?? '');
  await page.close();
  return text;
}
