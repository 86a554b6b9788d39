import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

const CASES = '/test/gpu/life.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

test('10,000 frames with every kind of change leave no GPU object and no GL error behind', {
  timeout: 240_000,
}, async () => {
  const result = await inPage<{ before: object; after: object; end: object; error: number }>(
    page,
    CASES,
    'longLife',
    10_000,
  );
  expect(result.error).toBe(0);
  expect(result.after).toEqual(result.before);
  expect(result.end).toEqual([]);
});

test.for(['sceneLosses', 'videoLosses'])(
  '%s: the picture comes back after each of 20 lost contexts',
  { timeout: 180_000 },
  async (name) => {
    const result = await inPage<{ brightness: number[]; live: object[]; errors: number[]; fallback: unknown }>(
      page,
      CASES,
      name,
      20,
    );
    expect(result.brightness).toHaveLength(21);
    for (const value of result.brightness) expect(Math.abs(value - result.brightness[0]!)).toBeLessThan(1);
    expect(result.brightness[0]).toBeGreaterThan(20);
    for (const live of result.live.slice(1)) expect(live).toEqual(result.live[1]);
    expect(new Set(result.errors)).toEqual(new Set([0]));
    expect(result.fallback).toBeNull();
  },
);
