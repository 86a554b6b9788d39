import type { Stats } from './types.ts';

/** Ratios the governor chooses from: few, so that a change is worth its cost. */
const RATIOS = [1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** Over budget by this much, half a second long, and the ratio goes up; under it by this much, two seconds long, and it comes down. */
const SLOW = 1.08;
const FAST = 0.7;
const SLOW_PATIENCE = 500;
const FAST_PATIENCE = 2000;

/**
 * Holds a frame rate by the ratio. With a scene a higher ratio is cheaper (fewer pixels are rendered); with a video,
 * whose pixels are given, a lower one is (fewer are drawn).
 */
export class Governor {
  private index: number;
  private since = Number.NaN;
  private leaning: 'slow' | 'fast' | 'even' = 'even';

  /**
   * @param ratio where to begin
   * @param cheaper which way of the ratio costs less
   */
  constructor(
    ratio = 2,
    private readonly cheaper: 'higher' | 'lower' = 'higher',
  ) {
    this.index = Math.max(
      0,
      RATIOS.findIndex((step) => step >= ratio),
    );
  }

  get ratio(): number {
    return RATIOS[this.index]!;
  }

  /**
   * @param ms what a frame costs now (median), in milliseconds; 0 when not known yet
   * @param budgetMs what it may cost
   * @param now the present moment in milliseconds
   * @returns whether the ratio changed
   */
  update(ms: number, budgetMs: number, now: number): boolean {
    const leaning = !ms ? 'even' : ms > budgetMs * SLOW ? 'slow' : ms < budgetMs * FAST ? 'fast' : 'even';
    if (leaning !== this.leaning) {
      this.leaning = leaning;
      this.since = now;
    }
    const patience = leaning === 'slow' ? SLOW_PATIENCE : FAST_PATIENCE;
    if (leaning === 'even' || now - this.since < patience) return false;
    const next = this.index + ((leaning === 'slow') === (this.cheaper === 'higher') ? 1 : -1);
    this.since = now;
    if (!(next in RATIOS)) return false;
    this.index = next;
    return true;
  }
}

/**
 * What a frame of a scene costs, in milliseconds; 0 when not known yet. Without timer queries the rate tells when frames are
 * late, but not how much time is left, as it never passes the display's: that the fence behind each tells.
 */
export function costOf({ gpu, frameMs }: Pick<Stats, 'gpu' | 'frameMs'>, budgetMs: number): number {
  const late = gpu.source === 'wall' && frameMs.p50 > budgetMs * SLOW;
  return late || !gpu.totalMs ? frameMs.p50 : gpu.totalMs;
}
