import type { MethodSpec } from '../methods.ts';
import type { Picture } from '../metrics.ts';
import { crop, fitLength, resize } from '../resize.ts';
import { type FrameSource, openClip, openFolder } from './clip.ts';
import { type Codec, Encoded, type Encoding } from './codec.ts';
import { type FrameFigures, FrameRecord, Truth } from './frames.ts';
import { createContext, savePicture, uploadPicture } from './picture.ts';
import { createRunner, type Runner } from './runners.ts';

/** `quality video`, the page's half. Frames stream through: only the encoded ones are kept. */

export interface VideoSetup {
  /** One clip, or the pictures of a folder. */
  urls: string[];
  names: string[];
  folder: boolean;
  specs: MethodSpec[];
  ratio: number;
  /** First frame by number, or a time in seconds. */
  start: { frame: number } | { seconds: number };
  frames: number;
  codec: 'none' | Codec;
  crf: number;
  save: boolean;
}

export interface VideoAbout {
  displaySize: [number, number];
  renderSize: [number, number];
  frames: number;
  start: number;
  source: string;
  flip: boolean;
}

/** FLIP of a larger frame takes seconds (contract 3: left out where frames are large). */
const MOST_FLIP_PIXELS = 640 * 360;

const gl = createContext();
let setupOf: VideoSetup;
let source: FrameSource;
let about: VideoAbout;
let runners: Runner[] = [];
let records: FrameRecord[] = [];
let encoded: Encoded | null = null;
let toEncode: AsyncGenerator<Picture>;
let truths: AsyncGenerator<Picture>;
let decoded: AsyncGenerator<Picture> | null = null;
let frameNumber = 0;

const cut = (picture: Picture) => crop(picture, about.displaySize[0], about.displaySize[1]);
const shrink = (truth: Picture) => resize(truth, about.renderSize[0], about.renderSize[1]);

export async function setup(wanted: VideoSetup): Promise<VideoAbout> {
  setupOf = wanted;
  const { urls, names, ratio } = wanted;
  source = wanted.folder ? await openFolder(urls, names) : await openClip(urls[0]!, names[0]!);
  const start = 'frame' in wanted.start ? wanted.start.frame : source.frameAt(wanted.start.seconds);
  if (start >= source.length)
    throw new Error(`upframe: --start is past the end: ${names[0]} has ${source.length} frames`);
  // Codecs keep colour at half size and need even lengths; uncoded runs are cut alike, so that they can be compared.
  const x = fitLength(source.size[0], ratio, 2);
  const y = fitLength(source.size[1], ratio, 2);
  if (Math.min(x.render, y.render) < 16)
    throw new Error(`upframe: frames of ${source.size.join('x')} are too small for ratio ${ratio}`);
  const displaySize: [number, number] = [x.display, y.display];
  about = {
    displaySize,
    renderSize: [x.render, y.render],
    frames: Math.min(wanted.frames, source.length - start),
    start,
    source: source.codec,
    flip: displaySize[0] * displaySize[1] <= MOST_FLIP_PIXELS,
  };
  for (const runner of runners) runner.dispose();
  runners = [];
  encoded = decoded = null;
  frameNumber = 0;
  for (const spec of wanted.specs) runners.push(await createRunner(gl, spec, ratio));
  records = runners.map(() => new FrameRecord(about.frames, about.flip));
  if (wanted.codec !== 'none') {
    encoded = await Encoded.start(wanted.codec, about.renderSize[0], about.renderSize[1], wanted.crf);
    toEncode = source.frames(start, about.frames);
  }
  truths = source.frames(start, about.frames);
  return about;
}

async function next(frames: AsyncGenerator<Picture>): Promise<Picture> {
  const { value, done } = await frames.next();
  if (done) throw new Error(`upframe: ${setupOf.names[0]} ended early, at frame ${frameNumber}`);
  return value;
}

export async function encodeFrame(): Promise<void> {
  await encoded!.add(shrink(cut(await next(toEncode))));
}

export async function finishEncoding(): Promise<Encoding & { kbps: number }> {
  await encoded!.finish();
  decoded = encoded!.frames(about.renderSize[0], about.renderSize[1]);
  return { ...encoded!.encoding, kbps: encoded!.kbps };
}

/** Upscales and compares the next frame by every method. */
export async function compareFrame(): Promise<void> {
  const truth = new Truth(cut(await next(truths)));
  const small = decoded ? await next(decoded) : shrink(truth.picture);
  const color = uploadPicture(gl, small);
  const number = String(frameNumber).padStart(4, '0');
  if (setupOf.save) {
    await savePicture(`truth/${number}.png`, truth.picture);
    await savePicture(`small/${number}.png`, small);
  }
  for (const [i, runner] of runners.entries()) {
    const frame = {
      color,
      renderSize: about.renderSize,
      origin: 'bottom-left',
      subsampled: decoded !== null,
      jitter: [0, 0],
      reset: frameNumber === 0,
    } as const;
    const picture = await runner.picture(frame, about.displaySize);
    records[i]!.add(picture, truth);
    if (setupOf.save) await savePicture(`${runner.name}/${number}.png`, picture);
  }
  gl.deleteTexture(color);
  frameNumber++;
}

export async function results(): Promise<Record<string, FrameFigures>> {
  await truths.return(undefined);
  source.dispose();
  return Object.fromEntries(runners.map(({ name }, i) => [name, records[i]!.figures()]));
}
