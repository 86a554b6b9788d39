import { type Picture, sameSize } from './metrics.ts';

/**
 * LDR-FLIP (Andersson et al., "FLIP: A Difference Evaluator for Alternating Images", 2020): the difference that an
 * observer sees who flips between two pictures, 0 (none) to 1. Constants are the paper's. Its Gaussians are separable
 * and are applied as such, in floats.
 */

/** 0.7 m from a 0.7 m wide 4K monitor, the paper's default. */
export const PIXELS_PER_DEGREE = 67;

type Planes = [Float32Array, Float32Array, Float32Array];

// Linear sRGB to XYZ over the D65 white point that the matrix itself implies.
const TO_XYZ = [
  [10135552 / 24577794, 8788810 / 24577794, 4435075 / 24577794],
  [2613072 / 12288897, 8788810 / 12288897, 887015 / 12288897],
  [1425312 / 73733382, 8788810 / 73733382, 70074185 / 73733382],
] as const;
const WHITE = TO_XYZ.map((row) => row[0] + row[1] + row[2]) as [number, number, number];

type Matrix = readonly [Triple, Triple, Triple];
type Triple = readonly [number, number, number];
const TO_RELATIVE = TO_XYZ.map((row, k) => row.map((value) => value / WHITE[k]!)) as unknown as Matrix;

/** The inverse of TO_RELATIVE, by cofactors. */
const FROM_RELATIVE = (() => {
  const [[a, b, c], [d, e, f], [g, h, i]] = TO_RELATIVE;
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / det)) as unknown as Matrix;
})();

const LINEAR = Float32Array.from({ length: 256 }, (_, i) => {
  const s = i / 255;
  return s > 0.04045 ? ((s + 0.055) / 1.055) ** 2.4 : s / 12.92;
});

/** YCxCz, the opponent space in which the eye's contrast sensitivity is applied. Written out: this runs for every pixel. */
function opponent({ width, height, data }: Picture): Planes {
  const count = width * height;
  const [py, pcx, pcz]: Planes = [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
  const [[xr, xg, xb], [yr, yg, yb], [zr, zg, zb]] = TO_RELATIVE;
  for (let i = 0, p = 0; i < count; i++, p += 4) {
    const r = LINEAR[data[p]!]!;
    const g = LINEAR[data[p + 1]!]!;
    const b = LINEAR[data[p + 2]!]!;
    const y = yr * r + yg * g + yb * b;
    py[i] = 116 * y - 16;
    pcx[i] = 500 * (xr * r + xg * g + xb * b - y);
    pcz[i] = 200 * (y - (zr * r + zg * g + zb * b));
  }
  return [py, pcx, pcz];
}

/** One pass along each axis, borders repeated. */
function separable(plane: Float32Array, width: number, height: number, kx: number[], ky: number[]): Float32Array {
  const between = new Float32Array(plane.length);
  const out = new Float32Array(plane.length);
  const rx = (kx.length - 1) / 2;
  const ry = (ky.length - 1) / 2;
  const padded = new Float32Array(width + 2 * rx);
  for (let y = 0; y < height; y++) {
    const row = plane.subarray(y * width, (y + 1) * width);
    padded.fill(row[0]!, 0, rx);
    padded.set(row, rx);
    padded.fill(row[width - 1]!, rx + width);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < kx.length; k++) sum += kx[k]! * padded[x + k]!;
      between[y * width + x] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < ky.length; k++) {
      const weight = ky[k]!;
      let from = Math.min(height - 1, Math.max(0, y + k - ry)) * width;
      for (let to = y * width; to < (y + 1) * width; to++, from++) out[to]! += weight * between[from]!;
    }
  }
  return out;
}

const kernel = (radius: number, f: (x: number) => number) =>
  Array.from({ length: 2 * radius + 1 }, (_, i) => f(i - radius));
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

/** Without the outer taps that no float would notice. */
function trimmed(taps: number[]): number[] {
  const first = taps.findIndex((tap) => tap > 1e-9);
  return taps.slice(first, taps.length - first);
}

/** Contrast sensitivity of one channel: a sum of Gaussians, each as [its share, its one-dimensional kernel]. */
function sensitivity(terms: [a: number, b: number][]): [number, number[]][] {
  const radius = Math.ceil(3 * Math.sqrt(0.04 / (2 * Math.PI ** 2)) * PIXELS_PER_DEGREE);
  const kernels = terms.map(([, b]) =>
    kernel(radius, (x) => Math.exp((-(Math.PI ** 2) * (x / PIXELS_PER_DEGREE) ** 2) / b)),
  );
  const mass = terms.map(([a, b], i) => a * Math.sqrt(Math.PI / b) * sum(kernels[i]!) ** 2);
  return kernels.map((taps, i) => [mass[i]! / sum(mass), trimmed(taps.map((tap) => tap / sum(taps)))]);
}

const SENSITIVITY = [
  sensitivity([[1, 0.0047]]),
  sensitivity([[1, 0.0053]]),
  sensitivity([
    [34.1, 0.04],
    [13.5, 0.025],
  ]),
];

const SIGMA = 0.5 * 0.082 * PIXELS_PER_DEGREE;
const FEATURE_RADIUS = Math.ceil(3 * SIGMA);
const bell = (x: number) => Math.exp(-(x ** 2) / (2 * SIGMA ** 2));
const SMOOTH = (() => {
  const taps = kernel(FEATURE_RADIUS, bell);
  return taps.map((tap) => tap / sum(taps));
})();

/** Negative and positive weights are each scaled to sum to one. */
function balanced(taps: number[]): number[] {
  const negative = -sum(taps.filter((tap) => tap < 0));
  const positive = sum(taps.filter((tap) => tap > 0));
  return taps.map((tap) => tap / (tap < 0 ? negative : positive));
}
const EDGE = balanced(kernel(FEATURE_RADIUS, (x) => -x * bell(x)));
const POINT = balanced(kernel(FEATURE_RADIUS, (x) => (x ** 2 / SIGMA ** 2 - 1) * bell(x)));

const labCurve = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);

/** A picture made ready: compare one truth with many results without filtering it again. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  readonly data: Picture['data'];
  readonly lab: Planes;
  readonly edges: Float32Array;
  readonly points: Float32Array;
}

/** YCxCz to L*a*b* in place, by way of displayable colours; chroma is scaled with lightness (Hunt effect). */
function toHuntLab([y, cx, cz]: Planes): void {
  const [[xr, xg, xb], [yr, yg, yb], [zr, zg, zb]] = TO_RELATIVE;
  const [[rx, ry, rz], [gx, gy, gz], [bx, by, bz]] = FROM_RELATIVE;
  for (let i = 0; i < y.length; i++) {
    const relative = (y[i]! + 16) / 116;
    const x = relative + cx[i]! / 500;
    const z = relative - cz[i]! / 200;
    const r = Math.min(1, Math.max(0, rx * x + ry * relative + rz * z));
    const g = Math.min(1, Math.max(0, gx * x + gy * relative + gz * z));
    const b = Math.min(1, Math.max(0, bx * x + by * relative + bz * z));
    const fy = labCurve(yr * r + yg * g + yb * b);
    const l = 116 * fy - 16;
    y[i] = l;
    cx[i] = 0.01 * l * 500 * (labCurve(xr * r + xg * g + xb * b) - fy);
    cz[i] = 0.01 * l * 200 * (fy - labCurve(zr * r + zg * g + zb * b));
  }
}

function weightedSum(parts: (readonly [number, Float32Array])[]): Float32Array {
  const out = new Float32Array(parts[0]![1].length);
  for (const [share, part] of parts) for (let i = 0; i < out.length; i++) out[i]! += share * part[i]!;
  return out;
}

export function see(picture: Picture): Seen {
  const { width, height } = picture;
  const planes = opponent(picture);
  const lab = planes.map((plane, c) =>
    weightedSum(SENSITIVITY[c]!.map(([share, taps]) => [share, separable(plane, width, height, taps, taps)] as const)),
  ) as Planes;
  toHuntLab(lab);
  const achromatic = planes[0];
  for (let i = 0; i < achromatic.length; i++) achromatic[i] = (achromatic[i]! + 16) / 116;
  const strength = (taps: number[]) => {
    const horizontal = separable(achromatic, width, height, taps, SMOOTH);
    const vertical = separable(achromatic, width, height, SMOOTH, taps);
    for (let i = 0; i < horizontal.length; i++) horizontal[i] = Math.sqrt(horizontal[i]! ** 2 + vertical[i]! ** 2);
    return horizontal;
  };
  return { width, height, data: picture.data, lab, edges: strength(EDGE), points: strength(POINT) };
}

const [COLOR_POWER, KNEE, KNEE_VALUE, FEATURE_POWER] = [0.7, 0.4, 0.95, 0.5];
/** The largest colour difference there is, green against blue. */
const MOST = (() => {
  const colors = opponent({ width: 2, height: 1, data: Uint8Array.of(0, 255, 0, 255, 0, 0, 255, 255) });
  toHuntLab(colors);
  const [l, a, b] = colors;
  return (Math.abs(l[0]! - l[1]!) + Math.hypot(a[0]! - a[1]!, b[0]! - b[1]!)) ** COLOR_POWER;
})();

/** Mean FLIP of two pictures made ready by `see`. */
export function flipOf(result: Seen, truth: Seen): number {
  sameSize(result, truth);
  const knee = KNEE * MOST;
  let total = 0;
  for (let i = 0; i < result.edges.length; i++) {
    const chroma = Math.sqrt((result.lab[1][i]! - truth.lab[1][i]!) ** 2 + (result.lab[2][i]! - truth.lab[2][i]!) ** 2);
    const power = (Math.abs(result.lab[0][i]! - truth.lab[0][i]!) + chroma) ** COLOR_POWER;
    const color =
      power < knee ? (KNEE_VALUE / knee) * power : KNEE_VALUE + ((power - knee) / (MOST - knee)) * (1 - KNEE_VALUE);
    const feature = Math.max(
      Math.abs(result.edges[i]! - truth.edges[i]!),
      Math.abs(result.points[i]! - truth.points[i]!),
    );
    total += color ** (1 - (Math.SQRT1_2 * feature) ** FEATURE_POWER);
  }
  return total / result.edges.length;
}

export const flip = (result: Picture, truth: Picture) => flipOf(see(result), see(truth));
