import type { Picture } from './metrics.ts';

/** Keys' cubic with a = -0.5, as MATLAB's imresize uses it. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t <= 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

interface Taps {
  readonly indices: Int32Array;
  readonly weights: Float64Array;
  readonly count: number;
}

/** Source pixels and weights of every output pixel along one axis; when shrinking, the kernel widens to cut aliases. */
function tapsFor(from: number, to: number): Taps {
  const scale = to / from;
  const shrink = Math.min(1, scale);
  const width = 4 / shrink;
  const count = Math.ceil(width) + 2;
  const indices = new Int32Array(to * count);
  const weights = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) / scale - 0.5;
    const left = Math.floor(center - width / 2 + 1) - 1;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = shrink * cubic(shrink * (center - (left + k)));
      weights[i * count + k] = weight;
      sum += weight;
      // Mirrored at the borders, the edge pixel repeated.
      const period = 2 * from;
      const folded = (((left + k) % period) + period) % period;
      indices[i * count + k] = folded < from ? folded : period - 1 - folded;
    }
    for (let k = 0; k < count; k++) weights[i * count + k]! /= sum;
  }
  return { indices, weights, count };
}

/** Bicubic with antialiasing, as MATLAB's imresize: kept in floats between the axes, rounded to 8 bit once. Alpha comes out opaque. */
export function resize(picture: Picture, width: number, height: number): Picture {
  const { data } = picture;
  const columns = tapsFor(picture.width, width);
  const rows = tapsFor(picture.height, height);
  const between = new Float32Array(picture.width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < rows.count; k++) {
      const weight = rows.weights[y * rows.count + k]!;
      if (weight === 0) continue;
      let from = rows.indices[y * rows.count + k]! * picture.width * 4;
      let to = y * picture.width * 3;
      for (let x = 0; x < picture.width; x++, from += 4, to += 3) {
        between[to]! += weight * data[from]!;
        between[to + 1]! += weight * data[from + 1]!;
        between[to + 2]! += weight * data[from + 2]!;
      }
    }
  }
  const out = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [r, g, b] = [0, 0, 0];
      for (let k = 0; k < columns.count; k++) {
        const weight = columns.weights[x * columns.count + k]!;
        const from = (y * picture.width + columns.indices[x * columns.count + k]!) * 3;
        r += weight * between[from]!;
        g += weight * between[from + 1]!;
        b += weight * between[from + 2]!;
      }
      const to = (y * width + x) * 4;
      out[to] = r;
      out[to + 1] = g;
      out[to + 2] = b;
      out[to + 3] = 255;
    }
  }
  return { width, height, data: out };
}

/** The top left part of a picture. */
export function crop(picture: Picture, width: number, height: number): Picture {
  if (width === picture.width && height === picture.height) return picture;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    data.set(picture.data.subarray(y * picture.width * 4, (y * picture.width + width) * 4), y * width * 4);
  }
  return { width, height, data };
}

/** The mean of whole blocks of `factor` x `factor` pixels. */
export function boxShrink(picture: Picture, factor: number): Picture {
  const width = picture.width / factor;
  const height = picture.height / factor;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [r, g, b] = [0, 0, 0];
      for (let v = 0; v < factor; v++) {
        let from = ((y * factor + v) * picture.width + x * factor) * 4;
        for (let u = 0; u < factor; u++, from += 4) {
          r += picture.data[from]!;
          g += picture.data[from + 1]!;
          b += picture.data[from + 2]!;
        }
      }
      const to = (y * width + x) * 4;
      data[to] = r / factor ** 2;
      data[to + 1] = g / factor ** 2;
      data[to + 2] = b / factor ** 2;
    }
  }
  return { width, height, data };
}

/** How many pixels a crop may give up to make a length an exact multiple of the ratio. */
const MOST_GIVEN_UP = 16;

/**
 * Cuts a display length so that it is `ratio` times a whole render length (a multiple of `step`). Ratios such as 1.37 that
 * meet a whole number too rarely take the nearest size instead, and the true ratio is then a hair off.
 */
export function fitLength(length: number, ratio: number, step = 1): { display: number; render: number } {
  const most = Math.floor(length / ratio / step + 1e-9) * step;
  for (
    let render = most;
    render > 0 && length - render * ratio <= MOST_GIVEN_UP * Math.max(1, step / 2);
    render -= step
  ) {
    const display = Math.round(render * ratio);
    if (Math.abs(render * ratio - display) < 1e-6) return { display, render };
  }
  return { display: Math.min(length, Math.round(most * ratio)), render: most };
}
