import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MethodSpec } from './methods.ts';
import type { FrameFigures } from './pages/frames.ts';
import type { VideoAbout, VideoSetup } from './pages/video.ts';
import { fileUrl } from './paths.ts';
import type { Session } from './session.ts';

/** The clips on the cards of video networks: a scene that no training sees, as it is and out of an encoder. */

/** Big Buck Bunny (Blender Foundation, CC BY 3.0). Frames from 384 on are held out of training. */
const SCENE = { file: 'bbb_480p_30s.mp4', start: 480, frames: 12 } as const;

const CODECS: Readonly<Record<string, Pick<VideoSetup, 'codec' | 'crf'>>> = {
  'bbb none': { codec: 'none', crf: 0 },
  'bbb h264 23': { codec: 'h264', crf: 23 },
  'bbb h264 28': { codec: 'h264', crf: 28 },
};

export const CLIP_SETS = Object.keys(CODECS);

/** The file of the set; null where the set is none of ours or the file is not on this machine. */
export function clipOf(set: string, data: string): string | null {
  const file = join(data, 'video', SCENE.file);
  return CODECS[set] && existsSync(file) ? file : null;
}

/** Frames that a set takes. */
export const CLIP_FRAMES = SCENE.frames;

/** Figures of every method on a clip, by name, as `quality video` has them. */
export async function measureClip(
  session: Session,
  set: string,
  file: string,
  specs: MethodSpec[],
  onFrame: () => void,
): Promise<Record<string, FrameFigures>> {
  const { start, frames } = SCENE;
  const clip = { urls: [fileUrl(file)], names: [SCENE.file], folder: false, start: { frame: start }, frames };
  return runClip(session, { ...clip, ...CODECS[set]!, specs }, onFrame);
}

/** One clip at x2 by every method, encoded first where it has a codec. */
export async function runClip(
  session: Session,
  clip: Omit<VideoSetup, 'ratio' | 'save'>,
  onFrame: () => void = () => {},
): Promise<Record<string, FrameFigures>> {
  const { frames } = await session.call<VideoAbout>('video', 'setup', { ...clip, ratio: 2, save: false });
  if (clip.codec !== 'none') {
    for (let i = 0; i < frames; i++) await session.call('video', 'encodeFrame');
    await session.call('video', 'finishEncoding');
  }
  for (let i = 0; i < frames; i++) {
    await session.call('video', 'compareFrame');
    onFrame();
  }
  return session.call('video', 'results');
}
