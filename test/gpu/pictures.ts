/** Runs in the page: pictures made by code, textures of them, and what was drawn read back. Rows run top to bottom. */

export interface Picture {
  width: number;
  height: number;
  /** RGBA, 8 bit, premultiplied. */
  data: Uint8ClampedArray;
}

/** A drawn scene with edges, text, curves and gradients, of any size: the same picture at every resolution. */
export function drawing(width: number, height: number): Picture {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.scale(width / 320, height / 180);
  const sky = context.createLinearGradient(0, 0, 0, 180);
  sky.addColorStop(0, '#d03020');
  sky.addColorStop(0.5, '#e8c070');
  sky.addColorStop(1, '#204080');
  context.fillStyle = sky;
  context.fillRect(0, 0, 320, 180);
  context.strokeStyle = '#101018';
  for (let i = 0; i < 24; i++) {
    context.lineWidth = 0.6 + (i % 3) * 0.5;
    context.beginPath();
    context.moveTo(10 + i * 13, 175);
    context.quadraticCurveTo(160, 60 + i * 2, 300 - i * 11, 20 + i * 3);
    context.stroke();
  }
  context.fillStyle = '#f8f8f0';
  context.font = '600 15px sans-serif';
  context.fillText('UPFRAME small text 0123456789', 20, 40);
  context.font = '9px sans-serif';
  context.fillText('the quick brown fox jumps over the lazy dog', 24, 60);
  context.fillStyle = '#30a050';
  context.beginPath();
  context.arc(250, 130, 30, 0, 7);
  context.fill();
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, data };
}

/** Every 2x2 pixels averaged into one. */
export function halved({ width, height, data }: Picture): Picture {
  const half = new Uint8ClampedArray((width / 2) * (height / 2) * 4);
  for (let y = 0; y < height / 2; y++) {
    for (let x = 0; x < width / 2; x++) {
      for (let c = 0; c < 4; c++) {
        const at = (dx: number, dy: number) => data[((2 * y + dy) * width + 2 * x + dx) * 4 + c]!;
        half[(y * (width / 2) + x) * 4 + c] = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
      }
    }
  }
  return { width: width / 2, height: height / 2, data: half };
}

export function flipped({ width, height, data }: Picture): Picture {
  const rows = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++)
    rows.set(data.subarray((height - 1 - y) * width * 4, (height - y) * width * 4), y * width * 4);
  return { width, height, data: rows };
}

/** A texture whose row 0 is the picture's first (top) row: origin 'top-left'. */
export function textureOf(gl: WebGL2RenderingContext, { width, height, data }: Picture): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(data));
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  return texture;
}

export function targetOf(gl: WebGL2RenderingContext, width: number, height: number) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  return { framebuffer, size: [width, height] as [number, number], texture };
}

/** What stands in the framebuffer (null: the canvas), top row first. */
export function readBack(
  gl: WebGL2RenderingContext,
  framebuffer: WebGLFramebuffer | null,
  width: number,
  height: number,
): Picture {
  const data = new Uint8Array(width * height * 4);
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  return flipped({ width, height, data: new Uint8ClampedArray(data) });
}

/** Mean squared error as PSNR in dB over RGB, `border` pixels left out. */
export function psnr(a: Picture, b: Picture, border = 4): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('pictures of different sizes');
  let sum = 0;
  let count = 0;
  for (let y = border; y < a.height - border; y++) {
    for (let x = border; x < a.width - border; x++) {
      for (let c = 0; c < 3; c++) {
        sum += (a.data[(y * a.width + x) * 4 + c]! - b.data[(y * a.width + x) * 4 + c]!) ** 2;
        count++;
      }
    }
  }
  return 10 * Math.log10(255 ** 2 / Math.max(sum / count, 1e-9));
}

export function maxDifference(a: Picture, b: Picture): number {
  if (a.data.length !== b.data.length) throw new Error('pictures of different sizes');
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}

export function context(width = 64, height = 64, attributes: WebGLContextAttributes = {}) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const gl = canvas.getContext('webgl2', { antialias: false, ...attributes });
  if (!gl) throw new Error('no WebGL2 here');
  return { canvas, gl };
}

/** A context keeps GPU memory until it is collected; a test gives it up when done. */
export function release(gl: WebGL2RenderingContext): number {
  const error = gl.getError();
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return error;
}
