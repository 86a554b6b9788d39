import { type Codec, Encoded } from './codec.ts';
import { base64Of } from './picture.ts';

/** Frames through this browser's own encoder and decoder, for training. */

export interface EncodeJob {
  /** Frames one after the other, RGBA bytes, and where the decoded ones go. */
  input: string;
  output: string;
  width: number;
  height: number;
  codec: Codec;
  crf: number;
}

/** @returns kbit/s at 30 frames a second; the decoded frames, RGBA bytes, are saved as `output` */
export async function encode(job: EncodeJob, url: string): Promise<number> {
  const { width, height } = job;
  const bytes = new Uint8ClampedArray(await (await fetch(url)).arrayBuffer());
  const size = width * height * 4;
  const encoded = await Encoded.start(job.codec, width, height, job.crf);
  for (let at = 0; at < bytes.length; at += size) {
    await encoded.add({ width, height, data: bytes.slice(at, at + size) });
  }
  await encoded.finish();
  const decoded = new Uint8Array(bytes.length);
  let at = 0;
  for await (const { data } of encoded.frames(width, height)) {
    decoded.set(data, at);
    at += size;
  }
  await upframeSave(job.output, await base64Of(decoded));
  return encoded.kbps;
}
