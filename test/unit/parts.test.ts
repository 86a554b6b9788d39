import { expect, test } from 'vitest';
import { FrameClock } from '../../src/render/clock.ts';
import { numbered } from '../../src/render/programs.ts';
import { median } from '../../src/render/timers.ts';
import { costOf, Governor } from '../../src/upscale/governor.ts';
import { Ladder } from '../../src/upscale/ladder.ts';
import { checkOptions } from '../../src/upscale/options.ts';

test('the frame clock gives rate and percentiles of what it saw, and forgets on reset', () => {
  const clock = new FrameClock();
  expect(clock.read()).toEqual({ fps: 0, frameMs: { p50: 0, p95: 0 } });
  let now = 1000;
  clock.tick(now);
  for (let i = 0; i < 100; i++) clock.tick((now += i % 10 === 9 ? 50 : 20));
  const { fps, frameMs } = clock.read();
  // A mean of 23 ms a frame; one slow frame more or less falls into the last second.
  expect(Math.abs(fps - 1000 / 23)).toBeLessThan(1.5);
  expect(frameMs).toEqual({ p50: 20, p95: 50 });
  clock.reset();
  clock.tick(now + 10_000);
  expect(clock.read().fps).toBe(0);
});

test('the median is the middle, or the mean of the two middles', () => {
  expect([median([]), median([3]), median([5, 1, 3]), median([4, 1, 2, 3])]).toEqual([0, 3, 3, 2.5]);
});

test('the governor waits before it acts, and stops at the ends', () => {
  const governor = new Governor(2);
  const run = (ms: number, seconds: number, from: number) => {
    let changes = 0;
    for (let t = 0; t <= seconds * 1000; t += 50) if (governor.update(ms, 16.7, from + t)) changes++;
    return changes;
  };
  expect(run(30, 0.4, 0)).toBe(0);
  expect(run(17, 10, 1000)).toBe(0);
  expect(run(30, 60, 20_000)).toBe(2);
  expect(governor.ratio).toBe(3);
  expect(run(5, 60, 100_000)).toBe(6);
  expect(governor.ratio).toBe(1);
});

test('with a video, a lower ratio is what costs less', () => {
  const governor = new Governor(2, 'lower');
  governor.update(30, 16.7, 0);
  governor.update(30, 16.7, 600);
  expect(governor.ratio).toBe(1.75);
});

test('a frame costs what the GPU took; without its queries, what the display waited for where that is more than the budget', () => {
  const cost = (source: 'gpu' | 'wall', totalMs: number, p50: number) =>
    costOf({ gpu: { source, totalMs, passes: {} }, frameMs: { p50, p95: p50 } }, 16.7);
  expect([cost('gpu', 5, 33), cost('gpu', 0, 33)]).toEqual([5, 33]);
  expect([cost('wall', 5, 16.7), cost('wall', 5, 33), cost('wall', 0, 16.7)]).toEqual([5, 33, 16.7]);
});

test('the ladder goes network, fsr1, bicubic, passthrough, and reports each step once', () => {
  const said: string[] = [];
  const ladder = new Ladder((message) => said.push(message));
  expect(ladder.fallback('network')).toBeNull();
  const rungs = ['network', 'network', 'fsr1', 'bicubic'] as const;
  for (const rung of rungs) ladder.fail(rung, new Error('upframe: no'));
  expect(ladder.rung('network')).toBe('passthrough');
  expect(said).toHaveLength(3);
  expect(said[0]).toBe("upframe: 'network' failed and 'fsr1' takes its place: no");
  ladder.reset();
  expect(ladder.rung('network')).toBe('network');
});

test('options are checked by name and value, and undefined ones are left out', () => {
  expect(checkOptions({ ratio: 1.5, model: undefined })).toEqual({ ratio: 1.5 });
  expect(() => checkOptions({ ratio: '2' as unknown as number })).toThrow(
    "upframe: option 'ratio' is '2'; allowed: a number",
  );
  expect(() => checkOptions({ toString: 1 } as object)).toThrow("unknown option 'toString'");
  expect(() => checkOptions(null as unknown as object)).toThrow('options must be an object, not null');
});

test('shader sources are numbered as drivers count their lines', () => {
  expect(numbered('a\nb')).toBe('   1  a\n   2  b');
});
