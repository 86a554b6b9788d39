/** Frame times are kept over this many frames: two seconds at 60 Hz. */
const WINDOW = 120;

/** Frame rate and frame time percentiles, from the moments at which frames were drawn. */
export class FrameClock {
  private readonly intervals = new Float64Array(WINDOW);
  private count = 0;
  private last = Number.NaN;

  /** Notes a frame at `now`, in milliseconds. */
  tick(now: number): void {
    if (!Number.isNaN(this.last)) this.intervals[this.count++ % WINDOW] = now - this.last;
    this.last = now;
  }

  /** Forgets the past: after a pause, the time in between was not a frame. */
  reset(): void {
    this.count = 0;
    this.last = Number.NaN;
  }

  /** Frames a second over the last second (or the last 120 frames), and frame time percentiles in milliseconds. */
  read(): { fps: number; frameMs: { p50: number; p95: number } } {
    const filled = Math.min(this.count, WINDOW);
    if (!filled) return { fps: 0, frameMs: { p50: 0, p95: 0 } };
    let sum = 0;
    let frames = 0;
    while (frames < filled && (sum < 1000 || frames === 0)) {
      sum += this.intervals[(this.count - 1 - frames + WINDOW) % WINDOW]!;
      frames++;
    }
    const sorted = this.intervals.slice(0, filled).sort();
    const at = (share: number) => sorted[Math.min(filled - 1, Math.floor(share * filled))]!;
    return { fps: sum > 0 ? (1000 * frames) / sum : 0, frameMs: { p50: at(0.5), p95: at(0.95) } };
  }
}
