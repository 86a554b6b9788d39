/** Runs in the page: what must hold of createUpscaler. */
import { createUpscaler, METHODS, type Method, type UpscalerOptions } from '../../src/index.ts';
import { writeModel } from '../onnx-writer.ts';
import {
  context,
  drawing,
  flipped,
  halved,
  maxDifference,
  type Picture,
  psnr,
  readBack,
  release,
  targetOf,
  textureOf,
} from './pictures.ts';
import { costlyCalls, watch } from './watch.ts';

const SPATIAL = METHODS.filter((method) => method !== 'native' && method !== 'temporal');

async function upscale(
  low: Picture,
  size: [number, number],
  options: UpscalerOptions,
  origin: 'top-left' | 'bottom-left' = 'top-left',
) {
  const { gl } = context();
  const upscaler = await createUpscaler(gl, options);
  const color = textureOf(gl, low);
  const target = targetOf(gl, ...size);
  upscaler.render({ color, renderSize: [low.width, low.height], origin }, target);
  const picture = readBack(gl, target.framebuffer, ...size);
  const { stats } = upscaler;
  upscaler.dispose();
  return { picture, stats, error: release(gl) };
}

/** PSNR of each method at x2 against the truth, and at other ratios against the same picture drawn at that size. */
export async function quality(): Promise<Record<string, number>> {
  const truth = drawing(640, 360);
  const low = halved(truth);
  const result: Record<string, number> = {};
  for (const method of SPATIAL) {
    const { picture, stats, error } = await upscale(low, [640, 360], { method });
    if (error || stats.fallback) throw new Error(`${method}: GL error ${error}, fallback ${stats.fallback}`);
    result[method] = psnr(picture, truth);
  }
  return result;
}

export async function ratios(): Promise<Record<string, number>> {
  const low = drawing(320, 180);
  const result: Record<string, number> = {};
  for (const ratio of [1, 1.3, 1.5, 2, 2.37, 3]) {
    const size: [number, number] = [Math.round(320 * ratio), Math.round(180 * ratio)];
    const truth = drawing(...size);
    for (const method of ['bicubic', 'fsr1', 'network'] as const) {
      const { picture, error } = await upscale(low, size, { method, ratio });
      if (error) throw new Error(`GL error ${error}`);
      result[`${method} ${ratio}`] = psnr(picture, truth);
    }
  }
  return result;
}

/** The same picture given with either origin comes out the same way up; the difference is the network's own asymmetry. */
export async function origins(
  method: Method,
): Promise<{ difference: number; agreement: number; upright: number; inverted: number }> {
  const low = drawing(160, 90);
  const top = await upscale(low, [320, 180], { method }, 'top-left');
  const bottom = await upscale(flipped(low), [320, 180], { method }, 'bottom-left');
  const truth = drawing(320, 180);
  return {
    difference: maxDifference(top.picture, bottom.picture),
    agreement: psnr(top.picture, bottom.picture),
    upright: psnr(top.picture, truth),
    inverted: psnr(flipped(top.picture), truth),
  };
}

/** Left and right of the split equal the two methods drawn alone. */
export async function split(): Promise<{ left: number; right: number }> {
  const low = drawing(160, 90);
  const size: [number, number] = [320, 180];
  const { picture } = await upscale(low, size, {
    method: 'network',
    sharpness: 0.4,
    compare: 0.3,
    compareWith: 'nearest',
  });
  const nearest = (await upscale(low, size, { method: 'nearest' })).picture;
  const network = (await upscale(low, size, { method: 'network', sharpness: 0.4 })).picture;
  const part = (p: Picture, from: number, to: number) => ({
    width: to - from,
    height: p.height,
    data: p.data.filter((_, i) => ((i / 4) | 0) % p.width >= from && ((i / 4) | 0) % p.width < to),
  });
  return {
    left: maxDifference(part(picture, 0, 96), part(nearest, 0, 96)),
    right: maxDifference(part(picture, 96, 320), part(network, 96, 320)),
  };
}

/** Mean absolute step between neighbours: how sharp a picture is. */
function contrast({ data, width }: Picture): number {
  let sum = 0;
  for (let i = 0; i < data.length - 8; i += 4)
    if ((i / 4) % width < width - 1) sum += Math.abs(data[i]! - data[i + 4]!);
  return sum / data.length;
}

export async function sharpness(): Promise<number[]> {
  const low = drawing(160, 90);
  const contrasts: number[] = [];
  for (const sharpness of [0, 0.3, 1]) {
    contrasts.push(contrast((await upscale(low, [320, 180], { method: 'bicubic', sharpness })).picture));
  }
  return contrasts;
}

/** A half transparent picture: alpha is upscaled too, and premultiplied colour never exceeds it. */
export async function alpha(): Promise<Record<string, { worst: number; opaque: number; clear: number }>> {
  const low = drawing(64, 64);
  for (let i = 0; i < low.data.length; i += 4) {
    const a = (i / 4) % 64 < 32 ? 0 : 255;
    for (let c = 0; c < 3; c++) low.data[i + c]! *= a / 255;
    low.data[i + 3] = a;
  }
  const result: Record<string, { worst: number; opaque: number; clear: number }> = {};
  for (const method of SPATIAL) {
    const { picture } = await upscale(low, [128, 128], { method });
    let worst = 0;
    for (let i = 0; i < picture.data.length; i += 4) {
      for (let c = 0; c < 3; c++) worst = Math.max(worst, picture.data[i + c]! - picture.data[i + 3]!);
    }
    result[method] = {
      worst,
      opaque: picture.data[(64 * 128 + 120) * 4 + 3]!,
      clear: picture.data[(64 * 128 + 8) * 4 + 3]!,
    };
  }
  return result;
}

/** The canvas, a bare framebuffer and a framebuffer with a size receive the same picture. */
export async function outputs(): Promise<number[]> {
  const { gl, canvas } = context(160, 120, { preserveDrawingBuffer: true });
  const upscaler = await createUpscaler(gl, { method: 'bicubic', ratio: 2 });
  const frame = { color: textureOf(gl, drawing(80, 60)), renderSize: [80, 60], origin: 'top-left' } as const;
  const target = targetOf(gl, 160, 120);
  upscaler.render(frame, target);
  const first = readBack(gl, target.framebuffer, 160, 120);
  upscaler.render(frame, target.framebuffer);
  const bare = readBack(gl, target.framebuffer, 160, 120);
  upscaler.render(frame);
  const shown = readBack(gl, null, 160, 120);
  upscaler.render(frame, canvas);
  const named = readBack(gl, null, 160, 120);
  upscaler.dispose();
  release(gl);
  return [bare, shown, named].map((picture) => maxDifference(first, picture));
}

/** What a hundred frames call that no frame should. */
export async function perFrame(): Promise<{ costly: string[]; draws: number }> {
  const { gl } = context(320, 180);
  const seen = watch(gl);
  const upscaler = await createUpscaler(gl, { sharpness: 0.5, compare: 0.5, compareWith: 'fsr1' });
  const frame = { color: textureOf(gl, drawing(160, 90)), renderSize: [160, 90], origin: 'top-left' } as const;
  // Timer queries are pooled: the pool grows until the first results are back.
  for (let i = 0; i < 60; i++) {
    upscaler.render(frame);
    await new Promise(requestAnimationFrame);
  }
  seen.clear();
  for (let i = 0; i < 100; i++) {
    upscaler.render(frame);
    if (i % 4 === 3) await new Promise(requestAnimationFrame);
  }
  const costly = costlyCalls(seen.calls).filter((name) => name !== 'createQuery');
  const draws = seen.calls.get('drawArrays') ?? 0;
  upscaler.dispose();
  release(gl);
  return { costly, draws };
}

/** A stage that fails steps down the ladder, shows a picture all the same, and says so once. */
export async function ladder(broken: string[]): Promise<{ fallback: string | null; messages: string[]; psnr: number }> {
  const { gl } = context(64, 64);
  const sources = new Map<WebGLShader, string>();
  const { shaderSource, getShaderParameter } = gl;
  gl.shaderSource = (shader, source) => {
    sources.set(shader, source);
    shaderSource.call(gl, shader, source);
  };
  gl.getShaderParameter = (shader, name) =>
    name === gl.COMPILE_STATUS && broken.some((text) => sources.get(shader)?.includes(text))
      ? false
      : getShaderParameter.call(gl, shader, name);
  const messages: string[] = [];
  const upscaler = await createUpscaler(gl, { onFallback: (message) => messages.push(message) });
  const low = drawing(160, 90);
  const target = targetOf(gl, 320, 180);
  const color = textureOf(gl, low);
  for (let i = 0; i < 3; i++) upscaler.render({ color, renderSize: [160, 90], origin: 'top-left' }, target);
  const picture = readBack(gl, target.framebuffer, 320, 180);
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  release(gl);
  return { fallback, messages, psnr: psnr(picture, drawing(320, 180)) };
}

/** The ladder's fallback in a context where somebody has left a GL error behind. */
export async function foreignError(): Promise<string | null> {
  const { gl } = context(64, 64);
  const upscaler = await createUpscaler(gl);
  const color = textureOf(gl, drawing(160, 90));
  gl.enable(gl.TEXTURE_2D);
  upscaler.render({ color, renderSize: [160, 90], origin: 'top-left' }, targetOf(gl, 320, 180));
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  release(gl);
  return fallback;
}

export async function rejects(options: Record<string, unknown>): Promise<string> {
  const { gl } = context();
  try {
    (await createUpscaler(gl, options as UpscalerOptions)).dispose();
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  } finally {
    release(gl);
  }
}

/** Backend 'onnxruntime' gives the picture that our engine gives, and runs a model that ours refuses. */
export async function runtime(): Promise<{
  agreement: number;
  refused: string;
  foreign: string | null;
  error: number;
}> {
  const low = drawing(96, 64);
  const { gl } = context();
  const color = textureOf(gl, low);
  const target = targetOf(gl, 192, 128);
  const upscaler = await createUpscaler(gl, { precision: 'float' });
  const frame = { color, renderSize: [96, 64], origin: 'top-left' } as const;
  upscaler.render(frame, target);
  const ours = readBack(gl, target.framebuffer, 192, 128);
  await upscaler.set({ backend: 'onnxruntime' });
  // Until its first answer another picture is shown; the runtime's own is nearly ours.
  let agreement = 0;
  while (agreement < 45) {
    upscaler.render(frame, target);
    await new Promise(requestAnimationFrame);
    agreement = psnr(readBack(gl, target.framebuffer, 192, 128), ours);
  }
  const model = writeModel({
    nodes: [
      { op: 'Abs', inputs: ['input'], outputs: ['a'] },
      { op: 'Resize', inputs: ['a', '', 'scales'], outputs: ['output'], attributes: { mode: 'nearest' } },
    ],
    constants: { scales: { dims: [4], data: [1, 1, 2, 2] } },
    input: { name: 'input', dims: [1, 1, 'h', 'w'] },
    output: { name: 'output', dims: [1, 1, 'h2', 'w2'] },
  });
  await upscaler.set({ model });
  for (let i = 0; i < 30; i++) {
    upscaler.render(frame, target);
    await new Promise(requestAnimationFrame);
  }
  const foreign = upscaler.stats.fallback;
  const refused = await upscaler.set({ backend: 'upframe' }).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
  upscaler.dispose();
  return { agreement, refused, foreign, error: release(gl) };
}

/** Models change while frames go on; a bad one is refused and the old one stays. */
export async function changes(): Promise<{ models: string[]; refused: string; after: string; macs: number[] }> {
  const { gl } = context(320, 180);
  const upscaler = await createUpscaler(gl, { model: 'image-s' });
  const frame = { color: textureOf(gl, drawing(160, 90)), renderSize: [160, 90], origin: 'top-left' } as const;
  const models: string[] = [];
  const macs: number[] = [];
  for (const model of ['image-m', 'image-s'] as const) {
    upscaler.render(frame);
    await upscaler.set({ model });
    upscaler.render(frame);
    models.push(upscaler.stats.model);
    macs.push(upscaler.stats.macsPerPixel);
  }
  // The last wish counts, though the one before it is still loading.
  await Promise.all([upscaler.set({ model: 'image-m' }), upscaler.set({ model: 'image-s' })]);
  const refused = await upscaler.set({ model: 'image-xxl' }).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
  upscaler.render(frame);
  const after = upscaler.stats.model;
  upscaler.dispose();
  release(gl);
  return { models, refused, after, macs };
}

/** A network that halves its input and then repeats every pixel: at any size it must be the nearest filter, edge included. */
export async function halving(): Promise<number[]> {
  const weights = Array.from({ length: 16 * 4 }, (_, i) => {
    const [out, cell] = [i >> 2, i & 3];
    return Number(cell === (out >> 3) * 2 + ((out & 3) >> 1));
  });
  const model = writeModel({
    nodes: [
      { op: 'SpaceToDepth', inputs: ['input'], outputs: ['cells'], attributes: { blocksize: 2 } },
      { op: 'Conv', inputs: ['cells', 'weights'], outputs: ['pixels'], attributes: { kernel_shape: [1, 1] } },
      { op: 'DepthToSpace', inputs: ['pixels'], outputs: ['output'], attributes: { blocksize: 4, mode: 'CRD' } },
    ],
    constants: { weights: { dims: [16, 4, 1, 1], data: weights } },
    input: { name: 'input', dims: [1, 1, 'height', 'width'] },
    output: { name: 'output', dims: [1, 1, 'h', 'w'] },
  });
  const differences: number[] = [];
  for (const [width, height] of [
    [32, 20],
    [33, 20],
    [32, 21],
    [33, 21],
  ] as const) {
    const low = drawing(width, height);
    for (let i = 0; i < low.data.length; i += 4) low.data.fill(low.data[i]!, i, i + 3);
    const size: [number, number] = [2 * width, 2 * height];
    const [network, nearest] = [await upscale(low, size, { model }), await upscale(low, size, { method: 'nearest' })];
    if (network.stats.fallback) throw new Error(`${width}x${height}: fallback ${network.stats.fallback}`);
    differences.push(maxDifference(network.picture, nearest.picture));
  }
  return differences;
}

/** MAC per display pixel of image-m at ratios 2, 3 and 1.5, live, and how far x3 lies from image-m-x3 by name and from the network for x2. */
export async function tripled(): Promise<{ macs: number[]; named: number; doubled: number }> {
  const low = drawing(96, 54);
  const { gl } = context();
  const upscaler = await createUpscaler(gl, { model: 'image-m' });
  const color = textureOf(gl, low);
  const macs = [2, 3, 1.5].map((ratio) => {
    upscaler.render({ color, renderSize: [96, 54] }, targetOf(gl, Math.round(96 * ratio), Math.round(54 * ratio)));
    return upscaler.stats.macsPerPixel;
  });
  upscaler.dispose();
  release(gl);
  const made = async (model: string) => (await upscale(low, [288, 162], { model })).picture;
  const picture = await made('image-m');
  return {
    macs,
    named: maxDifference(picture, await made('image-m-x3')),
    doubled: maxDifference(picture, await made('/models/image-m.onnx')),
  };
}
