/** A large picture cut into tiles that overlap, so that the seams lie where every method has seen its neighbours. */

export interface Tile {
  /** What is rendered, in source pixels: the core and the overlap around it. */
  readonly from: { x: number; y: number; width: number; height: number };
  /** What is kept, in display pixels. */
  readonly to: { x: number; y: number; width: number; height: number };
  /** Where the kept part begins within the rendered tile, in display pixels; and the tile's whole display size. */
  readonly offset: { x: number; y: number };
  readonly displaySize: [number, number];
}

/** Source pixels of a tile's core; the textures that a network needs for more would strain small GPUs. */
const CORE = 960;

/** Wider than the sight of any network for which real time is a question. */
const OVERLAP = 32;

/** The smallest step of source pixels after which display pixels fall on the same phase again (ratio 1.5: 2). */
export function phaseStep(ratio: number): number {
  for (let step = 1; step < 128; step++) {
    if (Math.abs(step * ratio - Math.round(step * ratio)) < 0.01) return step;
  }
  return 128;
}

interface Span {
  from: number;
  fromLength: number;
  to: number;
  toLength: number;
  offset: number;
  display: number;
}

function spans(length: number, ratio: number, core: number): Span[] {
  const step = phaseStep(ratio);
  const wide = Math.ceil(core / step) * step;
  const margin = Math.ceil(OVERLAP / step) * step;
  const display = (x: number) => Math.round(x * ratio);
  const out: Span[] = [];
  for (let x = 0; x < length; x += wide) {
    // A last sliver joins the tile before it.
    const end = length - (x + wide) < margin ? length : x + wide;
    const from = Math.max(0, x - margin);
    const to = Math.min(length, end + margin);
    out.push({
      from,
      fromLength: to - from,
      to: display(x),
      toLength: display(end) - display(x),
      offset: display(x) - display(from),
      display: display(to) - display(from),
    });
    if (end === length) break;
  }
  return out;
}

/** Tiles by rows, from the top. */
export function tilesOf(width: number, height: number, ratio: number, core = CORE): Tile[][] {
  const across = spans(width, ratio, core);
  return spans(height, ratio, core).map((row) =>
    across.map((column) => ({
      from: { x: column.from, y: row.from, width: column.fromLength, height: row.fromLength },
      to: { x: column.to, y: row.to, width: column.toLength, height: row.toLength },
      offset: { x: column.offset, y: row.offset },
      displaySize: [column.display, row.display],
    })),
  );
}
