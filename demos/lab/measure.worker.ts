/** Keeps the truth and compares pictures with it, away from the page's thread. */
import { luma, type Picture, squaredError, ssim } from '../../perf/metrics';
import { boxShrink } from '../../perf/resize';

export type Request =
  | { id: number; kind: 'truth'; index: number; picture: Picture; scale: number }
  | { id: number; kind: 'compare'; index: number; picture: Picture };

export interface Answer {
  id: number;
  /** Mean squared error over R, G and B, and mean SSIM on luma. */
  mse: number;
  ssim: number;
}

const truths = new Map<number, { picture: Picture; luma: Float64Array }>();

self.onmessage = ({ data }: MessageEvent<Request>) => {
  const answer: Answer = { id: data.id, mse: 0, ssim: 1 };
  if (data.kind === 'truth') {
    const picture = data.scale === 1 ? data.picture : boxShrink(data.picture, data.scale);
    truths.set(data.index, { picture, luma: luma(picture) });
  } else {
    const truth = truths.get(data.index)!;
    answer.mse = squaredError(data.picture, truth.picture);
    answer.ssim = ssim(luma(data.picture), truth.luma, data.picture.width, data.picture.height);
  }
  self.postMessage(answer);
};
