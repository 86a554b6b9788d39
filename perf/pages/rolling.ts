import { base64Of, encodePicture } from './picture.ts';

/**
 * A clip worked out here, so that no network has seen it and no file is needed: a camera moves over ground with detail
 * at every size, an edge of hills, a smooth sky and a ball that rolls.
 */

const WIDTH = 320;
const HEIGHT = 192;
const FRAMES = 14;

type Rgb = [number, number, number];

const fraction = (value: number) => value - Math.floor(value);
const hash = (x: number, y: number) => fraction(Math.sin(x * 127.1 + y * 311.7) * 43758.5453);
const smooth = (t: number) => t * t * (3 - 2 * t);

function noise(x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(x - i), smooth(y - j)];
  const top = hash(i, j) * (1 - u) + hash(i + 1, j) * u;
  const bottom = hash(i, j + 1) * (1 - u) + hash(i + 1, j + 1) * u;
  return top * (1 - v) + bottom * v;
}

const rough = (x: number, y: number) =>
  [0.02, 0.05, 0.12, 0.28, 0.6].reduce((sum, scale) => sum + (0.09 / scale ** 0.55) * noise(x * scale, y * scale), 0);

function seen(x: number, y: number, t: number): Rgb {
  const [dx, dy] = [x - 60 - 9 * t, y - 140];
  if (Math.hypot(dx, dy) < 30) {
    const light = 1 - Math.hypot(dx + 10, dy + 12) / 60;
    const red = Math.sin(Math.atan2(dy, dx) * 5 - t * 0.3) > 0;
    return red ? [230 * light, 40 * light, 50 * light] : [240 * light, 235 * light, 220 * light];
  }
  const worldX = x + 2.3 * t;
  const hill = 60 + 26 * Math.sin(worldX * 0.02) + 9 * Math.sin(worldX * 0.083);
  if (y < hill) return [120 + y * 0.6, 165 + y * 0.4, 215 + y * 0.1];
  const level = rough(worldX, y + 0.4 * t);
  return [20 + 90 * level, 35 + 105 * level, 15 + 55 * level];
}

/** The frames as PNG in base64: four samples a pixel. */
export async function frames(): Promise<string[]> {
  const result: string[] = [];
  for (let t = 0; t < FRAMES; t++) {
    const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const sum: Rgb = [0, 0, 0];
      for (const [u, v] of [0.25, 0.75].flatMap((u) => [0.25, 0.75].map((v) => [u, v] as const))) {
        for (const [c, value] of seen((i % WIDTH) + u, Math.floor(i / WIDTH) + v, t).entries()) sum[c]! += value / 4;
      }
      data.set(sum, i * 4);
    }
    result.push(await base64Of(await encodePicture({ width: WIDTH, height: HEIGHT, data })));
  }
  return result;
}
