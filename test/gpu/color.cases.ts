/** Runs in the page: what must hold of the colours that a luma network's picture gets. */
import { compareColor, compareLuma } from '../../perf/metrics.ts';
import { Encoded } from '../../perf/pages/codec.ts';
import { tilesOf } from '../../perf/pages/tiles.ts';
import { createMethod as bicubicChroma } from '../../perf/peers/bicubic-chroma.ts';
import { createUpscaler, type Size } from '../../src/index.ts';
import { isSubsampled } from '../../src/video.ts';
import { writeModel } from '../onnx-writer.ts';
import { context, halved, maxDifference, type Picture, readBack, release, targetOf, textureOf } from './pictures.ts';

const SIZE: Size = [640, 360];

/** Saturated panels, coloured letters and lines, and discs on a ground of their own luma; of any size. */
export function colorful(width: number, height: number): Picture {
  const pen = new OffscreenCanvas(width, height).getContext('2d')!;
  pen.scale(width / 320, height / 180);
  const panels = ['#e01020', '#1030e0', '#10a040', '#f0d020', '#8020c0', '#20c0d0', '#202020', '#f0f0f0'];
  panels.forEach((fill, i) => {
    pen.fillStyle = fill;
    pen.fillRect((i % 4) * 80, Math.floor(i / 4) * 90, 80, 90);
    pen.save();
    pen.translate((i % 4) * 80 + 40, Math.floor(i / 4) * 90 + 45);
    pen.rotate(0.3 + i * 0.2);
    for (let k = 0; k < 5; k++) {
      pen.fillStyle = pen.strokeStyle = panels[(i + k + 1) % 8]!;
      pen.fillRect(-34 + k * 14, -36, 6, 20);
      pen.lineWidth = 0.7 + 0.4 * k;
      pen.beginPath();
      pen.arc(-24 + k * 12, 22, 4 + 1.5 * k, 0, 7);
      pen.stroke();
      pen.font = `600 ${8 + k}px sans-serif`;
      pen.fillText('Ag', -36 + k * 15, 4);
    }
    pen.restore();
  });
  // #c04040 and #308e28 both have a luma of 102 of 255: luma shows no edge to follow.
  pen.fillStyle = '#c04040';
  pen.fillRect(120, 60, 80, 60);
  pen.fillStyle = '#308e28';
  pen.beginPath();
  pen.arc(160, 90, 22, 0, 7);
  pen.fill();
  return { width, height, data: pen.getImageData(0, 0, width, height).data };
}

async function upscaled(
  low: Picture,
  size: Size,
  model: string | Uint8Array = 'image-m',
  subsampled = false,
): Promise<Picture> {
  const { gl } = context();
  const upscaler = await createUpscaler(gl, { model, ratio: size[0] / low.width });
  const target = targetOf(gl, ...size);
  const color = textureOf(gl, low);
  upscaler.render({ color, renderSize: [low.width, low.height], origin: 'top-left', subsampled }, target);
  const picture = readBack(gl, target.framebuffer, ...size);
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  const error = release(gl);
  if (error || fallback) throw new Error(`GL error ${error}, fallback ${fallback}`);
  return picture;
}

async function unguided(low: Picture, size: Size): Promise<Picture> {
  const { gl } = context();
  const renderSize: Size = [low.width, low.height];
  const method = await bicubicChroma({ gl, renderSize, displaySize: size });
  const texture = method.frame({ color: textureOf(gl, low), renderSize, origin: 'top-left' });
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const picture = readBack(gl, framebuffer, ...size);
  method.dispose();
  const error = release(gl);
  if (error) throw new Error(`GL error ${error}`);
  return picture;
}

export interface Gain {
  rgb: number;
  edges: number;
  luma: number;
}

/** What guided chroma gains over bicubic chroma, in dB. The truth is shrunk by 2, or drawn at both sizes for other ratios. */
export async function gain(ratio: number): Promise<Gain> {
  const size: Size = ratio === 2 ? SIZE : [320 * ratio, 180 * ratio];
  const truth = colorful(...size);
  const low = ratio === 2 ? halved(truth) : colorful(320, 180);
  const measure = (picture: Picture) => ({ ...compareColor(picture, truth, 4), ...compareLuma(picture, truth, 4) });
  const guided = measure(await upscaled(low, size));
  const plain = measure(await unguided(low, size));
  return {
    rgb: guided.rgbPsnr - plain.rgbPsnr,
    edges: guided.edgePsnr! - plain.edgePsnr!,
    luma: guided.psnr - plain.psnr,
  };
}

/** Through a real encoder and back: chroma is at half the resolution then, and noisy. */
async function encoded(picture: Picture): Promise<Picture> {
  const codec = await Encoded.start('h264', picture.width, picture.height, 20);
  await codec.add(picture);
  await codec.finish();
  for await (const { width, height, data } of codec.frames(picture.width, picture.height))
    return { width, height, data: new Uint8ClampedArray(data) };
  throw new Error('nothing was decoded');
}

/** What a frame out of a decoder gains in RGB, in dB, by its being told. */
export async function subsampledGain(): Promise<number> {
  const truth = colorful(...SIZE);
  const low = await encoded(halved(truth));
  const figure = async (told: boolean) => compareColor(await upscaled(low, SIZE, 'video-m', told), truth, 4).rgbPsnr;
  return (await figure(true)) - (await figure(false));
}

/** What files of one picture, as the browser writes them, say of their chroma; and of a file cut short. */
export async function files(): Promise<Record<string, boolean>> {
  const { width, height, data } = colorful(96, 64);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  const file = async (kind: string, quality: number) =>
    new Uint8Array(await (await canvas.convertToBlob({ type: `image/${kind}`, quality })).arrayBuffer());
  const coarse = await file('jpeg', 0.8);
  return {
    'JPEG 80': isSubsampled(coarse),
    'JPEG 100': isSubsampled(await file('jpeg', 1)),
    'WebP 80': isSubsampled(await file('webp', 0.8)),
    'WebP, lossless': isSubsampled(await file('webp', 1)),
    PNG: isSubsampled(await file('png', 1)),
    'cut short': isSubsampled(coarse.subarray(0, 30)),
    empty: isSubsampled(new Uint8Array()),
  };
}

function each({ data }: Picture, see: (r: number, g: number, b: number, a: number) => void): void {
  for (let i = 0; i < data.length; i += 4) see(data[i]!, data[i + 1]!, data[i + 2]!, data[i + 3]!);
}

/** The largest difference between channels anywhere, from a picture in greys. */
export async function greys(ratio: number): Promise<number> {
  const low = colorful(320, 180);
  for (let i = 0; i < low.data.length; i += 4) low.data.fill(low.data[i + 1]!, i, i + 3);
  let most = 0;
  each(await upscaled(low, [320 * ratio, 180 * ratio]), (r, g, b) => {
    most = Math.max(most, Math.max(r, g, b) - Math.min(r, g, b));
  });
  return most;
}

/** Noise at full contrast, flat fields and single pixels into a float target: how many values are not in 0..1. */
export async function strays(): Promise<{ values: number; strays: number }> {
  const [width, height] = [96, 64];
  let state = 1;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const flat = i % width < 32;
    for (let c = 0; c < 3; c++) data[4 * i + c] = flat ? (i % 487 === 0 ? 255 : 0) : random() < 0.5 ? 0 : 255;
  }
  const { gl } = context();
  if (!gl.getExtension('EXT_color_buffer_float')) throw new Error('no float targets here');
  const upscaler = await createUpscaler(gl, { model: 'image-m' });
  const size: Size = [2 * width, 2 * height];
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, ...size);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const color = textureOf(gl, { width, height, data });
  upscaler.render({ color, renderSize: [width, height], origin: 'top-left' }, { framebuffer, size });
  const values = new Float32Array(size[0] * size[1] * 4);
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.readPixels(0, 0, ...size, gl.RGBA, gl.FLOAT, values);
  upscaler.dispose();
  const error = release(gl);
  if (error) throw new Error(`GL error ${error}`);
  return { values: new Set(values).size, strays: values.filter((value) => !(value >= 0 && value <= 1)).length };
}

/** Premultiplied colour fading out to nothing: how far a channel exceeds its alpha, and what is left where nothing is. */
export async function fading(): Promise<{ worst: number; clear: number }> {
  const low = colorful(160, 90);
  for (let i = 0; i < low.data.length; i += 4) {
    const alpha = Math.max(0, Math.min(1, ((i / 4) % 160) / 80 - 0.5));
    for (let c = 0; c < 3; c++) low.data[i + c]! *= alpha;
    low.data[i + 3] = Math.floor(255 * alpha);
    for (let c = 0; c < 3; c++) low.data[i + c] = Math.min(low.data[i + c]!, low.data[i + 3]!);
  }
  let [worst, clear, at] = [0, 0, 0];
  each(await upscaled(low, [320, 180]), (r, g, b, a) => {
    worst = Math.max(worst, r - a, g - a, b - a);
    if (at++ % 320 < 60) clear = Math.max(clear, r, g, b, a);
  });
  return { worst, clear };
}

/** A network of colour that repeats pixels: the largest difference from repeated pixels, in levels. */
export async function ownColors(): Promise<number> {
  const model = writeModel({
    nodes: [{ op: 'Resize', inputs: ['input', '', 'scales'], outputs: ['output'], attributes: { mode: 'nearest' } }],
    constants: { scales: { dims: [4], data: [1, 1, 2, 2] } },
    input: { name: 'input', dims: [1, 3, 'h', 'w'] },
    output: { name: 'output', dims: [1, 3, 'h2', 'w2'] },
  });
  const low = colorful(160, 90);
  const picture = await upscaled(low, [320, 180], new Uint8Array(model));
  const repeated = picture.data.map((_, i) => {
    const [x, y] = [((i >> 2) % 320) >> 1, Math.floor((i >> 2) / 320) >> 1];
    return low.data[4 * (y * 160 + x) + (i & 3)]!;
  });
  return maxDifference(picture, { ...picture, data: repeated });
}

function part({ width, data }: Picture, x: number, y: number, w: number, h: number): Picture {
  const rows = new Uint8ClampedArray(w * h * 4);
  for (let row = 0; row < h; row++) {
    const from = 4 * ((y + row) * width + x);
    rows.set(data.subarray(from, from + 4 * w), row * w * 4);
  }
  return { width: w, height: h, data: rows };
}

/** Largest difference, in levels, between the whole picture and the same made of tiles. */
export async function seams(ratio: number): Promise<{ tiles: number; difference: number }> {
  const low = colorful(192, 108);
  const whole = await upscaled(low, [192 * ratio, 108 * ratio]);
  const tiles = tilesOf(192, 108, ratio, 64).flat();
  let difference = 0;
  for (const { from, to, offset, displaySize } of tiles) {
    const tile = await upscaled(part(low, from.x, from.y, from.width, from.height), displaySize);
    const kept = part(tile, offset.x, offset.y, to.width, to.height);
    difference = Math.max(difference, maxDifference(kept, part(whole, to.x, to.y, to.width, to.height)));
  }
  return { tiles: tiles.length, difference };
}
