import { isSubsampled } from '../../src/video.ts';
import type { MethodSpec } from '../methods.ts';
import { base64Of, createContext, encodePicture } from './picture.ts';
import { PngWriter } from './png.ts';
import { createRunner } from './runners.ts';
import { type Tile, tilesOf } from './tiles.ts';

/** `upscale` of a picture, the page's half: tile by tile, a band of tiles at a time. */

declare global {
  /** Given by perf/upscale.ts: writes bytes into the output file at a position. */
  function upframeWrite(position: number, base64: string): Promise<void>;
  function upframeProgress(done: number, total: number): Promise<void>;
}

export interface PictureJob {
  url: string;
  name: string;
  spec: MethodSpec;
  ratio: number;
  sharpness: number;
  type: 'image/png' | 'image/jpeg' | 'image/webp';
  /** Source pixels of a tile; the default suits, tests take less. */
  core?: number;
}

/** Display sizes that the browser's own encoders take. */
const MOST_ENCODED = { 'image/png': Number.POSITIVE_INFINITY, 'image/jpeg': 16384, 'image/webp': 16383 };

async function open(url: string, name: string): Promise<{ bitmap: ImageBitmap; subsampled: boolean }> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`upframe: ${name} could not be read (status ${response.status})`);
  try {
    const file = await response.blob();
    // Profiles are turned into sRGB, which is what the result is labelled as.
    const bitmap = await createImageBitmap(file, { premultiplyAlpha: 'premultiply' });
    return { bitmap, subsampled: isSubsampled(new Uint8Array(await file.arrayBuffer())) };
  } catch {
    throw new Error(`upframe: ${name} is not a picture that can be read`);
  }
}

/** The pixels of a part of a bitmap, alpha multiplied in as textures for the upscaler are. */
async function partOf(gl: WebGL2RenderingContext, bitmap: ImageBitmap, { x, y, width, height }: Tile['from']) {
  const part = await createImageBitmap(bitmap, x, y, width, height, {
    imageOrientation: 'flipY',
    premultiplyAlpha: 'premultiply',
  });
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, part);
  gl.bindTexture(gl.TEXTURE_2D, null);
  part.close();
  return texture;
}

/** Divides the alpha back out; true where any pixel is not opaque. */
function straighten(data: Uint8Array | Uint8ClampedArray): boolean {
  let translucent = false;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 255) continue;
    translucent = true;
    for (let c = i; alpha > 0 && c < i + 3; c++) data[c] = Math.min(255, Math.round((data[c]! * 255) / alpha));
  }
  return translucent;
}

function isTranslucent(bitmap: ImageBitmap): boolean {
  // Shrunk to a few hundred pixels each way, any patch of translucency still shows.
  const width = Math.min(512, bitmap.width);
  const height = Math.min(512, bitmap.height);
  const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  pen.drawImage(bitmap, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  for (let i = 3; i < data.length; i += 4) if (data[i]! < 255) return true;
  return false;
}

export async function upscalePicture(job: PictureJob): Promise<{ from: [number, number]; to: [number, number] }> {
  const { bitmap, subsampled } = await open(job.url, job.name);
  const { width, height } = bitmap;
  const bands = tilesOf(width, height, job.ratio, job.core);
  const size: [number, number] = [Math.round(width * job.ratio), Math.round(height * job.ratio)];
  const most = MOST_ENCODED[job.type];
  if (Math.max(...size) > most) {
    throw new Error(`upframe: the result would be ${size.join('x')}; ${job.type} ends at ${most} here, write a .png`);
  }
  const gl = createContext();
  const runner = await createRunner(gl, job.spec, job.ratio, {}, job.sharpness);
  let position = 0;
  const write = async (bytes: Uint8Array | Blob) => {
    const at = position;
    position += bytes instanceof Blob ? bytes.size : bytes.length;
    await upframeWrite(at, await base64Of(bytes));
  };
  const png = job.type === 'image/png' ? new PngWriter(size[0], size[1], isTranslucent(bitmap) ? 4 : 3, write) : null;
  const whole = png ? null : new Uint8ClampedArray(size[0] * size[1] * 4);
  const total = bands.length * bands[0]!.length;
  let done = 0;
  for (const band of bands) {
    const { y, height: rows } = band[0]!.to;
    const stripe =
      whole?.subarray(y * size[0] * 4, (y + rows) * size[0] * 4) ?? new Uint8ClampedArray(size[0] * rows * 4);
    for (const tile of band) {
      const color = await partOf(gl, bitmap, tile.from);
      const renderSize = [tile.from.width, tile.from.height] as const;
      const picture = await runner.picture(
        { color, renderSize, origin: 'bottom-left', subsampled, jitter: [0, 0], reset: true },
        tile.displaySize,
      );
      gl.deleteTexture(color);
      for (let row = 0; row < rows; row++) {
        const start = ((tile.offset.y + row) * picture.width + tile.offset.x) * 4;
        stripe.set(picture.data.subarray(start, start + tile.to.width * 4), (row * size[0] + tile.to.x) * 4);
      }
      await upframeProgress(++done, total);
    }
    straighten(stripe);
    await png?.rows(stripe);
  }
  await png?.finish();
  if (whole) await write(await encodePicture({ width: size[0], height: size[1], data: whole }, job.type));
  runner.dispose();
  bitmap.close();
  return { from: [width, height], to: size };
}
