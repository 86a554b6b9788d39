import { median } from './timers.ts';

const WINDOW = 31;

/**
 * Cost of a frame where the GPU has no timer queries: wall time from the first command to a fence behind the last
 * one. It includes whatever else the GPU and the processor were doing, and is labelled 'wall' wherever it is shown.
 */
export class WallTimer {
  private samples: number[] = [];
  private waiting = false;
  private started = 0;
  private life = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {}

  /** A frame begins, if it has not yet. */
  begin(): void {
    if (!this.waiting) this.started ||= performance.now();
  }

  /** Puts a fence behind the frame, where it counts, and looks at it between tasks; a frame already being timed is left alone. */
  end(counts: boolean): void {
    const { gl, started, life } = this;
    this.started = 0;
    if (this.waiting || !counts) return;
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!sync) return;
    this.waiting = true;
    gl.flush();
    const look = () => {
      if (life !== this.life) {
        gl.deleteSync(sync);
        return;
      }
      if (gl.getSyncParameter(sync, gl.SYNC_STATUS) !== gl.SIGNALED) {
        setTimeout(look, 1);
        return;
      }
      this.waiting = false;
      gl.deleteSync(sync);
      this.samples.push(performance.now() - started);
      if (this.samples.length > WINDOW) this.samples.shift();
    };
    setTimeout(look, 0);
  }

  /** Forgets measured times, and the frame being timed. */
  clear(): void {
    this.samples = [];
    this.forget();
  }

  /** Gives up the frame being timed: the context is lost, and its fence with it. */
  forget(): void {
    this.life++;
    this.waiting = false;
    this.started = 0;
  }

  /** Median of the recent frames, in milliseconds. */
  get ms(): number {
    return median(this.samples);
  }
}
