/** One of the pictures in the viewer, quick to draw at any zoom. */
import type { Box, Picture } from './tiles';

/** Beyond this a picture is also kept smaller: zoomed out, drawing from 100 megapixels for every move would stutter. */
const OVERVIEW = 2048;

/** A picture, and where it is large a smaller copy for the zoomed-out view. */
export class Layer {
  private readonly share: number;
  private readonly overview: OffscreenCanvas | null;
  private readonly pen: OffscreenCanvasRenderingContext2D | null;
  /** Only the copy is drawn while the picture grows: each tile would have it all copied to the GPU again. */
  private growing: boolean;

  constructor(
    readonly full: Picture,
    complete: boolean,
  ) {
    this.share = Math.min(1, OVERVIEW / Math.max(full.width, full.height));
    this.growing = !complete;
    const [width, height] = [Math.round(full.width * this.share), Math.round(full.height * this.share)];
    this.overview = this.share < 1 ? new OffscreenCanvas(width, height) : null;
    this.pen = this.overview?.getContext('2d') ?? null;
    if (complete) this.finish();
  }

  /** A part of `source` was drawn into the picture, at `to`. */
  add(source: CanvasImageSource, from: Box, to: Box): void {
    // Grown to whole pixels, so that no gap is left between tiles; the finished copy is exact.
    const [left, top] = [Math.floor(to[0] * this.share), Math.floor(to[1] * this.share)];
    const [right, bottom] = [Math.ceil((to[0] + to[2]) * this.share), Math.ceil((to[1] + to[3]) * this.share)];
    this.pen?.clearRect(left, top, right - left, bottom - top);
    this.pen?.drawImage(source, ...from, left, top, right - left, bottom - top);
  }

  finish(): void {
    this.growing = false;
    const { overview, pen } = this;
    if (!overview || !pen) return;
    pen.imageSmoothingQuality = 'high';
    pen.clearRect(0, 0, overview.width, overview.height);
    pen.drawImage(this.full, 0, 0, overview.width, overview.height);
  }

  /** The copy to draw from when the picture is `width` device pixels wide. */
  at(width: number): Picture {
    return this.overview && (this.growing || width <= this.overview.width) ? this.overview : this.full;
  }
}
