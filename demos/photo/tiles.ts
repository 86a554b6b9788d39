/** A still picture of any size through an upscaler, tile by tile: no texture grows with the picture, and the page stays alive. */
import type { FrameInput, Upscaler } from '../../src/index';
import type { TrustMap } from '../../src/render/trust';

export type Picture = (ImageBitmap | HTMLCanvasElement | OffscreenCanvas | HTMLImageElement) & {
  readonly width: number;
  readonly height: number;
};

/** x, y, width and height in pixels. */
export type Box = readonly [x: number, y: number, width: number, height: number];

export interface Tile {
  /** Holds the upscaled tile until the callback returns. */
  canvas: HTMLCanvasElement | OffscreenCanvas;
  /** The part of `canvas` to take (without the overlap), and where in the output picture it goes. Same size. */
  from: Box;
  to: Box;
  /** Tiles finished, this one included. */
  done: number;
  total: number;
}

export interface TileOptions {
  /** Output size over input size per axis, 1 to 3, up to two decimals. */
  ratio: number;
  /** The picture's chroma is at half the resolution, as in most JPEG. Default false. */
  subsampled?: boolean;
  /** Gets each tile when it is drawn. */
  onTile(tile: Tile): void;
  /** Measures each tile against its input; `onTrust` gets its bytes and where they lie in the input picture, before the next tile. */
  trust?: { map: TrustMap; onTrust(box: Box, bytes: Uint8Array): void };
  /** Input pixels a tile adds to the picture, per axis. Default 512: some MB of textures, tens of milliseconds. */
  tile?: number;
  /** Input pixels around a tile that the network sees but that are not kept. Default 16, beyond any built-in model's reach. */
  overlap?: number;
  /** Aborting rejects with the signal's reason; tiles drawn so far stay drawn. */
  signal?: AbortSignal;
}

/** Size of the output picture in pixels. */
export function outputSize(picture: { width: number; height: number }, ratio: number): [number, number] {
  return [Math.round(picture.width * ratio), Math.round(picture.height * ratio)];
}

/** The smallest count of input pixels that is a whole count of output pixels: tiles cut there stay on the output's grid. */
function gridOf(ratio: number): number {
  for (let count = 1; count <= 100; count++) {
    const output = count * ratio;
    if (Math.abs(output - Math.round(output)) < 1e-6) return count;
  }
  throw new RangeError(`upframe: ratio is ${ratio}; for pictures in tiles it may have two decimals`);
}

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/**
 * Upscales `picture` with the upscaler's own settings. Its context's canvas is resized and drawn into: give it one of its own.
 * @throws the signal's reason when aborted
 */
export async function upscaleTiles(upscaler: Upscaler, picture: Picture, options: TileOptions): Promise<void> {
  const { ratio, subsampled = false, onTile, signal, trust } = options;
  const { width, height } = picture;
  const [outputWidth, outputHeight] = outputSize(picture, ratio);
  const grid = gridOf(ratio);
  const overlap = roundUp(options.overlap ?? 16, grid);
  const side = roundUp(options.tile ?? 512, grid);
  // All tiles have one size, so that the network's textures are made once.
  const step = [Math.min(side, roundUp(width, grid)), Math.min(side, roundUp(height, grid))] as const;
  const input = new OffscreenCanvas(step[0] + 2 * overlap, step[1] + 2 * overlap);
  const pen = input.getContext('2d')!;
  pen.imageSmoothingEnabled = false;
  const { gl } = upscaler;
  const scaled = (pixels: number) => Math.round(pixels * ratio);
  const columns = Math.ceil(width / step[0]);
  const total = columns * Math.ceil(height / step[1]);

  upscaler.reset();
  let texture: WebGLTexture | null = null;
  try {
    for (let index = 0; index < total; ) {
      signal?.throwIfAborted();
      if (gl.isContextLost()) {
        await restored(gl, signal);
        texture = null;
      }
      const x = (index % columns) * step[0];
      const y = Math.floor(index / columns) * step[1];
      cut(pen, picture, x - overlap, y - overlap);
      texture ??= createTexture(gl);
      upload(gl, texture, input);
      gl.canvas.width = scaled(input.width);
      gl.canvas.height = scaled(input.height);
      const renderSize = [input.width, input.height] as const;
      const frame: FrameInput = { color: texture, renderSize, origin: 'top-left', subsampled };
      upscaler.render(frame);
      if (gl.isContextLost()) continue;
      trust?.map.measure(frame, [gl.canvas.width, gl.canvas.height]);
      const to = [
        scaled(x),
        scaled(y),
        Math.min(scaled(step[0]), outputWidth - scaled(x)),
        Math.min(scaled(step[1]), outputHeight - scaled(y)),
      ] as const;
      index++;
      const from = [scaled(overlap), scaled(overlap), to[2], to[3]] as const;
      onTile({ canvas: gl.canvas, from, to, done: index, total });
      await finished(gl);
      signal?.throwIfAborted();
      if (!trust) continue;
      if (gl.isContextLost()) index--;
      else {
        const box = [x, y, Math.min(step[0], width - x), Math.min(step[1], height - y)] as const;
        trust.onTrust(box, trust.map.read([overlap, overlap, box[2], box[3]]));
      }
    }
    signal?.throwIfAborted();
  } finally {
    gl.deleteTexture(texture);
  }
}

/** Fills the pen's canvas with the picture from (x, y) on; beyond the picture its border pixels go on, as the filters' clamping has it. */
function cut(pen: OffscreenCanvasRenderingContext2D, picture: Picture, x: number, y: number): void {
  const { canvas } = pen;
  const { width, height } = canvas;
  const left = Math.max(0, -x);
  const top = Math.max(0, -y);
  const right = Math.min(width, picture.width - x);
  const bottom = Math.min(height, picture.height - y);
  pen.clearRect(0, 0, width, height);
  const [w, h] = [right - left, bottom - top];
  pen.drawImage(picture, x + left, y + top, w, h, left, top, w, h);
  if (left > 0) pen.drawImage(canvas, left, top, 1, h, 0, top, left, h);
  if (right < width) pen.drawImage(canvas, right - 1, top, 1, h, right, top, width - right, h);
  if (top > 0) pen.drawImage(canvas, 0, top, width, 1, 0, 0, width, top);
  if (bottom < height) pen.drawImage(canvas, 0, bottom - 1, width, 1, 0, bottom, width, height - bottom);
}

function createTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.bindTexture(gl.TEXTURE_2D, null);
  return texture;
}

function upload(gl: WebGL2RenderingContext, texture: WebGLTexture, source: OffscreenCanvas): void {
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, source);
  gl.bindTexture(gl.TEXTURE_2D, null);
}

/** Waits, without blocking, until the GPU has drawn what it was given: tiles must not pile up in its queue. */
async function finished(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  do await new Promise((resolve) => setTimeout(resolve));
  while (fence && !gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED);
  gl.deleteSync(fence);
}

function restored(gl: WebGL2RenderingContext, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    gl.canvas.addEventListener('webglcontextrestored', () => resolve(), { once: true });
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
