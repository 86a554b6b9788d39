import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Figures, readCard } from '../../perf/cards.ts';
import { measureVideo, VIDEO_SETS } from '../../perf/cards-video.ts';
import { openSession } from '../../perf/session.ts';

/** The video networks on a clip that no training has seen, as it is and out of encoders. */

const MODELS = ['video-s', 'video-m'];
let measured: Record<string, Record<string, Figures>>;

beforeAll(async () => {
  process.env.UPFRAME_SHARED = `${inject('browserEndpoint')} ${inject('serverUrl')}`;
  const session = await openSession();
  try {
    measured = await measureVideo(session, ['bicubic', 'image-m', ...MODELS]);
  } finally {
    await session.close();
  }
}, 600_000);

const psnr = (method: string, set: string) => measured[method]![set]!.psnr;

describe.each(Object.keys(VIDEO_SETS))('%s', (set) => {
  test.each(MODELS)('%s does what its card says', (model) => {
    const promised = readCard(model).figures[set]!;
    expect(Math.abs(psnr(model, set) - promised.psnr)).toBeLessThan(0.05);
    expect(Math.abs(measured[model]![set]!.ssim - promised.ssim)).toBeLessThan(0.002);
  });

  test('video-m is above bicubic, out of an encoder above image-m too', () => {
    const gain = psnr('video-m', set) - psnr('bicubic', set);
    if (set.endsWith('not encoded')) expect(gain).toBeGreaterThan(2);
    else {
      expect(gain).toBeGreaterThan(0.2);
      expect(psnr('video-m', set)).toBeGreaterThan(psnr('image-m', set) + 0.1);
    }
    expect(psnr('video-s', set)).toBeGreaterThan(psnr('bicubic', set));
  });
});
