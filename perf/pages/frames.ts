import { flipOf, type Seen, see } from '../flip.ts';
import { luma, type Picture, psnrOf, squaredDifferenceError, squaredError, ssim } from '../metrics.ts';

/** Figures of a run of frames by one method against truth (contract 3). */

/** The first frames are left out: temporal methods are still gathering. */
const LEFT_OUT = 8;

export interface FrameFigures {
  psnr: number;
  ssim: number;
  tpsnr?: number;
  flip?: number;
  /** PSNR of every frame from the first, in dB, for plots and for convergence. */
  framePsnr: number[];
  /** Frames until within 0.5 dB of the settled PSNR after a cut: the mean over the cuts. */
  convergence?: number;
}

/** A truth frame with what comparing needs of it, worked out once for all methods. */
export class Truth {
  readonly luma: Float64Array;
  private seenOnce: Seen | undefined;

  constructor(readonly picture: Picture) {
    this.luma = luma(picture);
  }

  get seen(): Seen {
    this.seenOnce ??= see(this.picture);
    return this.seenOnce;
  }
}

export class FrameRecord {
  private readonly psnrs: number[] = [];
  private ssims = 0;
  private flips = 0;
  private changes = 0;
  private differences = 0;
  private counted = 0;
  private before: { picture: Picture; truth: Picture } | null = null;
  private readonly leftOut: number;

  /** @param cuts frames at which the picture jumps; differences across a cut say nothing of flicker */
  constructor(
    frames: number,
    private readonly withFlip: boolean,
    private readonly cuts: readonly number[] = [],
  ) {
    // A run of eight frames or fewer is a trial: all of it counts, or there would be no figure at all.
    this.leftOut = frames > LEFT_OUT ? LEFT_OUT : 0;
  }

  add(picture: Picture, truth: Truth): void {
    const frame = this.psnrs.length;
    this.psnrs.push(psnrOf(squaredError(picture, truth.picture)));
    if (frame >= this.leftOut) {
      this.counted++;
      this.ssims += ssim(luma(picture), truth.luma, picture.width, picture.height);
      if (this.withFlip) this.flips += flipOf(see(picture), truth.seen);
      if (this.before && !this.cuts.includes(frame)) {
        this.differences++;
        this.changes += squaredDifferenceError(picture, this.before.picture, truth.picture, this.before.truth);
      }
    }
    this.before = { picture, truth: truth.picture };
  }

  figures(): FrameFigures {
    const kept = this.psnrs.slice(this.leftOut);
    const convergence = convergenceOf(this.psnrs, this.cuts);
    return {
      psnr: kept.reduce((a, b) => a + b, 0) / kept.length,
      ssim: this.ssims / this.counted,
      // One mean of squares over all differences: a still pair of frames has no finite PSNR of its own.
      ...(this.differences > 0 && { tpsnr: psnrOf(this.changes / this.differences) }),
      ...(this.withFlip && { flip: this.flips / this.counted }),
      framePsnr: this.psnrs.map((value) => Number(value.toFixed(3))),
      ...(convergence !== null && { convergence }),
    };
  }
}

/** Settled is the median of the last quarter before the next cut; runs shorter than 8 frames settle nothing. */
export function convergenceOf(psnrs: readonly number[], cuts: readonly number[]): number | null {
  const counts: number[] = [];
  for (const [i, cut] of cuts.entries()) {
    const run = psnrs.slice(cut, cuts[i + 1] ?? psnrs.length);
    if (cut >= psnrs.length || run.length < 8) continue;
    const last = run.slice(-Math.ceil(run.length / 4)).sort((a, b) => a - b);
    const settled = last[Math.floor(last.length / 2)]!;
    counts.push(run.findIndex((value) => value >= settled - 0.5));
  }
  return counts.length === 0 ? null : counts.reduce((a, b) => a + b, 0) / counts.length;
}
