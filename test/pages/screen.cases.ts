import { luma, type Picture, psnrOf } from '../../perf/metrics.ts';
import { base64Of, readPicture } from '../../perf/pages/picture.ts';
import { drawText, POLARITIES } from '../../perf/pages/text.ts';

/** The same lines of text, moved to the right by each of `shifts` pixels: PNGs in base64. */
export async function moved(size: number, shifts: number[]): Promise<string[]> {
  const pictures = [];
  for (const shift of shifts) pictures.push(await base64Of(await drawText(size, 0, POLARITIES[0]!, shift)));
  return pictures;
}

/** How well the second picture, moved back to the left by `shift` whole pixels, agrees with the first: dB on luma. */
export async function agreement(first: string, second: string, shift: number): Promise<number> {
  const read = (png: string) => readPicture(`data:image/png;base64,${png}`, 'a picture');
  const [a, b] = (await Promise.all([read(first), read(second)])) as [Picture, Picture];
  const [lumaA, lumaB] = [luma(a), luma(b)];
  const border = 8; // the picture's own edge cuts letters differently
  let sum = 0;
  let count = 0;
  for (let y = border; y < a.height - border; y++) {
    for (let x = border; x < a.width - border - shift; x++) {
      sum += (lumaA[y * a.width + x]! - lumaB[y * a.width + x + shift]!) ** 2;
      count++;
    }
  }
  return psnrOf(sum / count);
}
