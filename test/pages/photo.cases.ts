/** Runs in the page: pictures made for the photo demo's tests, and its tiles against one piece. */
import { cardOf } from '../../demos/photo/cards';
import { createFigures } from '../../demos/photo/figures';
import { upscaleTiles } from '../../demos/photo/tiles';
import { resize } from '../../perf/resize';
import { createUpscaler, pictureModels, type UpscalerOptions } from '../../src/index';
import { levelsOf, TrustMap } from '../../src/render/trust';
import { dropFile } from './look.cases';

const CORNERS = ['#e02020', '#20c040', '#2040e0', '#e0d020'] as const;

/** Four quarters of four colours, so that any turn or flip shows. */
function quarters(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d')!;
  CORNERS.forEach((color, i) => {
    pen.fillStyle = color;
    pen.fillRect((i % 2) * (width / 2), Math.floor(i / 2) * (height / 2), width / 2, height / 2);
  });
  return canvas;
}

export async function dropQuarters(width: number, height: number): Promise<void> {
  dropFile(new File([await quarters(width, height).convertToBlob()], 'quarters.png', { type: 'image/png' }));
}

/** A JPEG whose pixels lie on their side, with the EXIF note (orientation 6) that says so. */
export async function dropSideways(width: number, height: number): Promise<void> {
  const canvas = new OffscreenCanvas(height, width);
  const pen = canvas.getContext('2d')!;
  pen.translate(0, width);
  pen.rotate(-Math.PI / 2);
  pen.drawImage(quarters(width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.98 });
  const jpeg = new Uint8Array(await blob.arrayBuffer());
  // APP1 "Exif", a TIFF header (big endian), one directory with one entry: tag 0x0112, SHORT, 1 value, 6.
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const segment = [0xff, 0xe1, 0, exif.length + 2, ...exif];
  const file = new File([jpeg.slice(0, 2), new Uint8Array(segment), jpeg.slice(2)], 'side.jpg', { type: 'image/jpeg' });
  dropFile(file);
}

/** 24 megapixels, as cameras make them. */
export async function dropLarge(): Promise<void> {
  const canvas = new OffscreenCanvas(6000, 4000);
  const pen = canvas.getContext('2d')!;
  pen.drawImage(quarters(600, 400), 0, 0, 6000, 4000);
  dropFile(new File([await canvas.convertToBlob({ type: 'image/jpeg' })], 'large.jpg', { type: 'image/jpeg' }));
}

function confetti(width: number, height: number): OffscreenCanvas {
  const picture = new OffscreenCanvas(width, height);
  const pen = picture.getContext('2d', { willReadFrequently: true })!;
  for (let i = 0; i < 400; i++) {
    pen.fillStyle = `rgb(${(i * 37) % 256} ${(i * 91) % 256} ${(i * 53) % 256})`;
    pen.fillRect((i * 71) % width, (i * 43) % height, 3 + (i % 9), 2 + (i % 7));
  }
  return picture;
}

/**
 * Share of the values that differ by more than 2 of 255 between a picture upscaled in small tiles and in one. A seam of
 * one pixel would be 2 to 4%; a few values differ because the anti-ringing clamp turns on rounding in the last bit.
 */
export async function seams(size: [number, number], options: UpscalerOptions & { ratio: number }): Promise<number> {
  const [width, height] = size;
  const picture = confetti(width, height);
  const gl = document.createElement('canvas').getContext('webgl2')!;
  const upscaler = await createUpscaler(gl, options);
  const run = async (tile: number) => {
    const output = new OffscreenCanvas(Math.round(width * options.ratio), Math.round(height * options.ratio));
    const to = output.getContext('2d', { willReadFrequently: true })!;
    let count = 0;
    await upscaleTiles(upscaler, picture, {
      ratio: options.ratio,
      tile,
      onTile(piece) {
        to.drawImage(piece.canvas, ...piece.from, ...piece.to);
        count = piece.total;
      },
    });
    return { count, data: to.getImageData(0, 0, output.width, output.height).data };
  };
  const many = await run(48);
  const one = await run(512);
  if (many.count < 4 || one.count !== 1) throw new Error(`${many.count} and ${one.count} tiles`);
  if (upscaler.stats.fallback) throw new Error(`fell back to ${upscaler.stats.fallback}`);
  upscaler.dispose();
  const different = one.data.filter((value, i) => Math.abs(value - many.data[i]!) > 2);
  return different.length / one.data.length;
}

export interface Trust {
  /** Tiles the picture was measured in. */
  tiles: number;
  /** Largest error of a departure, in levels of 255, against the result shrunk on the CPU. */
  worst: number;
  /** Mean departure and mean addition in levels. */
  departure: number;
  addition: number;
}

/** The trust map of a picture made and measured in tiles, against the same worked out on the CPU. */
export async function trust(size: [number, number], options: UpscalerOptions & { ratio: number }): Promise<Trust> {
  const [width, height] = size;
  const { ratio } = options;
  const picture = confetti(width, height);
  // Opaque: what lies between the shapes has no colour that the CPU could compare.
  const ground = picture.getContext('2d')!;
  ground.globalCompositeOperation = 'destination-over';
  ground.fillStyle = '#667';
  ground.fillRect(0, 0, width, height);
  const gl = document.createElement('canvas').getContext('webgl2')!;
  const upscaler = await createUpscaler(gl, options);
  const map = new TrustMap(upscaler);
  const output = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
  const to = output.getContext('2d', { willReadFrequently: true })!;
  const measured = new Uint8Array(width * height * 4);
  let tiles = 0;
  await upscaleTiles(upscaler, picture, {
    ratio,
    tile: 48,
    onTile: (tile) => to.drawImage(tile.canvas, ...tile.from, ...tile.to),
    trust: {
      map,
      onTrust([left, top, w, h], bytes) {
        tiles++;
        for (let y = 0; y < h; y++) {
          measured.set(bytes.subarray(y * w * 4, (y + 1) * w * 4), ((top + y) * width + left) * 4);
        }
      },
    },
  });
  map.dispose();
  upscaler.dispose();
  if (gl.getError()) throw new Error('GL error');
  const small = resize(to.getImageData(0, 0, output.width, output.height), width, height).data;
  const { data } = picture.getContext('2d')!.getImageData(0, 0, width, height);
  const result: Trust = { tiles, worst: 0, departure: 0, addition: 0 };
  // At the borders the CPU mirrors the picture and the tiles repeat its edge.
  const border = 4;
  let count = 0;
  for (let y = border; y < height - border; y++) {
    for (let x = border; x < width - border; x++, count++) {
      const i = (y * width + x) * 4;
      const difference = Math.max(...[0, 1, 2].map((c) => Math.abs(small[i + c]! - data[i + c]!)));
      const departure = levelsOf(measured[i]!);
      // A byte of the map is coarser the more it says.
      const step = levelsOf(measured[i]! + 1) - departure;
      result.worst = Math.max(result.worst, Math.abs(departure - difference) - step);
      result.departure += departure;
      result.addition += levelsOf(measured[i + 1]!);
    }
  }
  result.departure /= count;
  result.addition /= count;
  return result;
}

/** What each built-in model's card says to a visitor. */
export function cards(): { model: string; summary: string; invents: boolean }[] {
  return pictureModels.map((model) => ({ model, ...cardOf(model) }));
}

/** What the plate of numbers says of a model that invents, or does not, and whether its button leads to the trust view. */
export function warningFor(invents: boolean): { text: string; leads: boolean } {
  const parent = document.createElement('div');
  let leads = false;
  const figures = createFigures(parent, {
    onCancel() {},
    onTrust() {
      leads = true;
    },
  });
  figures.about('', invents);
  const warning = parent.querySelector<HTMLElement>('.hud-warning:not([hidden])');
  warning?.querySelector('button')?.click();
  return { text: warning?.textContent ?? '', leads };
}
