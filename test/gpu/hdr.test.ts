import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import type { sceneLight, textureLight } from './hdr.cases.ts';

const CASES = '/test/gpu/hdr.cases.ts';

let page: Page;
beforeAll(async () => {
  page = await openPage('/test/blank.html');
});

type Result<Case extends () => Promise<unknown>> = Awaited<ReturnType<Case>>;

test('into a target of floats a scene is drawn as light, by every method', async () => {
  const seen = await inPage<Result<typeof sceneLight>>(page, CASES, 'sceneLight');
  expect(seen.messages).toEqual([]);
  expect(seen.error).toBe(0);
  // 16-bit floats, encoded and decoded.
  expect(seen.same).toBeLessThan(0.02);
  const { native, lanczos, temporal, network } = seen.psnr;
  expect(lanczos).toBeGreaterThan(30);
  expect(temporal).toBeGreaterThan(native! + 8);
  expect(network).toBeGreaterThan(native! + 8);
  expect(seen.split).toBeGreaterThan(30);
  // The lamp's light is 40: no method takes any from it, and sharpening adds none.
  expect(Math.min(...seen.brightest)).toBeGreaterThan(35);
  expect(Math.max(...seen.brightest)).toBeLessThan(45);
  // The next offset of the jitter, and not a trace of light.
  expect(seen.afresh).toBeGreaterThan(25);
  expect(seen.onCanvas).toBeLessThanOrEqual(1);
});

test("a pipeline's own light is gathered; what is no number does not spread; a canvas is refused", async () => {
  const seen = await inPage<Result<typeof textureLight>>(page, CASES, 'textureLight');
  expect(seen.error).toBe(0);
  expect(seen.finite).toBe(true);
  expect(seen.lamp).toBeGreaterThan(20);
  expect(seen.refused).toContain('upframe: a frame with hdr needs a framebuffer of floats');
});
