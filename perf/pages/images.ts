import type { MethodSpec } from '../methods.ts';
import { compareColor, compareLuma, type Picture } from '../metrics.ts';
import { crop, fitLength, resize } from '../resize.ts';
import { createContext, readPicture, savePicture, uploadPicture } from './picture.ts';
import { createRunner, type Runner } from './runners.ts';

/** `quality images`, the page's half. The truth and its small copy stay here between calls. */

const gl = createContext();
const runners = new Map<string, Runner>();
let truth: Picture;
let small: Picture;
let ratio = 2;

/** Luma's PSNR and SSIM, and the PSNR of RGB, whole and at coloured edges where there are any (perf/metrics.ts). */
export interface Figures {
  psnr: number;
  ssim: number;
  rgbPsnr: number;
  edgePsnr?: number;
}

export interface Prepared {
  renderSize: [number, number];
  displaySize: [number, number];
}

/** Makes the methods; called once, so that a bad model is known before the first picture is read. */
export async function setup(specs: MethodSpec[], wanted: number): Promise<void> {
  ratio = wanted;
  for (const spec of specs) runners.set(spec.name, await createRunner(gl, spec, ratio));
}

/** Reads a picture, cuts it to a multiple of the ratio and shrinks it, 8 bit. */
export async function prepare(url: string, file: string, name: string, save: boolean): Promise<Prepared> {
  const picture = await readPicture(url, file);
  const x = fitLength(picture.width, ratio);
  const y = fitLength(picture.height, ratio);
  if (Math.min(x.render, y.render) < 8) {
    throw new Error(`upframe: ${file} of ${picture.width}x${picture.height} is too small for ratio ${ratio}`);
  }
  truth = crop(picture, x.display, y.display);
  small = resize(truth, x.render, y.render);
  if (save) {
    await savePicture(`${name}.truth.png`, truth);
    await savePicture(`${name}.small.png`, small);
  }
  return { renderSize: [small.width, small.height], displaySize: [truth.width, truth.height] };
}

/** Figures of one method on the picture prepared last. */
export async function measure(method: string, name: string, save: boolean): Promise<Figures> {
  const color = uploadPicture(gl, small);
  const frame = {
    color,
    renderSize: [small.width, small.height],
    origin: 'bottom-left',
    jitter: [0, 0],
    reset: true,
  } as const;
  const result = await runners.get(method)!.picture(frame, [truth.width, truth.height]);
  gl.deleteTexture(color);
  if (save) await savePicture(`${name}.${method}.png`, result);
  const border = Math.ceil(ratio);
  return { ...compareLuma(result, truth, border), ...compareColor(result, truth, border) };
}
