/** The drawn picture as input and as truth, and how close the upscaled one comes to it. */
import { compareLuma, type Picture as Pixels } from '../../perf/metrics';
import { resize } from '../../perf/resize';
import { outputSize, type Picture } from './tiles';

/** Input pixels: a quarter of the drawing per axis, so that even at ratio 3 the truth is shrunk from more than it holds. */
const INPUT = [720, 405] as const;

let master: Pixels | null = null;
const truths = new Map<number, Pixels>();

function pixelsOf(canvas: OffscreenCanvas): Pixels {
  return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
}

export function fromPicture({ width, height, data }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  image.data.set(data);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

/** Shrinks the drawing to the input, by bicubic with antialiasing. */
export function sampleInput(drawing: OffscreenCanvas): Pixels {
  master = pixelsOf(drawing);
  truths.clear();
  return resize(master, ...INPUT);
}

export interface Score {
  psnr: number;
  ssim: number;
}

/** PSNR and SSIM on luma, border cropped, of the upscaled sample and of the same input stretched by the browser. */
export async function sampleScore(output: OffscreenCanvas, input: Picture, ratio: number): Promise<[Score, Score]> {
  const pause = () => new Promise((resolve) => setTimeout(resolve));
  const [width, height] = outputSize(input, ratio);
  await pause();
  let truth = truths.get(ratio);
  if (!truth) truths.set(ratio, (truth = resize(master!, width, height)));
  await pause();
  const border = Math.ceil(ratio);
  const ours = compareLuma(pixelsOf(output), truth, border);
  await pause();
  const stretched = new OffscreenCanvas(width, height);
  const pen = stretched.getContext('2d', { willReadFrequently: true })!;
  pen.imageSmoothingQuality = 'low';
  pen.drawImage(input, 0, 0, width, height);
  return [ours, compareLuma(pixelsOf(stretched), truth, border)];
}
