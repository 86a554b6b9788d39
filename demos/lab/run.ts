/** A run: the truth first, then every job over the same instants, one result after another. */
import { type Picture, psnrOf } from '../../perf/metrics';
import { median } from '../../src/render/timers';
import { type Bench, createBench } from './bench';
import { createJudge } from './judge';
import { type Job, keyOf, type Point, type Preset, titleOf } from './plan';

export interface RunOptions extends Preset {
  readonly scene: string;
  readonly size: readonly [number, number];
  /** Coverage samples a rendered pixel, for every way alike. */
  readonly samples: number;
  readonly jobs: readonly Job[];
  readonly signal: AbortSignal;
  onProgress(done: number, total: number, text: string): void;
  /** A point appeared, or moved as its next instant came in. */
  onPoint(point: Point): void;
  /** The last instant as this way makes it (the truth comes as 'truth'). Rows from the bottom. */
  onPicture(key: string, picture: Picture): void;
  /** A job that cannot run here. */
  onSkip(job: Job, reason: string): void;
}

const breathe = () => new Promise((resolve) => setTimeout(resolve));

let kept: { scene: string; bench: Bench } | null = null;

/** Worlds take seconds to build, so the last one is kept for the next run. */
async function benchOf(scene: string): Promise<Bench> {
  if (kept?.scene === scene) return kept.bench;
  kept?.bench.dispose();
  kept = null;
  const bench = await createBench(scene);
  kept = { scene, bench };
  return bench;
}

/** @returns the GPU's name. @throws the signal's reason when stopped */
export async function runLab(options: RunOptions): Promise<string> {
  const { scene, size, jobs, signal, instants, onProgress } = options;
  const total = jobs.length + 1;
  onProgress(0, total, 'Building the world');
  await breathe();
  const bench = await benchOf(scene);
  const judge = createJudge();
  try {
    bench.setSize(size, options.samples);
    const times = Array.from({ length: instants }, (_, i) => ((i + 0.5) / instants) * bench.path);
    for (const [index, seconds] of times.entries()) {
      onProgress(0, total, `Truth, 16 samples a pixel: ${index + 1} of ${instants}`);
      await breathe();
      signal.throwIfAborted();
      bench.pose(seconds);
      const { picture, scale } = bench.truth();
      await judge.truth(index, picture, scale);
    }
    for (const [index, job] of jobs.entries()) {
      onProgress(index + 1, total, titleOf(job));
      try {
        await measure(bench, judge, times, job, options);
      } catch (error) {
        if (signal.aborted) throw error;
        options.onSkip(job, (error as Error).message.replace(/^upframe: /, ''));
      }
    }
    onProgress(total, total, '');
    return bench.renderer;
  } finally {
    judge.dispose();
  }
}

async function measure(
  bench: Bench,
  judge: ReturnType<typeof createJudge>,
  times: readonly number[],
  job: Job,
  { signal, timed, onPoint, onPicture }: RunOptions,
): Promise<void> {
  await bench.use(job);
  signal.throwIfAborted();
  bench.pose(times[0]!);
  bench.frame();
  await breathe();
  bench.warm();
  const key = keyOf(job);
  const wall: number[] = [];
  let [mse, ssim] = [0, 0];
  const point: Point = { key, ...job, renderSize: bench.renderSize, ms: 0, clock: 'wall', psnr: 0, ssim: 0 };
  const time = async () => {
    wall.push(bench.frame());
    await breathe();
    const gpu = bench.gpuMs();
    point.ms = gpu ?? median(wall);
    point.clock = gpu === null ? 'wall' : 'gpu';
  };
  for (const [index, seconds] of times.entries()) {
    signal.throwIfAborted();
    bench.pose(seconds);
    await time();
    const picture = bench.read();
    const result = await judge.compare(index, picture);
    mse += result.mse;
    ssim += result.ssim;
    point.psnr = psnrOf(mse / (index + 1));
    point.ssim = ssim / (index + 1);
    onPoint({ ...point });
    if (index === times.length - 1) onPicture(key, picture);
  }
  // The rest is for the clock alone: the same stretch of the path for every job.
  for (let extra = times.length; extra < timed; extra++) {
    signal.throwIfAborted();
    bench.pose(times[0]! + extra / 30);
    await time();
  }
  onPoint({ ...point });
}
