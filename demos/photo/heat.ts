/** Where a result departs from its picture, kept pixel by pixel, drawn as heat and counted. */
import { levelsOf } from '../../src/render/trust';
import type { Box } from './tiles';

/** What the heat shows. */
export type Kind = 'departure' | 'addition';

/** Levels of 255 at which the heat is full: the difference beside which anybody sees. */
export const HOTTEST: Readonly<Record<Kind, number>> = { departure: 16, addition: 64 };

/** From this many levels on a pixel is counted: less than this, nobody finds by eye. */
export const NOTABLE: Readonly<Record<Kind, number>> = { departure: 4, addition: 16 };

export interface HeatFigures {
  /** PSNR in dB of the result against what the kind compares it with, over the channels of all pixels counted so far. */
  readonly psnr: number;
  /** Share of the pixels with NOTABLE levels or more. */
  readonly notable: number;
}

/** Cold to hot, even steps of the root of the levels; readable without telling red from green. A quarter of the way
 * up (one level, for departures) is no more than rounding does, and stays dark. */
const RAMP = [
  [90, 60, 190, 0],
  [104, 60, 200, 24],
  [204, 56, 140, 210],
  [255, 122, 52, 240],
  [255, 240, 130, 255],
] as const;

/** The heat's colour at `share` 0 to 1 of the way up: red, green, blue and alpha, 0 to 255. */
export function heatColor(share: number): number[] {
  const place = Math.min(share, 1) * (RAMP.length - 1);
  const low = RAMP[Math.floor(place)]!;
  const high = RAMP[Math.ceil(place)]!;
  return low.map((value, i) => value + (high[i]! - value) * (place % 1));
}

/** Each byte of a measurement as a pixel. */
function tableOf(kind: Kind): Uint8ClampedArray {
  const table = new Uint8ClampedArray(256 * 4);
  for (let byte = 0; byte < 256; byte++) table.set(heatColor(Math.sqrt(levelsOf(byte) / HOTTEST[kind])), byte * 4);
  return table;
}

/** Rows painted at once: a picture of 24 megapixels is not to be held twice. */
const STRIPE = 256;

export class Heat {
  /** The size of the picture given, transparent where nothing is to be seen. */
  readonly canvas: OffscreenCanvas;
  private readonly pen: OffscreenCanvasRenderingContext2D;
  private readonly planes: Readonly<Record<Kind, Uint8Array>>;
  private table: Uint8ClampedArray;
  private counted = 0;
  private readonly sums = { departure: { squares: 0, notable: 0 }, addition: { squares: 0, notable: 0 } };

  constructor(
    readonly width: number,
    readonly height: number,
    private kind: Kind,
  ) {
    this.canvas = new OffscreenCanvas(width, height);
    this.pen = this.canvas.getContext('2d', { willReadFrequently: true })!;
    this.planes = { departure: new Uint8Array(width * height), addition: new Uint8Array(width * height) };
    this.table = tableOf(kind);
  }

  /** Takes in the measured bytes of a part of the picture (see TrustMap.read). */
  add(box: Box, bytes: Uint8Array): void {
    const [left, top, width, height] = box;
    const { planes, sums } = this;
    for (let y = 0, i = 0; y < height; y++) {
      let at = (top + y) * this.width + left;
      for (let x = 0; x < width; x++, i += 4, at++) {
        const [worst, added, departed] = [bytes[i]!, bytes[i + 1]!, bytes[i + 2]!];
        planes.departure[at] = worst;
        planes.addition[at] = added;
        sums.departure.squares += levelsOf(departed) ** 2;
        sums.addition.squares += levelsOf(added) ** 2;
        if (levelsOf(worst) >= NOTABLE.departure) sums.departure.notable++;
        if (levelsOf(added) >= NOTABLE.addition) sums.addition.notable++;
      }
    }
    this.counted += width * height;
    this.paint(box);
  }

  show(kind: Kind): void {
    this.kind = kind;
    this.table = tableOf(kind);
    for (let y = 0; y < this.height; y += STRIPE) {
      this.paint([0, y, this.width, Math.min(STRIPE, this.height - y)]);
    }
  }

  /** Over all that has come in. */
  figures(kind: Kind): HeatFigures {
    const count = Math.max(1, this.counted);
    const { squares, notable } = this.sums[kind];
    return {
      psnr: Math.min(99, 10 * Math.log10(255 ** 2 / Math.max(squares / count, 1e-9))),
      notable: notable / count,
    };
  }

  private paint([left, top, width, height]: Box): void {
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const colors = new Uint32Array(this.table.buffer);
    const plane = this.planes[this.kind];
    for (let y = 0, i = 0; y < height; y++) {
      const start = (top + y) * this.width + left;
      for (let x = 0; x < width; x++) pixels[i++] = colors[plane[start + x]!]!;
    }
    this.pen.putImageData(image, left, top);
  }
}
