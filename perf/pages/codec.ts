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

export class Encoded {
  readonly chunks: EncodedVideoChunk[] = [];
  private decoderConfig: VideoDecoderConfig | undefined;
  private failure: Error | undefined;
  private count = 0;

  private constructor(
    private readonly encoder: VideoEncoder,
    private readonly option: string,
    readonly encoding: Encoding,
  ) {}

  static async start(codec: Codec, width: number, height: number, crf: number): Promise<Encoded> {
    const config = await configOf(codec, width, height, crf);
    const byQuantizer = config.bitrateMode === 'quantizer';
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
    encoded = new Encoded(encoder, byQuantizer ? CODECS[codec].option : '', {
      codec: config.codec,
      mode: byQuantizer ? 'quantizer' : 'variable bitrate',
      crf,
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
    const quantizer = this.option && { [this.option]: { quantizer: this.encoding.crf } };
    this.encoder.encode(frame, { keyFrame: this.count === 0, ...(quantizer || {}) });
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
