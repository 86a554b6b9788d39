import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Encoding } from '../../perf/pages/codec.ts';
import type { FrameFigures } from '../../perf/pages/frames.ts';
import type { VideoSetup } from '../../perf/pages/video.ts';
import { fileUrl } from '../../perf/paths.ts';
import { closePage, inPage, openPage } from '../page.ts';
import { drawing, run, succeed, temporary, writePng } from './commands.ts';

const CASES = '/test/pages/commands.cases.ts';
const folder = temporary();
const clip = join(folder, 'clip.webm');
let page: Page;

beforeAll(async () => {
  page = await openPage();
  writeFileSync(clip, Buffer.from(await inPage<string>(page, CASES, 'makeClip', 176, 120, 14), 'base64'));
});

async function figures(...args: string[]) {
  const json = join(folder, 'figures.json');
  await succeed('quality', 'video', ...args, '--json', json);
  return JSON.parse(readFileSync(json, 'utf8'));
}

/** What the command does in its page, without a browser of its own: twelve drawn frames through a codec. */
async function encodedRun(codec: VideoSetup['codec'], crf: number) {
  const frames = join(folder, 'frames');
  mkdirSync(frames, { recursive: true });
  const names = Array.from({ length: 12 }, (_, i) => `${i}.png`);
  for (const [i, name] of names.entries()) writePng(join(frames, name), 160, 112, drawing(2, i * 2));
  const work = await openPage();
  const call = <T>(name: string, ...args: unknown[]) => inPage<T>(work, '/perf/pages/video.ts', name, ...args);
  await call('setup', {
    urls: names.map((name) => fileUrl(join(frames, name))),
    names,
    folder: true,
    specs: [{ name: 'bicubic', kind: 'filter', source: 'bicubic' }],
    ratio: 2,
    start: { frame: 0 },
    frames: 12,
    codec,
    crf,
    save: false,
  } satisfies VideoSetup);
  let encoding: (Encoding & { kbps: number }) | undefined;
  if (codec !== 'none') {
    for (const _ of names) await call('encodeFrame');
    encoding = await call('finishEncoding');
  }
  for (const _ of names) await call('compareFrame');
  const result = await call<Record<string, FrameFigures>>('results');
  await closePage(work);
  return { figures: result, encoding };
}

describe('quality video', () => {
  test('a clip is its own truth', async () => {
    const { environment, rows, mean } = await figures(
      clip,
      '--methods',
      'bilinear,bicubic,image-s',
      '--start',
      '2',
      '--frames',
      '11',
    );
    expect(environment).toMatchObject({
      start: 2,
      frames: 11,
      displaySize: [176, 120],
      renderSize: [88, 60],
      encoding: { codec: 'none' },
    });
    expect(rows.map((row: { item: string; method: string }) => [row.item, row.method])).toEqual([
      ['clip', 'bilinear'],
      ['clip', 'bicubic'],
      ['clip', 'image-s'],
    ]);
    for (const row of mean) {
      for (const figure of ['psnr', 'ssim', 'tpsnr', 'flip']) expect(row[figure]).toEqual(expect.any(Number));
    }
    expect(mean[2].psnr).toBeGreaterThan(mean[1].psnr);
    expect(mean[1].psnr).toBeGreaterThan(mean[0].psnr);
  });

  test('a codec costs quality, the more the coarser it quantises', async () => {
    const psnr: number[] = [];
    const kbps: number[] = [];
    for (const [codec, crf] of [
      ['none', 0],
      ['vp9', 20],
      ['vp9', 60],
    ] as const) {
      const { figures, encoding } = await encodedRun(codec, crf);
      if (encoding) {
        expect(encoding).toMatchObject({ mode: 'quantizer', crf });
        kbps.push(encoding.kbps);
      }
      psnr.push(figures.bicubic!.psnr);
    }
    expect(psnr[0]).toBeGreaterThan(psnr[1]!);
    expect(psnr[1]).toBeGreaterThan(psnr[2]! + 1);
    expect(kbps[0]).toBeGreaterThan(kbps[1]! * 4);
    // The codec's path through YUV and back must not shift colours: at a fine quantizer little is lost.
    expect(psnr[0]! - psnr[1]!).toBeLessThan(3);
  });

  test('AV1 works too', async () => {
    const { figures, encoding } = await encodedRun('av1', 30);
    expect(encoding!.kbps).toBeGreaterThan(1);
    expect(figures.bicubic!.psnr).toBeGreaterThan(20);
  });

  test('the command encodes: H.264', async () => {
    const { mean, environment } = await figures(clip, '--methods', 'bicubic', '--frames', '9', '--codec', 'h264');
    expect(environment.encoding.kbps).toBeGreaterThan(1);
    expect(mean[0].psnr).toBeGreaterThan(20);
  });

  test('a file that is no clip, and a start past the end, are named', async () => {
    const broken = join(folder, 'broken.mp4');
    writeFileSync(broken, 'no clip');
    expect((await run('quality', 'video', broken)).error).toContain(
      'upframe: broken.mp4 is not a clip that can be read',
    );
    const { code, error } = await run('quality', 'video', clip, '--start', '99', '--models', 'none');
    expect(code).toBe(1);
    expect(error).toContain('upframe: --start is past the end: clip.webm has 14 frames');
  });
});

describe('upscale', () => {
  test('a picture keeps its colours, its alpha and its orientation', async () => {
    const input = join(folder, 'corners.png');
    const output = join(folder, 'corners-large.png');
    const corners = [
      [255, 0, 0, 255],
      [0, 255, 0, 128],
      [0, 0, 255, 255],
      [200, 100, 50, 40],
    ] as const;
    writePng(input, 48, 40, (x, y) => corners[(x < 24 ? 0 : 1) + (y < 20 ? 0 : 2)]!);
    await succeed('upscale', input, output, '--ratio', '1.5');
    const look = await inPage<{ size: number[]; corners: number[][] }>(page, CASES, 'lookAtPicture', fileUrl(output));
    expect(look.size).toEqual([72, 60]);
    for (const [i, corner] of corners.entries()) {
      // Under an alpha of 40 a level of colour is a level of six.
      for (const [c, value] of corner.entries())
        expect(Math.abs(look.corners[i]![c]! - value)).toBeLessThanOrEqual(corner[3] < 64 ? 7 : 3);
    }
  });

  test('JPEG and WebP are written, and say what they show', async () => {
    const input = join(folder, 'drawing.png');
    writePng(input, 96, 80, drawing(1));
    const means: number[][] = [];
    for (const name of ['a.jpg', 'a.webp']) {
      await succeed('upscale', input, join(folder, name), '--method', 'lanczos', '--sharpness', '0.3');
      means.push((await inPage<{ mean: number[] }>(page, CASES, 'lookAtPicture', fileUrl(join(folder, name)))).mean);
    }
    const { mean } = await inPage<{ mean: number[] }>(page, CASES, 'lookAtPicture', fileUrl(input));
    for (const result of means)
      for (const [c, value] of result.entries()) expect(Math.abs(value - mean[c]!)).toBeLessThan(4);
  });

  test('tiles leave no seams', async () => {
    const input = join(folder, 'wide.png');
    writePng(input, 230, 170, drawing(3));
    for (const [ratio, source] of [
      [2, 'image-s'],
      [1.5, 'lanczos'],
    ] as const) {
      const kind = source === 'lanczos' ? 'filter' : 'model';
      const job = {
        url: fileUrl(input),
        name: 'wide',
        spec: { name: source, kind, source },
        ratio,
        sharpness: 0,
        type: 'image/png',
      };
      expect(await inPage<number>(page, CASES, 'seams', job, 64)).toBeLessThanOrEqual(1);
    }
  });

  test('a clip comes out larger, with every frame in its place', async () => {
    const output = join(folder, 'large.mp4');
    await succeed('upscale', clip, output, '--model', 'image-s');
    type Look = { size: number[]; means: number[][] };
    const before = await inPage<Look>(page, CASES, 'lookAtClip', fileUrl(clip));
    const after = await inPage<Look>(page, CASES, 'lookAtClip', fileUrl(output));
    expect(after.size).toEqual([352, 240]);
    expect(after.means).toHaveLength(before.means.length);
    for (const [i, mean] of after.means.entries()) {
      for (const [c, value] of mean.entries()) expect(Math.abs(value - before.means[i]![c]!)).toBeLessThan(4);
    }
  });
});
