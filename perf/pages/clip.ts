import { ALL_FORMATS, EncodedPacketSink, Input, UrlSource, VideoSampleSink } from 'mediabunny';
import type { Picture } from '../metrics.ts';
import { readPicture } from './picture.ts';

/** Frames of a clip or of a folder of pictures, one after the other, exactly as decoded. */
export interface FrameSource {
  /** Pixels, before any cut. */
  readonly size: [number, number];
  readonly codec: string;
  /** How many frames there are. */
  readonly length: number;
  frames(start: number, count: number): AsyncGenerator<Picture>;
  /** The number of the first frame at or after a time. */
  frameAt(seconds: number): number;
  dispose(): void;
}

let pen: OffscreenCanvasRenderingContext2D | undefined;

/** RGB as the browser shows the frame: it applies the clip's own matrix and range. */
export function pixelsOf(frame: CanvasImageSource, width: number, height: number): Picture {
  if (!pen || pen.canvas.width !== width || pen.canvas.height !== height) {
    pen = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true })!;
  }
  pen.drawImage(frame, 0, 0, width, height);
  return { width, height, data: pen.getImageData(0, 0, width, height).data };
}

export async function openClip(url: string, name: string): Promise<FrameSource> {
  const input = new Input({ source: new UrlSource(url), formats: ALL_FORMATS });
  let track: Awaited<ReturnType<typeof input.getPrimaryVideoTrack>>;
  try {
    track = await input.getPrimaryVideoTrack();
  } catch (error) {
    throw new Error(`upframe: ${name} is not a clip that can be read: ${(error as Error).message}`);
  }
  if (!track) throw new Error(`upframe: ${name} has no video track`);
  const codec = (await track.getCodecParameterString()) ?? 'unknown';
  if (!(await track.canDecode())) throw new Error(`upframe: this browser cannot decode ${name} (${codec})`);
  const size: [number, number] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  // Packets come in decoding order; frames are numbered in the order in which they are shown.
  const times: number[] = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    times.push(packet.timestamp);
  }
  times.sort((a, b) => a - b);
  const sink = new VideoSampleSink(track);
  return {
    size,
    codec,
    length: times.length,
    async *frames(start, count) {
      let left = count;
      for await (const sample of sink.samples(times[start])) {
        const frame = sample.toVideoFrame();
        sample.close();
        const picture = pixelsOf(frame, size[0], size[1]);
        frame.close();
        yield picture;
        if (--left === 0) return;
      }
    },
    frameAt: (seconds) => times.filter((time) => time - times[0]! < seconds - 1e-4).length,
    dispose: () => input.dispose(),
  };
}

export async function openFolder(urls: readonly string[], names: readonly string[]): Promise<FrameSource> {
  const first = await readPicture(urls[0]!, names[0]!);
  return {
    size: [first.width, first.height],
    codec: 'pictures',
    length: urls.length,
    async *frames(start, count) {
      for (let i = start; i < Math.min(urls.length, start + count); i++) {
        const picture = await readPicture(urls[i]!, names[i]!);
        if (picture.width !== first.width || picture.height !== first.height) {
          throw new Error(
            `upframe: ${names[i]} is ${picture.width}x${picture.height}, the first frame ${first.width}x${first.height}`,
          );
        }
        yield picture;
      }
    },
    frameAt() {
      throw new Error('upframe: a folder of frames has no clock; give --start as a frame number');
    },
    dispose() {},
  };
}
