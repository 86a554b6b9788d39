import type { Picture } from '../metrics.ts';

/** Pictures in the page: read from files, to and from textures, saved by Node. Runs in the browser. */

declare global {
  /** Given by perf/session.ts. */
  function upframeSave(name: string, base64: string): Promise<void>;
}

export function about(): { renderer: string; userAgent: string } {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) throw new Error('upframe: this browser gives no WebGL2 context');
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER) as string;
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { renderer, userAgent: navigator.userAgent };
}

/** The file's own pixel values: no colour management, alpha not multiplied in. `name` is for the message. */
export async function readPicture(url: string, name: string): Promise<Picture> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`upframe: ${name} could not be read (status ${response.status})`);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  } catch {
    throw new Error(`upframe: ${name} is not a picture that can be read`);
  }
  const { width, height } = bitmap;
  const gl = readerContext();
  const most = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  if (width > most || height > most)
    throw new Error(`upframe: ${name} is ${width}x${height}; the most here is ${most} each way`);
  // By way of a texture: a 2D canvas would multiply by alpha and lose values.
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
  bitmap.close();
  const data = readTexture(gl, texture, width, height);
  gl.deleteTexture(texture);
  return { width, height, data };
}

let reader: WebGL2RenderingContext | undefined;
function readerContext(): WebGL2RenderingContext {
  if (!reader || reader.isContextLost()) reader = createContext();
  return reader;
}

/** A context with nothing to show: drawing goes to textures. */
export function createContext(): WebGL2RenderingContext {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, alpha: false });
  if (!gl) throw new Error('upframe: this browser gives no WebGL2 context');
  return gl;
}

/** RGBA bytes of an 8-bit texture, rows in the texture's own order. */
export function readTexture(gl: WebGL2RenderingContext, texture: WebGLTexture, width: number, height: number) {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const data = new Uint8ClampedArray(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(framebuffer);
  return data;
}

/** Rows the other way round: GL counts them from the bottom. */
export function flipped({ width, height, data }: Picture): Picture {
  const out = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++)
    out.set(data.subarray(y * width * 4, (y + 1) * width * 4), (height - 1 - y) * width * 4);
  return { width, height, data: out };
}

/** A picture as a texture whose row 0 is the bottom, as WebGL's own renders have it. */
export function uploadPicture(gl: WebGL2RenderingContext, picture: Picture): WebGLTexture {
  const texture = gl.createTexture();
  const { width, height, data } = flipped(picture);
  for (const name of [gl.UNPACK_FLIP_Y_WEBGL, gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL]) gl.pixelStorei(name, false);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data);
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.LINEAR);
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  gl.bindTexture(gl.TEXTURE_2D, null);
  return texture;
}

export async function encodePicture(
  { width, height, data }: Picture,
  type = 'image/png',
  quality = 0.95,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  pixels.data.set(data);
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type, quality });
}

export async function base64Of(bytes: Blob | Uint8Array): Promise<string> {
  const blob = bytes instanceof Blob ? bytes : new Blob([bytes as Uint8Array<ArrayBuffer>]);
  return new Promise((resolve, reject) => {
    const file = new FileReader();
    file.onload = () => resolve((file.result as string).slice((file.result as string).indexOf(',') + 1));
    file.onerror = () => reject(file.error);
    file.readAsDataURL(blob);
  });
}

/** Writes a PNG into the folder that the command was given. */
export async function savePicture(name: string, picture: Picture): Promise<void> {
  await upframeSave(name, await base64Of(await encodePicture(picture)));
}
