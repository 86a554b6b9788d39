import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';

const CASES = '/test/gpu/temporal.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage('/test/blank.html');
});

interface Outcome {
  error: number;
  fallback: string | null;
}

describe.each(['temporal', 'game-s', 'game-m'])('%s', (way) => {
  const run = async <T extends object>(name: string, ...args: unknown[]): Promise<T> => {
    const result = await inPage<T & Outcome>(page, CASES, name, way, ...args);
    expect(result).toMatchObject({ error: 0, fallback: null });
    return result;
  };

  test.for([1.5, 2, 3])(
    'at ratio %d a still camera gathers far more than one frame holds, and rests',
    async (ratio) => {
      const { bicubic, network, first, settled, calm } = await run<Record<string, number>>('still', ratio);
      expect(first).toBeGreaterThan(bicubic! - 1.5);
      expect(settled).toBeGreaterThan(bicubic! + 5);
      expect(settled).toBeGreaterThan(network! + 4);
      // At ratio 3 a round is 72 frames, and two of them do not quite settle edges as dense as these.
      expect(calm).toBeGreaterThan(ratio === 3 ? 0.9 : 0.995);
    },
  );

  test('a sliding camera keeps what it gathered', async () => {
    const { gathered, bicubic } = await run<Record<string, number>>('sliding', 1.37, 40);
    expect(gathered).toBeGreaterThan(bicubic! + 2);
  });

  test('in a long slow pan what is resampled again and again neither blurs away nor rings', async () => {
    const { gathered, bicubic } = await run<Record<string, number>>('sliding', 0.2, 150);
    console.log(`${way}: ${gathered!.toFixed(2)} dB, bicubic ${bicubic!.toFixed(2)}`);
    // Rules have no taps fitted to this, and blur a little.
    expect(gathered).toBeGreaterThan(bicubic! + (way === 'temporal' ? 2.5 : 4));
  });

  test('a sky where nothing is drawn stays where it is, however the camera steps', async () => {
    const { settled } = await run<Record<string, number>>('still', 2);
    const { gathered } = await run<Record<string, number>>('sky');
    expect(gathered).toBeGreaterThan(settled! - 3);
  });

  test('fast over reflections, a frame is not left standing as dots in the one before', async () => {
    const { gathered, bicubic } = await run<Record<string, number>>('reflecting');
    expect(gathered).toBeGreaterThan(bicubic! + (way === 'temporal' ? -0.5 : 0.5));
  });

  test('light that fades fades in history too', async () => {
    const { brighter, frame } = await run<Record<string, number>>('fading');
    console.log(`${way}: ${brighter!.toFixed(2)} levels brighter; a frame fades by ${frame!.toFixed(2)}`);
    expect(Math.abs(brighter!)).toBeLessThan(frame!);
  });

  test.for([true, false])('a cut recovers in eight frames (told: %s)', async (told) => {
    const { after, bicubic } = await run<{ after: number[]; bicubic: number }>('cut', told);
    // A still picture goes on gaining with every frame of the round, and settles a little higher where history has 32 bits.
    if (told) expect(after[8]).toBeGreaterThan(after.at(-1)! - (way === 'temporal' ? 2.3 : 2.9));
    else expect(after[8]).toBeGreaterThan(bicubic);
  });

  test.for([false, true])('a fast mover leaves no ghost (flush with what it passes over: %s)', async (flush) => {
    const { gathered, bicubic, whole } = await run<Record<string, number>>('mover', flush);
    console.log(
      `${way}: uncovered ${gathered!.toFixed(2)} dB, bicubic ${bicubic!.toFixed(2)}; whole ${whole!.toFixed(2)}`,
    );
    expect(gathered).toBeGreaterThan(bicubic! + 1.5);
  });

  test('a NaN or infinite pixel does not spread', async () => {
    const { agreement } = await run<{ agreement: number }>('badPixels');
    expect(agreement).toBeGreaterThan(45);
  });

  test('the ratio may change at any frame, and history goes on', async () => {
    const { result } = await run<{ result: Record<string, number> }>('changes');
    for (const ratio of [1.5, 3, 1]) expect(result[`first ${ratio}`]).toBeGreaterThan(result['settled 2']! - 2);
  });

  test('frames without depth are shown by a spatial method, which is said', async () => {
    const result = await inPage<{ messages: string[]; fallback: string; error: number }>(page, CASES, 'missing', way);
    expect(result).toMatchObject({ fallback: 'fsr1', error: 0 });
    expect(result.messages).toEqual([expect.stringContaining("'temporal' needs depth, jitter and camera")]);
  });

  test('frames create nothing, and another method frees what this one made', async () => {
    const { costly, before, during, after } = await run<Record<string, number> & { costly: string[] }>('perFrame');
    expect(costly).toEqual([]);
    expect(during).toBeGreaterThan(before!);
    // A network stays for when it is asked for again.
    if (way === 'temporal') expect(after).toBe(before);
  });
});

test('history of 16 bits, as on a GPU, shows the picture that 32 bits show', async () => {
  const { agreement, ...told } = await inPage<{ agreement: number }>(page, CASES, 'widths', 'temporal');
  expect(told).toEqual({ wide: [true, false], error: 0, fallback: null });
  expect(agreement).toBeGreaterThan(45);
});
