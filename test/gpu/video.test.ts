import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import { type Area, look, shot } from '../pages/look.ts';

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

test('chroma follows luma wholly where a frame has it at half the resolution, and luma stays', async () => {
  const { luma, blue } = await inPage<{ luma: number; blue: number }>(page, CASES, 'chroma');
  expect(luma).toBeLessThan(1); // rounding of red, green and blue
  expect(blue).toBeGreaterThan(8);
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
  const result = await inPage<{ size: number[]; error: string; hidden: boolean; methods: string[] }>(
    page,
    CASES,
    'element',
  );
  expect(result.size).toEqual([320, 192]);
  expect(result.methods).toEqual(['lanczos', 'network']);
  expect(result.error).toContain("option 'ratio' is 7");
  expect(result.hidden).toBe(true);
});

test('<upframe-video> minds attributes that change while it loads, and those put right', async () => {
  const result = await inPage<{ ratio: number; error: string; after: number }>(page, CASES, 'elementLoading');
  expect(result.ratio).toBe(1.5);
  expect(result.error).toContain("option 'ratio' is 7");
  expect(result.after).toBe(3);
});

test('<upframe-video controls> shows its controls over the upscaled picture', async () => {
  const bars: string[] = [];
  for (const controls of [false, true]) {
    const box = await inPage<Area>(page, CASES, 'elementOnPage', controls);
    bars.push(await shot(page, { ...box, y: box.height - 40, height: 40 }));
    const { mean } = await look(page, { ...box, y: 20, height: 20 });
    expect(mean[0]! - mean[2]!, 'the top is red').toBeGreaterThan(80);
  }
  expect(bars[0]).not.toBe(bars[1]);
});

test('<upframe-video poster> shows its poster until it plays', async () => {
  expect(await inPage(page, CASES, 'elementPoster')).toEqual([false, true]);
});

test('a source that may not be read is reported once, and the element shows the plain video until one may', async () => {
  const { messages, running, hidden } = await inPage<{ messages: string[]; running: boolean[]; hidden: boolean[] }>(
    page,
    CASES,
    'unreadable',
  );
  const message = 'upframe: the source cannot be read: The video element contains cross-origin data';
  expect(messages).toEqual([message, message]); // one for each start
  expect([running, hidden]).toEqual([
    [false, true],
    [true, false],
  ]);
});

test('what was still loading when it was disposed brings nothing back', async () => {
  expect(await inPage(page, CASES, 'lateModel')).toBe(0);
});

test('a source or a canvas that cannot work is refused in words', async () => {
  expect(await inPage(page, CASES, 'refused')).toContain('upframe: the source must be one of HTMLVideoElement');
  expect(await inPage(page, CASES, 'noContext')).toContain('no WebGL2 context');
});
