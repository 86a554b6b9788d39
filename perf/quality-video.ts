import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { progress, readChoice, readGl, readPath, readRatio, readWhole, stem, writableFile } from './cli.ts';
import { pictureNames, readMethods } from './methods.ts';
import type { Encoding } from './pages/codec.ts';
import type { FrameFigures } from './pages/frames.ts';
import type { VideoAbout, VideoSetup } from './pages/video.ts';
import { fileUrl } from './paths.ts';
import type { QualityArgs } from './quality.ts';
import { picturesIn } from './quality-images.ts';
import { report } from './report.ts';
import { openSession, type Session } from './session.ts';

const MOST_CRF = { none: 63, h264: 51, vp9: 63, av1: 63 } as const;

/** '--start 120' is a frame, '--start 2.5s' a time. */
function readStart(text = '0'): VideoSetup['start'] {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(text) ?? [];
  return seconds === undefined ? { frame: readWhole('start', text, 0, 1e9) } : { seconds: Number(seconds) };
}

async function steps(title: string, session: Session, name: string, count: number): Promise<void> {
  const bar = progress(title, count);
  try {
    for (let done = 1; done <= count; done++) {
      await session.call('video', name);
      bar.update(done, 'frames');
    }
  } finally {
    bar.stop();
  }
}

/** A clip or a folder of frames as truth: shrunk, encoded and decoded where asked, upscaled by every method, compared. */
export async function qualityVideo(path: string | undefined, args: QualityArgs): Promise<void> {
  const ratio = readRatio(args.ratio);
  const codec = readChoice('codec', args.codec ?? 'none', ['none', 'h264', 'vp9', 'av1'] as const);
  if (codec === 'none' && args.crf !== undefined) throw new Error('upframe: --crf needs a --codec: h264, vp9 or av1');
  const crf = readWhole('crf', args.crf ?? '30', 0, MOST_CRF[codec]);
  const start = readStart(args.start);
  const frames = readWhole('frames', args.frames ?? '64', 1, 1e6);
  const full = readPath('file or folder', path, 'the clip or folder of frames');
  const folder = statSync(full).isDirectory();
  const files = folder ? picturesIn(full) : [full];
  const specs = readMethods(args, 'pictures', pictureNames());
  const json = writableFile('json', args.json);
  const session = await openSession(readGl(args.gl));
  try {
    session.saveFolder = args.save && resolve(args.save);
    const about = await session.call<VideoAbout>('video', 'setup', {
      urls: files.map(fileUrl),
      names: files.map((file) => basename(file)),
      folder,
      specs,
      ratio,
      start,
      frames,
      codec,
      crf,
      save: Boolean(args.save),
    } satisfies VideoSetup);
    let encoding: (Encoding & { kbps: number }) | { codec: 'none' } = { codec: 'none' };
    if (codec !== 'none') {
      await steps(`Encoding ${codec}`, session, 'encodeFrame', about.frames);
      encoding = await session.call('video', 'finishEncoding');
    }
    await steps('Comparing', session, 'compareFrame', about.frames);
    const figures = await session.call<Record<string, FrameFigures>>('video', 'results');
    const { displaySize, renderSize } = about;
    const item = folder ? basename(full) : stem(full);
    const rows = specs.map(({ name }) => ({ item, method: name, ratio, displaySize, renderSize, ...figures[name]! }));
    const how =
      'mode' in encoding
        ? `${encoding.codec} at ${encoding.mode === 'quantizer' ? `quantizer ${crf}` : `${encoding.targetKbps} kbit/s`} (${encoding.kbps} kbit/s at 30 fps)`
        : 'not encoded';
    const title = `${item}, ${about.frames} frames from ${about.start}, ${renderSize.join('x')} to ${displaySize.join('x')}, ${how}`;
    report(title, { ...session.environment, ...about, encoding }, rows, json);
  } finally {
    await session.close();
  }
}
