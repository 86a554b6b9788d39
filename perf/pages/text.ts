import { base64Of, encodePicture } from './picture.ts';

/**
 * Rendered text to measure networks for screens with, drawn in the page. The type is Inter, with which nothing is trained.
 *
 * Every letter is drawn at eight times the size and averaged over 8x8: the outline's own coverage at any sub-pixel
 * position, the same on every machine, whatever its hinting and font smoothing are.
 */

const FACES = [
  () => import('@pmndrs/assets/fonts/inter_regular.woff.js'),
  () => import('@pmndrs/assets/fonts/inter_medium.woff.js'),
  () => import('@pmndrs/assets/fonts/inter_bold.woff.js'),
  () => import('@pmndrs/assets/fonts/inter_italic.woff.js'),
];
const FINER = 8;
const SIZE = [320, 192] as const; // pixels of truth
const SENTENCES = [
  'Sphinx of black quartz, judge my vow.',
  'The quick brown fox jumps over the lazy dog, 0123456789.',
  'File  Edit  View  Settings  Help  Cancel  Save as...',
  'if (node.size > MAX_SIZE) return parse(line[i]);',
  'Il1 O0Q 8B5S rn m cl d vv w; (a+b) = 42, home: 50%',
  'Pack my box with five dozen liquor jugs, Why? Jazz!',
  'minimum illumination, fluffy waffles, AVATAR, Typing',
];

export interface Polarity {
  name: string;
  ground: string;
  ink: string;
}

export const POLARITIES: Polarity[] = [
  { name: 'dark-on-light', ground: '#ffffff', ink: '#101010' },
  { name: 'light-on-dark', ground: '#121212', ink: '#f0f0f0' },
];

let loaded: Promise<void> | undefined;

async function loadFonts(): Promise<void> {
  for (const [face, read] of FACES.entries()) {
    const { default: url } = await read();
    document.fonts.add(await new FontFace(`measured-${face}`, `url(${url})`).load());
  }
}

/**
 * One picture of lines of text.
 * @param size letters' em, pixels of the picture
 * @param shift pixels by which all is moved to the right, a multiple of 1/8
 */
export async function drawText(size: number, face: number, polarity: Polarity, shift = 0): Promise<Blob> {
  loaded ??= loadFonts();
  await loaded;
  const [width, height] = SIZE;
  const canvas = new OffscreenCanvas(width * FINER, height * FINER);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = polarity.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = polarity.ink;
  context.font = `${size * FINER}px measured-${face % FACES.length}`;
  context.textRendering = 'geometricPrecision';
  const step = Math.round(size * 1.4 * FINER) + 3; // 3: each line at another eighth of a pixel
  for (let line = 0; (line + 1) * step < canvas.height + step; line++) {
    const text = SENTENCES[(line + face) % SENTENCES.length]!;
    const left = 3 * FINER + ((line * 5) % FINER) + shift * FINER;
    context.fillText(`${text} ${text} ${text}`, left, (line + 1) * step);
  }
  const fine = context.getImageData(0, 0, canvas.width, canvas.height).data;
  return encodePicture({ width, height, data: averaged(fine, width, height) });
}

/** Means over FINER x FINER pixels, RGBA. */
function averaged(fine: Uint8ClampedArray, width: number, height: number): Uint8ClampedArray {
  const sums = new Float64Array(width * height * 4);
  const row = width * FINER * 4;
  for (let i = 0; i < fine.length; i++) {
    const y = Math.floor(i / row / FINER);
    const x = Math.floor((i % row) / 4 / FINER);
    sums[(y * width + x) * 4 + (i % 4)]! += fine[i]!;
  }
  return Uint8ClampedArray.from(sums, (sum) => sum / FINER ** 2);
}

/** The whole set for these sizes, both polarities: PNGs in base64 by name. */
export async function drawSet(sizes: number[]): Promise<{ name: string; png: string }[]> {
  const pictures = [];
  for (const [i, size] of sizes.entries()) {
    for (const [k, polarity] of POLARITIES.entries()) {
      const png = await base64Of(await drawText(size, i + 2 * k, polarity));
      pictures.push({ name: `${String(size).padStart(2, '0')}px-${polarity.name}`, png });
    }
  }
  return pictures;
}
