import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

const CASES = '/test/gpu/video.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

interface Shown {
  size: number[];
  top: number[];
  bottom: number[];
}

function expectRedOverBlue({ top, bottom }: Shown, name: string): void {
  const near = (color: number[], [r, g, b]: [number, number, number]) =>
    [r, g, b].every((value, i) => Math.abs(color[i]! - value) < 24) && color[3] === 255;
  expect(near(top, [192, 32, 32]), `${name}: top ${top}`).toBe(true);
  expect(near(bottom, [32, 32, 192]), `${name}: bottom ${bottom}`).toBe(true);
}

test('a video, canvas, bitmap, frame and stream each show right side up, in their colours', async () => {
  const result = await inPage<Record<string, Shown>>(page, CASES, 'kinds');
  expect(Object.keys(result)).toEqual(['video', 'canvas', 'bitmap', 'frame', 'stream']);
  for (const [name, picture] of Object.entries(result)) {
    expect(picture.size, name).toEqual(name === 'video' ? [240, 144] : [320, 192]);
    expectRedOverBlue(picture, name);
  }
});

test('a webcam is shown at twice its size, by the network for video', async () => {
  const { size, source, model } = await inPage<{ size: number[]; source: number[]; model: string }>(
    page,
    CASES,
    'webcam',
  );
  expect(size).toEqual(source.map((pixels) => pixels * 2));
  expect(model).toBe('video-s');
});

test('pause, seek, a new ratio and a new source just work', async () => {
  const result = await inPage<{ paused: Shown; seeked: number; other: number[]; ratio: number[] }>(
    page,
    CASES,
    'transport',
  );
  expectRedOverBlue(result.paused, 'paused');
  expect(result.seeked).toBeCloseTo(0, 1);
  expect(result.ratio).toEqual([480, 288]);
  expect(result.other).toEqual([288, 192]);
});

test('captureStream gives the upscaled picture', async () => {
  expect(await inPage(page, CASES, 'captured')).toEqual({ size: [320, 192] });
});

test('a frame makes one upload, creates nothing and waits for nothing', async () => {
  const { costly, uploads, frames } = await inPage<{ costly: string[]; uploads: number; frames: number }>(
    page,
    CASES,
    'perFrame',
  );
  expect(costly).toEqual([]);
  expect(Math.abs(uploads - frames)).toBeLessThanOrEqual(1);
});

test('<upframe-video> takes attributes, changes live, and reports bad ones', async () => {
  const result = await inPage<{ size: number[]; error: string; hidden: boolean; method: string }>(
    page,
    CASES,
    'element',
  );
  expect(result.size).toEqual([320, 192]);
  expect(result.method).toBe('lanczos');
  expect(result.error).toContain("option 'ratio' is 7");
  expect(result.hidden).toBe(true);
});

test('a source that may not be read is reported once, and the element shows the plain video', async () => {
  const { messages, running, hidden } = await inPage<{ messages: string[]; running: boolean; hidden: boolean }>(
    page,
    CASES,
    'unreadable',
  );
  expect(messages).toEqual(['upframe: the source cannot be read: The video element contains cross-origin data']);
  expect([running, hidden]).toEqual([false, true]);
});

test('a source or a canvas that cannot work is refused in words', async () => {
  expect(await inPage(page, CASES, 'refused')).toContain('upframe: the source must be one of HTMLVideoElement');
  expect(await inPage(page, CASES, 'noContext')).toContain('no WebGL2 context');
});
