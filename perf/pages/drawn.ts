import type { Picture } from '../metrics.ts';
import { encodePicture } from './picture.ts';

/**
 * Pictures made by arithmetic, the same on every machine: what cards are measured on where no pictures are at hand.
 * Each holds one kind of detail; coordinates are pixels, colours 0..255.
 */

const [WIDTH, HEIGHT] = [256, 192];

type Color = readonly [red: number, green: number, blue: number];
type Paint = (x: number, y: number) => Color;

const mix = (a: Color, b: Color, share: number): Color => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** Coverage of a pixel by what lies `distance` pixels away, negative inside. */
const cover = (distance: number) => Math.min(1, Math.max(0, 0.5 - distance));

function toSegment(x: number, y: number, [x0, y0, x1, y1]: readonly number[]): number {
  const [dx, dy] = [x1! - x0!, y1! - y0!];
  const t = Math.min(1, Math.max(0, ((x - x0!) * dx + (y - y0!) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0! - t * dx, y - y0! - t * dy);
}

/** Letters as strokes on a grid 2 wide and 4 high, corners numbered by rows from 0 (top left) to 14 (bottom right). */
const LETTERS: Record<string, readonly (readonly number[])[]> = {
  U: [[0, 9, 13, 11, 2]],
  P: [[12, 0, 1, 5, 7, 6]],
  F: [
    [2, 0, 12],
    [6, 7],
  ],
  R: [
    [12, 0, 1, 5, 7, 6],
    [7, 14],
  ],
  A: [
    [12, 1, 14],
    [9, 11],
  ],
  M: [[12, 0, 7, 2, 14]],
  E: [
    [2, 0, 12, 14],
    [6, 7],
  ],
  K: [
    [0, 12],
    [2, 6, 14],
  ],
  W: [[0, 12, 7, 14, 2]],
};

/** The strokes of a line of text whose letters are `size` pixels high. */
function strokes(text: string, left: number, top: number, size: number): number[][] {
  const step = size / 4;
  return [...text].flatMap((letter, i) =>
    (LETTERS[letter] ?? []).flatMap((line) =>
      line.slice(1).map((to, k) => {
        const point = (at: number) => [left + (i * 3 + (at % 3)) * step, top + Math.floor(at / 3) * step];
        return [...point(line[k]!), ...point(to)];
      }),
    ),
  );
}

const TEXT = [7, 9, 11, 14, 18, 24, 32].flatMap((size, i) =>
  strokes(
    'UPFRAME MAKER WARM FRAME PARK'.slice(i % 3),
    8.3 + i * 0.37,
    [6, 20, 36, 54, 76, 104, 142][i]! + 0.21 * i,
    size,
  ),
);

/** Dark on light in the left, light on dark in the right; strokes of 1.3 to 3 pixels. */
const text: Paint = (x, y) => {
  let ink = 0;
  for (const stroke of TEXT) ink = Math.max(ink, cover(toSegment(x, y, stroke) - 0.65 - y / 220));
  const side = cover(x - 128 - y * 0.11);
  return mix(mix([24, 32, 52], [238, 236, 226], side), mix([255, 214, 96], [30, 30, 38], side), ink);
};

/** Discs, rings, leaning bars and thin lines before a gradient. */
const shapes: Paint = (x, y) => {
  let color: Color = [60 + x * 0.5, 90 + y * 0.6, 190 - x * 0.4];
  for (let i = 0; i < 9; i++) {
    const distance = Math.hypot(x - 22 - ((i * 83) % 230), y - 20 - ((i * 59) % 160)) - 9 - ((i * 7) % 19);
    const tint: Color = [(i * 97 + 60) % 256, (i * 53 + 20) % 256, (i * 149 + 90) % 256];
    color = mix(color, tint, cover(i % 3 === 2 ? Math.abs(distance) - 1.2 : distance));
  }
  const bars = Math.abs(((x * 0.94 + y * 0.34) % 9) - 4.5) - 2.1;
  color = mix(color, [250, 246, 236], cover(bars) * cover(y - 60) * cover(150 - x));
  const fan = Math.atan2(y - 192, x - 20);
  const spoke = Math.abs((((fan * 14) / Math.PI + 28) % 1) - 0.5) * Math.hypot(x - 20, y - 192) * 0.22 - 0.7;
  return mix(color, [20, 22, 30], cover(spoke) * cover(Math.hypot(x - 20, y - 192) - 120));
};

/** An integer hash (Jarzynski and Olano 2020, the shape of PCG) of a lattice point, 0 to 1. */
function hash(x: number, y: number): number {
  let v = (Math.imul(x, 1597334677) ^ Math.imul(y, 3812015801)) >>> 0;
  v = Math.imul(v ^ (v >>> 15), 2246822519) >>> 0;
  v = Math.imul(v ^ (v >>> 13), 3266489917) >>> 0;
  return ((v ^ (v >>> 16)) >>> 0) / 4294967296;
}

function noise(x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const smooth = (t: number) => t * t * (3 - 2 * t);
  const [u, v] = [smooth(x - i), smooth(y - j)];
  const row = (k: number) => hash(i, k) + (hash(i + 1, k) - hash(i, k)) * u;
  return row(j) + (row(j + 1) - row(j)) * v;
}

const octaves = (x: number, y: number) =>
  [64, 32, 16, 8, 4, 2].reduce((sum, size, i) => sum + (noise(x / size + i * 17, y / size) - 0.5) * 0.72 ** i, 0);

/** Rock and water: noise of all sizes, and ripples of growing fineness. */
const textures: Paint = (x, y) => {
  const rough = 128 + 95 * octaves(x, y);
  const ripple = 128 + 80 * Math.sin((x + 30 * octaves(x * 0.5, y * 0.5)) * (0.2 + y * 0.006));
  const shore = cover((y - 96 - 26 * octaves(x * 0.6, 400)) * 0.4);
  return mix([ripple * 0.6, ripple * 0.85, 60 + ripple * 0.7], [rough * 1.05, rough * 0.9, rough * 0.7], shore);
};

function render(paint: Paint): Picture {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i += 4) data.set([...paint(x + 0.5, y + 0.5), 255], i);
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** The pictures as addresses that this page can fetch. */
export async function pictures(): Promise<{ name: string; url: string }[]> {
  const all = Object.entries({ text, shapes, textures });
  return Promise.all(
    all.map(async ([name, paint]) => ({ name, url: URL.createObjectURL(await encodePicture(render(paint))) })),
  );
}
