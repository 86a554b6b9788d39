import { BufferTarget, CanvasSource, Output, QUALITY_HIGH, WebMOutputFormat } from 'mediabunny';
import { openClip } from '../../perf/pages/clip.ts';
import { base64Of, readPicture } from '../../perf/pages/picture.ts';
import { type PictureJob, upscalePicture } from '../../perf/pages/upscale-picture.ts';

/** Runs in the page: clips to try the commands on, and a look into the files that they write. */

/** A WebM of shapes that move, as base64. */
export async function makeClip(width: number, height: number, frames: number): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d')!;
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new CanvasSource(canvas, { codec: 'vp8', quality: QUALITY_HIGH });
  output.addVideoTrack(source);
  await output.start();
  for (let i = 0; i < frames; i++) {
    pen.fillStyle = '#446';
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = '#fc6';
    pen.beginPath();
    pen.arc(30 + i * 3, height / 2, 18, 0, 7);
    pen.fill();
    pen.fillStyle = '#fff';
    pen.font = 'bold 20px sans-serif';
    pen.fillText('Upframe', 40 - i, 30);
    await source.add(i / 25, 1 / 25);
  }
  await output.finalize();
  return base64Of(new Uint8Array(target.buffer!));
}

/** Size, frame count and mean colour of every frame of a clip on disk. */
export async function lookAtClip(url: string): Promise<{ size: [number, number]; means: number[][] }> {
  const clip = await openClip(url, url);
  const means: number[][] = [];
  for await (const { data } of clip.frames(0, clip.length)) means.push(meanOf(data));
  clip.dispose();
  return { size: clip.size, means };
}

export async function lookAtPicture(
  url: string,
): Promise<{ size: [number, number]; mean: number[]; corners: number[][] }> {
  const { width, height, data } = await readPicture(url, url);
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
  const corners = [at(2, 2), at(width - 3, 2), at(2, height - 3), at(width - 3, height - 3)];
  return { size: [width, height], mean: meanOf(data), corners };
}

function meanOf(data: ArrayLike<number>): number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) sums[c]! += data[i + c]!;
  return sums.map((sum) => sum / (data.length / 4));
}

/** Largest difference between a picture upscaled whole and in tiles, in levels. */
export async function seams(job: PictureJob, core: number): Promise<number> {
  const results: Uint8Array[] = [];
  globalThis.upframeProgress = async () => {};
  for (const tile of [1e6, core]) {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    globalThis.upframeWrite = async (_position, base64) => {
      parts.push(new Uint8Array(await (await fetch(`data:;base64,${base64}`)).arrayBuffer()));
    };
    await upscalePicture({ ...job, core: tile });
    const url = URL.createObjectURL(new Blob(parts, { type: 'image/png' }));
    results.push(new Uint8Array((await readPicture(url, 'result')).data));
  }
  const [whole, tiled] = results as [Uint8Array, Uint8Array];
  return whole.reduce((most, value, i) => Math.max(most, Math.abs(value - tiled[i]!)), 0);
}
