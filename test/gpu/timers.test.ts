import { expect, inject, test } from 'vitest';
import { type Gl, launchBrowser } from '../../perf/browser.ts';
import { callInPage } from '../../perf/call.ts';
import type { Stats } from '../../src/index.ts';

/** 'none' is a browser with no graphics flag: SwiftShader without timer queries. */
test.for<[Gl, Stats['gpu']['source']]>([
  ['swiftshader', 'gpu'],
  ['none', 'wall'],
])("with --gl %s the picture is right and its cost is known, labelled '%s'", async ([gl, source]) => {
  const browser = await launchBrowser({ gl });
  try {
    const page = await browser.newPage();
    await page.goto(`${inject('serverUrl')}/test/blank.html`);
    const result = await callInPage<{ queries: boolean; stats: Stats; psnr: number }>(
      page,
      '/test/gpu/timers.cases.ts',
      'timed',
      [],
    );
    expect(result.queries).toBe(source === 'gpu');
    expect(result.stats.gpu.source).toBe(source);
    expect(result.stats.fallback).toBeNull();
    expect(result.psnr).toBeGreaterThan(20);
  } finally {
    await browser.close();
  }
});
