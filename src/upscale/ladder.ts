import type { Method } from './types.ts';
import type { Rung } from './upscaler.ts';

const BELOW: Record<Rung, Rung | null> = {
  network: 'fsr1',
  temporal: 'fsr1',
  fsr1: 'bicubic',
  lanczos: 'bicubic',
  bicubic: 'passthrough',
  bilinear: 'passthrough',
  nearest: 'passthrough',
  native: 'bicubic',
  passthrough: null,
};

/** Steps down when a stage fails (network or temporal -> fsr1 -> bicubic -> passthrough), keeps showing pictures, and reports each step once. */
export class Ladder {
  private readonly failed = new Set<Rung>();

  constructor(private readonly report: (message: string) => void) {}

  /** The rung that the method is drawn by, given what has failed so far. */
  rung(method: Method): Rung {
    let rung: Rung = method;
    while (this.failed.has(rung)) rung = BELOW[rung] ?? 'passthrough';
    return rung;
  }

  /** Marks a rung as failed; a frame never throws, so the reason is reported here. */
  fail(rung: Rung, error: unknown): void {
    if (this.failed.has(rung)) return;
    this.failed.add(rung);
    const reason = (error instanceof Error ? error.message : String(error)).replace(/^upframe: /, '');
    const next = BELOW[rung];
    this.report(`upframe: '${rung}' failed and ${next ? `'${next}' takes its place` : 'nothing is left'}: ${reason}`);
  }

  /** What takes the method's place, or null while nothing had to. */
  fallback(method: Method): Rung | null {
    const rung = this.rung(method);
    return rung === method ? null : rung;
  }

  /** Everything gets another chance: the model changed, or the context came back. */
  reset(): void {
    this.failed.clear();
  }
}
