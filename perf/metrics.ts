/** What a number means (contract 3). Pictures are 8-bit RGBA, sRGB, alpha left aside. Runs in Node and in a page. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA, four bytes a pixel, rows from the top. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Identical pictures have no finite PSNR, and JSON no infinity: figures stop here. */
export const PSNR_CEILING = 100;

export function psnrOf(meanSquaredError: number): number {
  return Math.min(PSNR_CEILING, 10 * Math.log10(255 ** 2 / Math.max(meanSquaredError, 1e-12)));
}

export function sameSize(a: Picture, b: Picture): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`upframe: pictures of ${a.width}x${a.height} and ${b.width}x${b.height} cannot be compared`);
  }
}

/** BT.601 luma in 16..235, unrounded, as MATLAB's rgb2ycbcr defines it. */
export function luma({ width, height, data }: Picture): Float64Array {
  const y = new Float64Array(width * height);
  for (let i = 0, p = 0; i < y.length; i++, p += 4) {
    y[i] = 16 + (65.481 * data[p]! + 128.553 * data[p + 1]! + 24.966 * data[p + 2]!) / 255;
  }
  return y;
}

function cropped(plane: Float64Array, width: number, height: number, border: number) {
  if (border === 0) return { plane, width, height };
  const w = width - 2 * border;
  const h = height - 2 * border;
  if (w < 1 || h < 1)
    throw new Error(`upframe: a picture of ${width}x${height} has nothing inside a border of ${border}`);
  const out = new Float64Array(w * h);
  for (let y = 0; y < h; y++)
    out.set(plane.subarray((y + border) * width + border, (y + border) * width + border + w), y * w);
  return { plane: out, width: w, height: h };
}

/** PSNR and SSIM on luma with `border` pixels cropped at each side: the protocol of the published Set5 and Set14 tables. */
export function compareLuma(result: Picture, truth: Picture, border: number): { psnr: number; ssim: number } {
  sameSize(result, truth);
  const a = cropped(luma(result), result.width, result.height, border);
  const b = cropped(luma(truth), truth.width, truth.height, border);
  let sum = 0;
  for (let i = 0; i < a.plane.length; i++) sum += (a.plane[i]! - b.plane[i]!) ** 2;
  return { psnr: psnrOf(sum / a.plane.length), ssim: ssim(a.plane, b.plane, a.width, a.height) };
}

/**
 * A coloured edge: where Cb and Cr (full range, 0..255) together change by at least this many levels a pixel. Text, flags
 * and lamps do; shaded surfaces of one colour do not.
 */
const COLORED_EDGE = 8;

/** Fewer coloured edges than this share of the pixels say nothing about a picture. */
const LEAST_EDGES = 1e-3;

/** True for the pixels at coloured edges, by central differences; false in the outermost rows and columns. */
export function coloredEdges({ width, height, data }: Picture): Uint8Array {
  const edges = new Uint8Array(width * height);
  const cb = new Float32Array(width * height);
  const cr = new Float32Array(width * height);
  for (let i = 0, p = 0; i < cb.length; i++, p += 4) {
    const y = 0.299 * data[p]! + 0.587 * data[p + 1]! + 0.114 * data[p + 2]!;
    cb[i] = (data[p + 2]! - y) / 1.772;
    cr[i] = (data[p]! - y) / 1.402;
  }
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      let change = 0;
      for (const plane of [cb, cr]) {
        change += (plane[i + 1]! - plane[i - 1]!) ** 2 + (plane[i + width]! - plane[i - width]!) ** 2;
      }
      if (change >= (2 * COLORED_EDGE) ** 2) edges[i] = 1;
    }
  }
  return edges;
}

/**
 * PSNR over R, G and B with `border` pixels cropped at each side: of the whole picture, and of its coloured edges alone
 * where the truth has any to speak of.
 */
export function compareColor(result: Picture, truth: Picture, border: number): { rgbPsnr: number; edgePsnr?: number } {
  sameSize(result, truth);
  const { width, height } = truth;
  const edges = coloredEdges(truth);
  const whole = { sum: 0, count: 0 };
  const edge = { sum: 0, count: 0 };
  for (let y = border; y < height - border; y++) {
    for (let x = border; x < width - border; x++) {
      const at = y * width + x;
      let error = 0;
      for (let c = 4 * at; c < 4 * at + 3; c++) error += (result.data[c]! - truth.data[c]!) ** 2;
      whole.sum += error;
      whole.count++;
      if (!edges[at]) continue;
      edge.sum += error;
      edge.count++;
    }
  }
  const psnr = ({ sum, count }: typeof whole) => psnrOf(sum / (3 * count));
  return { rgbPsnr: psnr(whole), ...(edge.count >= LEAST_EDGES * whole.count && { edgePsnr: psnr(edge) }) };
}

/** Mean squared error over R, G and B. */
export function squaredError(a: Picture, b: Picture): number {
  sameSize(a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    for (let c = i; c < i + 3; c++) sum += (a.data[c]! - b.data[c]!) ** 2;
  }
  return sum / (a.width * a.height * 3);
}

/** Mean squared error of frame differences, ours against truth's: what flicker and ghosts add. */
export function squaredDifferenceError(now: Picture, before: Picture, truthNow: Picture, truthBefore: Picture): number {
  sameSize(now, truthNow);
  sameSize(now, before);
  let sum = 0;
  for (let i = 0; i < now.data.length; i += 4) {
    for (let c = i; c < i + 3; c++) {
      sum += (now.data[c]! - before.data[c]! - (truthNow.data[c]! - truthBefore.data[c]!)) ** 2;
    }
  }
  return sum / (now.width * now.height * 3);
}

const RADIUS = 5;
const WINDOW = (() => {
  const taps = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / (2 * 1.5 ** 2)));
  const sum = taps.reduce((a, b) => a + b);
  return taps.map((tap) => tap / sum);
})();

/** Mean SSIM of two planes of range 0..255 (Wang et al. 2004): 11x11 Gaussian of sigma 1.5, only where the window fits. */
export function ssim(a: Float64Array, b: Float64Array, width: number, height: number): number {
  const w = width - 2 * RADIUS;
  const h = height - 2 * RADIUS;
  if (w < 1 || h < 1) throw new Error(`upframe: SSIM needs at least 11x11 pixels, not ${width}x${height}`);
  const c1 = (0.01 * 255) ** 2;
  const c2 = (0.03 * 255) ** 2;
  // Moments a, b, a2, b2, ab, filtered along rows first; a ring of 11 such rows is all the column filter needs.
  const rows = Array.from({ length: 5 }, () => new Float64Array(w * height));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < w; x++) {
      let [ma, mb, maa, mbb, mab] = [0, 0, 0, 0, 0];
      for (let k = 0; k < WINDOW.length; k++) {
        const weight = WINDOW[k]!;
        const va = a[y * width + x + k]!;
        const vb = b[y * width + x + k]!;
        ma += weight * va;
        mb += weight * vb;
        maa += weight * va * va;
        mbb += weight * vb * vb;
        mab += weight * va * vb;
      }
      const i = y * w + x;
      rows[0]![i] = ma;
      rows[1]![i] = mb;
      rows[2]![i] = maa;
      rows[3]![i] = mbb;
      rows[4]![i] = mab;
    }
  }
  const [ra, rb, raa, rbb, rab] = rows as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let total = 0;
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let [ma, mb, maa, mbb, mab] = [0, 0, 0, 0, 0];
      for (let k = 0; k < WINDOW.length; k++) {
        const weight = WINDOW[k]!;
        const i = (y + k) * w + x;
        ma += weight * ra[i]!;
        mb += weight * rb[i]!;
        maa += weight * raa[i]!;
        mbb += weight * rbb[i]!;
        mab += weight * rab[i]!;
      }
      const structure = 2 * (mab - ma * mb) + c2;
      const contrast = maa - ma * ma + (mbb - mb * mb) + c2;
      total += ((2 * ma * mb + c1) * structure) / ((ma * ma + mb * mb + c1) * contrast);
    }
  }
  return total / (w * h);
}
