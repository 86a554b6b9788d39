import {
  ALL_FORMATS,
  Conversion,
  EncodedPacketSink,
  Input,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  StreamTarget,
  UrlSource,
  type VideoCodec,
  VideoSample,
  VideoSampleSink,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import { createUpscaler } from '../../src/index.ts';
import type { MethodSpec } from '../methods.ts';
import { base64Of } from './picture.ts';
import { strictOptions, throwIfFallen } from './runners.ts';

/** `upscale` of a clip, the page's half: decoded, upscaled and encoded frame by frame; sound is copied, or turned into what the file takes. */

export interface ClipJob {
  url: string;
  name: string;
  spec: MethodSpec;
  ratio: number;
  sharpness: number;
  format: 'webm' | 'mp4' | 'mkv' | 'mov';
}

const FORMATS = {
  webm: () => new WebMOutputFormat(),
  mp4: () => new Mp4OutputFormat(),
  mkv: () => new MkvOutputFormat(),
  mov: () => new MovOutputFormat(),
};

/** What players of each kind of file expect first. */
const CODEC: Record<ClipJob['format'], VideoCodec> = { webm: 'vp9', mp4: 'avc', mkv: 'avc', mov: 'avc' };

/** Codecs keep colour at half size: lengths must be even. */
const even = (length: number) => Math.max(2, Math.round(length / 2) * 2);

export async function upscaleClip(job: ClipJob) {
  const input = new Input({ source: new UrlSource(job.url), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack().catch((error: Error) => {
    throw new Error(`upframe: ${job.name} is not a clip that can be read: ${error.message}`);
  });
  if (!track) throw new Error(`upframe: ${job.name} has no video track`);
  if (!(await track.canDecode())) throw new Error(`upframe: this browser cannot decode ${job.name}`);
  let total = 0;
  for await (const _ of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) total++;
  const from: [number, number] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const to: [number, number] = [even(from[0] * job.ratio), even(from[1] * job.ratio)];

  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = to;
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, alpha: false })!;
  const upscaler = await createUpscaler(gl, { ...strictOptions(job.spec, job.ratio), sharpness: job.sharpness });
  const color = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, color);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, from[0], from[1]);
  const pen = new OffscreenCanvas(from[0], from[1]).getContext('2d', { alpha: false, willReadFrequently: true })!;

  const enlarge = (sample: VideoSample, first: boolean) => {
    sample.draw(pen, 0, 0, from[0], from[1]);
    gl.bindTexture(gl.TEXTURE_2D, color);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, gl.RGBA, gl.UNSIGNED_BYTE, pen.canvas);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.bindTexture(gl.TEXTURE_2D, null);
    upscaler.render(
      { color, renderSize: from, origin: 'bottom-left', subsampled: true, jitter: [0, 0], reset: first },
      null,
    );
    throwIfFallen(upscaler.stats.fallback, job.spec);
  };

  const writable = new WritableStream({
    async write({ data, position }: { data: Uint8Array; position: number }) {
      await upframeWrite(position, await base64Of(data));
    },
  });
  const output = new Output({
    format: FORMATS[job.format](),
    target: new StreamTarget(writable, { chunked: true, chunkSize: 2 ** 22 }),
  });
  const source = new VideoSampleSource({ codec: CODEC[job.format], quality: QUALITY_HIGH });
  output.addVideoTrack(source);
  // The library's own conversion moves the sound; it would drop a last frame whose length the file does not tell.
  const start = Math.max(0, await input.getFirstTimestamp());
  const sound = await Conversion.init({
    input,
    output,
    composable: true,
    trim: { start },
    video: { discard: true },
    showWarnings: false,
  });
  const left = sound.discardedTracks
    .filter((discarded) => discarded.track.type !== 'video')
    .map((discarded) => `${discarded.track.type} (${discarded.reason})`);
  await output.start();
  let done = 0;
  let duration = 1 / 30;
  for await (const sample of new VideoSampleSink(track).samples()) {
    enlarge(sample, done === 0);
    const timestamp = Math.max(0, sample.timestamp - start);
    duration = sample.duration || duration;
    sample.close();
    const large = new VideoSample(canvas, { timestamp, duration });
    await source.add(large);
    large.close();
    await sound.execute({ until: timestamp });
    await upframeProgress(++done, total);
  }
  source.close();
  await sound.execute();
  await output.finalize();
  upscaler.dispose();
  input.dispose();
  return { from, to, frames: done, left };
}
