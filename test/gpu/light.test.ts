import type { Page } from 'puppeteer-core';
import { BasicShadowMap, PCFShadowMap, VSMShadowMap } from 'three';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import type { Relit } from './light.cases.ts';

const CASES = '/test/gpu/light.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

const report = (kind: string, { masked, unmasked, mask }: Relit): void =>
  console.log(
    `${kind}: ${masked.toFixed(2)} dB with, ${unmasked.toFixed(2)} dB without; mask ${mask.inside.toFixed(2)}`,
  );

test.for([
  ['sun', PCFShadowMap, { method: 'temporal' }, false],
  ['sun', BasicShadowMap, { method: 'temporal' }, false],
  ['sun', VSMShadowMap, { method: 'temporal' }, false],
  ['sun', PCFShadowMap, { method: 'temporal' }, true],
  ['sun', PCFShadowMap, { model: 'game-s' }, false],
  ['sun', PCFShadowMap, { model: 'game-m' }, false],
  ['spot', PCFShadowMap, { method: 'temporal' }, false],
  ['lamp', PCFShadowMap, { method: 'temporal' }, false],
  ['lamp', BasicShadowMap, { method: 'temporal' }, false],
  ['lamp', PCFShadowMap, { method: 'temporal' }, true],
] as const)('a shadow that moves does not smear (%o)', async ([kind, type, options, reversed]) => {
  const told = await inPage<Relit>(page, CASES, 'relit', kind, type, options, reversed);
  report(kind, told);
  expect(told).toMatchObject({ atRest: 0, panned: 0, untouched: true, error: 0, fallback: null });
  expect(told.mask.inside).toBeGreaterThan(0.4);
  expect(told.mask.outside).toBeLessThan(0.02);
  expect(told.masked).toBeGreaterThan(told.unmasked + 5);
});

test.for([
  ['bare lamp', { method: 'temporal' }, 7],
  ['bare spot', { method: 'temporal' }, 11],
  ['dimmed', { method: 'temporal' }, 4],
  ['bare lamp', { model: 'game-m' }, 6],
] as const)('light that moves does not lag (%o)', async ([kind, options, gain]) => {
  const told = await inPage<Relit>(page, CASES, 'relit', kind, PCFShadowMap, options);
  report(kind, told);
  expect(told).toMatchObject({ atRest: 0, panned: 0, untouched: true, error: 0, fallback: null });
  expect(told.masked).toBeGreaterThan(told.unmasked + gain);
});

test('a shadow map that is not drawn anew asks for no mask, whatever moves', async () => {
  expect(await inPage(page, CASES, 'drawnByHand')).toEqual({ masked: [6], error: 0 });
});
