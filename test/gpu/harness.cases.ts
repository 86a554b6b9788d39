/** Runs in the page: the test harness's own checks. */

export function drawOrange(): { renderer: string; pixel: number[] } {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 400;
  document.body.append(canvas);
  const gl = canvas.getContext('webgl2', { preserveDrawingBuffer: true });
  if (!gl) throw new Error('no WebGL2');
  gl.clearColor(1, 0.5, 0, 1);
  gl.clear(gl.COLOR_BUFFER_BIT);
  const pixel = new Uint8Array(4);
  gl.readPixels(200, 200, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return { renderer: gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER), pixel: [...pixel] };
}

/** Mean of each channel of a PNG given as base64: how a test sees that a screenshot is not black. */
export async function meanColor(png: string): Promise<{ mean: number[] }> {
  const blob = await (await fetch(`data:image/png;base64,${png}`)).blob();
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const mean = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) mean[c] += data[i + c];
  return { mean: mean.map((sum) => sum / (data.length / 4)) };
}

export function fails(): void {
  throw new Error('on purpose');
}

export function complains(): void {
  console.error('a console error');
  const gl = document.createElement('canvas').getContext('webgl2')!;
  gl.enable(1);
}
