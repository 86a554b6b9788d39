/**
 * A PNG written row by row: canvases end at 16384 pixels a side and lose colour under alpha, files do not have to.
 * Format: W3C PNG, third edition.
 */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(body.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(body, 8);
  view.setUint32(body.length + 8, crc(out.subarray(4, body.length + 8)));
  return out;
}

export class PngWriter {
  private readonly compressor = new CompressionStream('deflate');
  private readonly input = this.compressor.writable.getWriter();
  private readonly drained: Promise<void>;
  private before: Uint8Array;

  /** @param channels 3 or 4; rows come as RGBA either way */
  constructor(
    private readonly width: number,
    height: number,
    private readonly channels: 3 | 4,
    private readonly write: (bytes: Uint8Array) => Promise<void>,
  ) {
    this.before = new Uint8Array(width * channels);
    this.drained = this.drain(height);
    // An error shows where it is awaited, in `finish`.
    this.drained.catch(() => {});
  }

  /** Whole rows of RGBA, from the top, alpha not multiplied in. */
  async rows(data: Uint8Array | Uint8ClampedArray): Promise<void> {
    const { width, channels } = this;
    const length = width * channels;
    const count = data.length / (width * 4);
    const out = new Uint8Array(count * (length + 1));
    for (let y = 0; y < count; y++) {
      const row = new Uint8Array(length);
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) row[x * channels + c] = data[(y * width + x) * 4 + c]!;
      }
      // Filter 2, 'up': the difference from the row above; good on pictures, and simple.
      const at = y * (length + 1);
      out[at] = 2;
      for (let i = 0; i < length; i++) out[at + 1 + i] = row[i]! - this.before[i]!;
      this.before = row;
    }
    await this.input.write(out);
  }

  async finish(): Promise<void> {
    await this.input.close();
    await this.drained;
  }

  private async drain(height: number): Promise<void> {
    await this.write(Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10));
    const header = new Uint8Array(13);
    const view = new DataView(header.buffer);
    view.setUint32(0, this.width);
    view.setUint32(4, height);
    header.set([8, this.channels === 4 ? 6 : 2, 0, 0, 0], 8);
    await this.write(chunk('IHDR', header));
    await this.write(chunk('sRGB', Uint8Array.of(0)));
    const reader = this.compressor.readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      await this.write(chunk('IDAT', value));
    }
    await this.write(chunk('IEND', new Uint8Array(0)));
  }
}
