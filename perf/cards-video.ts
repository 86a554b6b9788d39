import { runClip } from './card-clips.ts';
import type { Figures } from './cards.ts';
import type { MethodSpec } from './methods.ts';
import type { VideoSetup } from './pages/video.ts';
import type { Session } from './session.ts';

/** What the cards of the video networks hold besides pictures: a clip made by code, as `quality video` measures it (PSNR of RGB). */

type Codec = Pick<VideoSetup, 'codec' | 'crf'>;

export const VIDEO_SETS: Readonly<Record<string, Codec>> = {
  'rolling ball, not encoded': { codec: 'none', crf: 0 },
  'rolling ball, H.264 at 23': { codec: 'h264', crf: 23 },
  'rolling ball, H.264 at 28': { codec: 'h264', crf: 28 },
  'rolling ball, VP9 at 30': { codec: 'vp9', crf: 30 },
};

export const isVideo = (model: string) => model.startsWith('video-');

/** @returns figures by method and set; a method is a built-in model or 'bicubic' */
export async function measureVideo(
  session: Session,
  methods: readonly string[],
): Promise<Record<string, Record<string, Figures>>> {
  const pngs = await session.call<string[]>('rolling', 'frames');
  const clip = {
    urls: pngs.map((png) => `data:image/png;base64,${png}`),
    names: pngs.map((_, i) => `frame ${i}`),
    folder: true,
    specs: methods.map((name): MethodSpec => ({ name, kind: name === 'bicubic' ? 'filter' : 'model', source: name })),
    start: { frame: 0 },
    frames: pngs.length,
  };
  const results: Record<string, Record<string, Figures>> = Object.fromEntries(methods.map((method) => [method, {}]));
  for (const [set, codec] of Object.entries(VIDEO_SETS)) {
    for (const [method, { psnr, ssim }] of Object.entries(await runClip(session, { ...clip, ...codec }))) {
      results[method]![set] = { psnr: Number(psnr.toFixed(3)), ssim: Number(ssim.toFixed(4)) };
    }
  }
  return results;
}
