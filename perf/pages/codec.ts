import type { Picture } from '../metrics.ts';
import { pixelsOf } from './clip.ts';

/** Frames through a real codec and back, by WebCodecs. */

export type Codec = 'h264' | 'vp9' | 'av1';

/** Codec strings by preference, and the name under which an encoder takes a frame's quantizer. */
const CODECS: Record<Codec, { strings: string[]; option: string }> = {
  h264: { strings: ['avc1.640034', 'avc1.4d0034', 'avc1.42e034'], option: 'avc' },
  vp9: { strings: ['vp09.00.51.08'], option: 'vp9' },
  av1: { strings: ['av01.0.13M.08'], option: 'av1' },
};

/** Frames a second that the encoder is told: rate control alone cares. */
const RATE = 30;

/** How an encoder was run, for the report. */
export interface Encoding {
  codec: string;
  mode: 'quantizer' | 'variable bitrate';
  /** The quantizer asked for, in the codec's own scale. */
  crf: number;
  /** The value that the encoder was given for it, where it takes one. */
  quantizer?: number;
  /** Target, where there is no quantizer mode. */
  targetKbps?: number;
}

/** Without a quantizer mode: x264's rule of thumb, half the bits for every 6 steps, from 0.1 bits a pixel at 30. */
const bitrateOf = (width: number, height: number, crf: number) =>
  Math.round(width * height * RATE * 0.1 * 2 ** ((30 - crf) / 6));

async function configOf(codec: Codec, width: number, height: number, crf: number) {
  for (const bitrateMode of ['quantizer', 'variable'] as const) {
    for (const string of CODECS[codec].strings) {
      const config: VideoEncoderConfig = {
        codec: string,
        width,
        height,
        framerate: RATE,
        latencyMode: 'quality',
        bitrateMode,
        ...(bitrateMode === 'variable' && { bitrate: bitrateOf(width, height, crf) }),
      };
      const { supported } = await VideoEncoder.isConfigSupported(config);
      if (supported) return config;
    }
  }
  throw new Error(`upframe: this browser cannot encode ${codec} at ${width}x${height}`);
}

/** Bytes of one frame of noise at a quantizer; infinite where the encoder refuses it. */
async function bytesAt(config: VideoEncoderConfig, option: string, quantizer: number): Promise<number> {
  const size = 64;
  let bytes = 0;
  try {
    const encoder = new VideoEncoder({
      output: (chunk) => {
        bytes += chunk.byteLength;
      },
      error: () => {},
    });
    encoder.configure({ ...config, width: size, height: size });
    const data = Uint8Array.from({ length: size * size * 4 }, (_, i) => (i * 7919 + ((i * i) >> 5)) & 255);
    const frame = new VideoFrame(data, { format: 'RGBX', codedWidth: size, codedHeight: size, timestamp: 0 });
    encoder.encode(frame, { keyFrame: true, [option]: { quantizer } });
    frame.close();
    await encoder.flush();
    encoder.close();
  } catch {
    return Number.POSITIVE_INFINITY;
  }
  return bytes;
}

/**
 * What to pass for a quantizer of 0 to 63. The WebCodecs registry gives VP9 and AV1 that range, but Chromium's software
 * encoders take the value as their inner index of 0 to 255 (measured: the coarsest of 63 hardly compresses).
 */
async function quantizerFor(config: VideoEncoderConfig, codec: Codec, crf: number): Promise<number> {
  if (codec === 'h264') return crf;
  const { option } = CODECS[codec];
  const wide = (await bytesAt(config, option, 255)) < 0.5 * (await bytesAt(config, option, 63));
  return wide ? Math.round((crf * 255) / 63) : crf;
}

export class Encoded {
  readonly chunks: EncodedVideoChunk[] = [];
  private decoderConfig: VideoDecoderConfig | undefined;
  private failure: Error | undefined;
  private count = 0;

  private constructor(
    private readonly encoder: VideoEncoder,
    private readonly perFrame: VideoEncoderEncodeOptions,
    readonly encoding: Encoding,
  ) {}

  static async start(codec: Codec, width: number, height: number, crf: number): Promise<Encoded> {
    const config = await configOf(codec, width, height, crf);
    const byQuantizer = config.bitrateMode === 'quantizer';
    const quantizer = byQuantizer ? await quantizerFor(config, codec, crf) : crf;
    let encoded: Encoded | undefined;
    const encoder = new VideoEncoder({
      output: (chunk, metadata) => {
        encoded!.decoderConfig ??= metadata?.decoderConfig;
        encoded!.chunks.push(chunk);
      },
      error: (error) => {
        encoded!.failure = error;
      },
    });
    encoder.configure(config);
    const perFrame = byQuantizer ? { [CODECS[codec].option]: { quantizer } } : {};
    encoded = new Encoded(encoder, perFrame, {
      codec: config.codec,
      mode: byQuantizer ? 'quantizer' : 'variable bitrate',
      crf,
      ...(byQuantizer && { quantizer }),
      ...(!byQuantizer && { targetKbps: Math.round(config.bitrate! / 1000) }),
    });
    return encoded;
  }

  async add({ width, height, data }: Picture): Promise<void> {
    const timestamp = Math.round((this.count * 1e6) / RATE);
    const frame = new VideoFrame(data as Uint8Array<ArrayBuffer>, {
      format: 'RGBX',
      codedWidth: width,
      codedHeight: height,
      timestamp,
      duration: Math.round(1e6 / RATE),
    });
    this.encoder.encode(frame, { keyFrame: this.count === 0, ...this.perFrame });
    frame.close();
    this.count++;
    while (this.encoder.encodeQueueSize > 4) {
      await new Promise((resolve) => this.encoder.addEventListener('dequeue', resolve, { once: true }));
    }
    this.throwFailure();
  }

  /** Ends the encoding; from here on `frames` gives the decoded frames. */
  async finish(): Promise<void> {
    await this.encoder.flush().catch(() => {});
    this.throwFailure();
    this.encoder.close();
    if (this.chunks.length !== this.count) {
      throw new Error(`upframe: the encoder made ${this.chunks.length} frames of ${this.count}`);
    }
  }

  get kbps(): number {
    const bytes = this.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    return Math.round((bytes * 8 * RATE) / this.chunks.length / 1000);
  }

  async *frames(width: number, height: number): AsyncGenerator<Picture> {
    const ready: VideoFrame[] = [];
    let failure: Error | undefined;
    let wake = () => {};
    const decoder = new VideoDecoder({
      output: (frame) => {
        ready.push(frame);
        wake();
      },
      error: (error) => {
        failure = error;
        wake();
      },
    });
    decoder.configure({ ...this.decoderConfig!, hardwareAcceleration: 'prefer-software' });
    let fed = 0;
    let given = 0;
    let flushed = false;
    try {
      while (given < this.chunks.length) {
        while (fed < this.chunks.length && fed - given < 8) decoder.decode(this.chunks[fed++]!);
        if (fed === this.chunks.length && !flushed) {
          flushed = true;
          decoder.flush().catch(() => {});
        }
        if (ready.length === 0 && !failure) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (failure) throw new Error(`upframe: decoding failed: ${failure.message}`);
        const frame = ready.shift();
        if (!frame) continue;
        const picture = pixelsOf(frame, width, height);
        frame.close();
        given++;
        yield picture;
      }
    } finally {
      for (const frame of ready) frame.close();
      if (decoder.state !== 'closed') decoder.close();
    }
  }

  private throwFailure(): void {
    if (this.failure) throw new Error(`upframe: encoding failed: ${this.failure.message}`);
  }
}
