/** Runs in the page: what must hold of the method 'temporal', and of game networks, on frames made without any engine. */
import {
  createUpscaler,
  type FrameCamera,
  type FrameInput,
  jitterOffset,
  jitterPhases,
  type UpscalerOptions,
} from '../../src/index.ts';
import { context, type Picture, psnr, readBack, release, targetOf } from './pictures.ts';
import { costlyCalls, watch } from './watch.ts';

type Size = [number, number];
type Shade = (x: number, y: number) => [number, number, number];

const DISPLAY: Size = [192, 128];

/** Looks along -z with a 90 degree view from near 0.1 to far 100: at distance 1 the picture is 2 units wide. */
const PROJECTION = [1, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, -100.1 / 99.9, -1, 0, 0, -20 / 99.9, 0];

/** Everything is at distance 10; a camera moved by x sees the picture moved the other way. */
const DISTANCE = 10;
const DEPTH = (PROJECTION[10]! * -DISTANCE + PROJECTION[14]!) / DISTANCE / 2 + 0.5;

function cameraAt(x: number): FrameCamera {
  return { projection: PROJECTION, view: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, 0, 0, 1] };
}

/** UV that the picture moves by where the camera moves by one unit. */
const UV_PER_UNIT = 1 / DISTANCE / 2;

/** Thin wires, letters' edges and a chequered floor, all aliased: x and y run from 0 to 1 over the picture, y up. */
function world(x: number, y: number): [number, number, number] {
  const wires = Math.abs(((x * 23 + y * 5) % 1) - 0.5) < 0.06;
  if (wires) return [0.08, 0.1, 0.12];
  if ((x - 0.7) ** 2 + ((y - 0.5) * 0.67) ** 2 < 0.02) return [0.9, 0.3 + 0.4 * y, 0.2];
  const square = (Math.floor(x * 17) + Math.floor(y * 11)) % 2 === 0;
  return square ? [0.75, 0.8, 0.7] : [0.35, 0.45, 0.6 + 0.3 * x];
}

/** One sample a pixel of a picture moved by `jitter` render pixels. */
function point(shade: Shade, [width, height]: Size, jitter: readonly [number, number]): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const c = shade((x + 0.5 - jitter[0]) / width, (y + 0.5 - jitter[1]) / height);
      for (let i = 0; i < 3; i++) data[(y * width + x) * 4 + i] = Math.round(c[i]! * 255);
      data[(y * width + x) * 4 + 3] = 255;
    }
  }
  return data;
}

/** Sixteen samples a pixel, rows from the top. */
function truthOf(shade: Shade, [width, height]: Size): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < 16; i++) {
        const c = shade((x + ((i % 4) + 0.5) / 4) / width, 1 - (y + (Math.floor(i / 4) + 0.5) / 4) / height);
        for (let k = 0; k < 3; k++) data[(y * width + x) * 4 + k]! += (c[k]! * 255) / 16;
      }
      data[(y * width + x) * 4 + 3] = 255;
    }
  }
  return { width, height, data };
}

function texture(gl: WebGL2RenderingContext, [width, height]: Size, kind: 'rgba8' | 'rg16f' | 'rgba16f' | 'r32f') {
  const made = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, made);
  const format = { rgba8: gl.RGBA8, rg16f: gl.RG16F, rgba16f: gl.RGBA16F, r32f: gl.R32F }[kind];
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  return made;
}

function upload(gl: WebGL2RenderingContext, to: WebGLTexture, [width, height]: Size, data: Uint8Array | Float32Array) {
  gl.bindTexture(gl.TEXTURE_2D, to);
  const channels = data.length / width / height;
  const layout = channels === 4 ? gl.RGBA : channels === 2 ? gl.RG : gl.RED;
  const type = data instanceof Uint8Array ? gl.UNSIGNED_BYTE : gl.FLOAT;
  gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, layout, type, data);
  gl.bindTexture(gl.TEXTURE_2D, null);
}

/** What changes from frame to frame; everything else is as in a still scene. */
interface Moment {
  shade?: Shade;
  cameraX?: number;
  depth?(x: number, y: number): number;
  motion?(x: number, y: number): [number, number];
  spoil?(color: Float32Array): void;
  reset?: boolean;
  ratio?: number;
}

/** 'temporal', or a game network by its name. */
type Way = string;

const optionsOf = (way: Way): UpscalerOptions =>
  way === 'temporal' ? { method: way } : { method: 'network', model: way };

/** An upscaler that gathers, and frames for it, drawn by code. */
async function studio(way: Way, ratio = 2, displaySize = DISPLAY, floatColor = false, gl = context(8, 8).gl) {
  const upscaler = await createUpscaler(gl, { ...optionsOf(way), ratio, timing: false });
  const target = targetOf(gl, ...displaySize);
  let made: { size: Size; color: WebGLTexture; depth: WebGLTexture; motion: WebGLTexture } | null = null;
  let frames = 0;
  const inputOf = (moment: Moment): FrameInput => {
    const { shade = world, cameraX = 0 } = moment;
    const now = moment.ratio ?? ratio;
    const size = displaySize.map((side) => Math.round(side / now)) as Size;
    if (made?.size.join() !== size.join()) {
      made = {
        size,
        color: texture(gl, size, floatColor ? 'rgba16f' : 'rgba8'),
        depth: texture(gl, size, 'r32f'),
        motion: texture(gl, size, 'rg16f'),
      };
    }
    const jitter = jitterOffset(frames++, now);
    const shift = cameraX * UV_PER_UNIT;
    const bytes = point((x, y) => shade(x + shift, y), size, jitter);
    if (floatColor) {
      const color = Float32Array.from(bytes, (value) => value / 255);
      moment.spoil?.(color);
      upload(gl, made!.color, size, color);
    } else upload(gl, made!.color, size, bytes);
    const at = <T>(value: (x: number, y: number) => T, i: number) =>
      value(((i % size[0]) + 0.5 - jitter[0]) / size[0], (Math.floor(i / size[0]) + 0.5 - jitter[1]) / size[1]);
    const depth = moment.depth;
    upload(
      gl,
      made!.depth,
      size,
      Float32Array.from({ length: size[0] * size[1] }, (_, i) => (depth ? at(depth, i) : DEPTH)),
    );
    const motion = moment.motion;
    if (motion) {
      const pairs = Array.from({ length: size[0] * size[1] }, (_, i) => at(motion, i)).flat();
      upload(gl, made!.motion, size, Float32Array.from(pairs));
    }
    return {
      color: made!.color,
      depth: made!.depth,
      ...(motion && { motion: made!.motion }),
      renderSize: size,
      jitter,
      camera: cameraAt(cameraX),
      reset: moment.reset ?? false,
    };
  };
  return {
    gl,
    upscaler,
    show(moment: Moment = {}): Picture {
      upscaler.render(inputOf(moment), target);
      return readBack(gl, target.framebuffer, ...displaySize);
    },
    spatial(method: 'bicubic' | 'network', shade: Shade = world): Promise<Picture> {
      return (async () => {
        await upscaler.set(method === 'network' ? { method, model: 'image-s' } : { method });
        const size = displaySize.map((side) => Math.round(side / ratio)) as Size;
        const color = texture(gl, size, 'rgba8');
        upload(gl, color, size, point(shade, size, [0, 0]));
        upscaler.render({ color, renderSize: size, aliased: true }, target);
        await upscaler.set(optionsOf(way));
        return readBack(gl, target.framebuffer, ...displaySize);
      })();
    },
    end(): { error: number; fallback: string | null } {
      const { fallback } = upscaler.stats;
      upscaler.dispose();
      return { error: release(gl), fallback };
    },
  };
}

/** A still picture gathered over two rounds of jitter, against spatial methods, and how much it then still moves. */
export async function still(way: Way, ratio: number) {
  const { show, spatial, end } = await studio(way, ratio);
  const truth = truthOf(world, DISPLAY);
  const bicubic = psnr(await spatial('bicubic'), truth);
  const network = psnr(await spatial('network'), truth);
  let picture = show();
  const first = psnr(picture, truth);
  for (let i = 1; i < 2 * jitterPhases(ratio); i++) picture = show();
  const settled = psnr(picture, truth);
  // Standard deviation of each value over a round of jitter, in levels: the share of values that stay within one level.
  const sums = new Float64Array(picture.data.length);
  const squares = new Float64Array(picture.data.length);
  const rounds = Math.max(32, jitterPhases(ratio));
  for (let i = 0; i < rounds; i++) {
    show().data.forEach((value, k) => {
      sums[k]! += value;
      squares[k]! += value * value;
    });
  }
  const calm = sums.filter((sum, k) => Math.sqrt(Math.max(squares[k]! / rounds - (sum / rounds) ** 2, 0)) <= 1).length;
  return { bicubic, network, first, settled, calm: calm / sums.length, ...end() };
}

/** A camera that slides by an uneven number of pixels a frame: PSNR of the last frames' mean, and bicubic's. */
export async function sliding(way: Way, pixels: number, frames: number) {
  const { show, spatial, end } = await studio(way);
  const step = pixels / DISPLAY[0] / UV_PER_UNIT;
  let sum = 0;
  for (let i = 0; i < frames; i++) {
    const picture = show({ cameraX: i * step });
    const shift = i * step * UV_PER_UNIT;
    if (i >= frames - 8)
      sum +=
        psnr(
          picture,
          truthOf((x, y) => world(x + shift, y), DISPLAY),
          12,
        ) / 8;
  }
  const shift = (frames - 1) * step * UV_PER_UNIT;
  const moved: Shade = (x, y) => world(x + shift, y);
  const bicubic = psnr(await spatial('bicubic', moved), truthOf(moved, DISPLAY), 12);
  return { gathered: sum, bicubic, ...end() };
}

/** A camera that steps sideways by two units a frame below a sky, which stays where it is: PSNR after a round of jitter. */
export async function sky(way: Way) {
  const { show, end } = await studio(way);
  const truth = truthOf(world, DISPLAY);
  let gathered = 0;
  for (let i = 0; i < jitterPhases(2); i++) {
    const cameraX = i * 2;
    const shade: Shade = (x, y) => world(x - cameraX * UV_PER_UNIT, y);
    gathered = psnr(show({ cameraX, shade, depth: () => 1 }), truth);
  }
  return { gathered, ...end() };
}

/** A camera that slides fast over what reflects a light that stands, frames far apart: PSNR of the last frames' mean, and bicubic's. */
export async function reflecting(way: Way) {
  const { show, spatial, end } = await studio(way);
  const step = 13.3 / DISPLAY[0];
  const seen =
    (i: number): Shade =>
    (x, y) => {
      const light = 0.55 + 0.45 * Math.sin(9 * x + 2 * y + 1.7 * i);
      const [r, g, b] = world(x + i * step, y);
      return [r * light, g * light, b * light];
    };
  let sum = 0;
  for (let i = 0; i < 16; i++) {
    // What the studio adds for the camera's place is taken off: the light stands.
    const picture = show({ cameraX: (i * step) / UV_PER_UNIT, shade: (x, y) => seen(i)(x - i * step, y) });
    if (i >= 12) sum += psnr(picture, truthOf(seen(i), DISPLAY), 16) / 4;
  }
  const bicubic = psnr(await spatial('bicubic', seen(15)), truthOf(seen(15), DISPLAY), 16);
  return { gathered: sum, bicubic, ...end() };
}

/**
 * A camera that slides while the light fades for ten frames, by a seventh in each: how much brighter than the truth the last
 * picture is, and how much brighter the light was a frame before; both means over the picture, in levels.
 */
export async function fading(way: Way) {
  const { show, end } = await studio(way);
  const step = 1.37 / DISPLAY[0];
  const lit =
    (i: number): Shade =>
    (x, y) =>
      world(x, y).map((c) => c * (6 / 7) ** Math.max(0, i - 20)) as [number, number, number];
  const mean = ({ data }: Picture) => data.reduce((sum, c, i) => sum + (i % 4 < 3 ? c : 0), 0) / (0.75 * data.length);
  let picture!: Picture;
  for (let i = 0; i <= 30; i++) picture = show({ cameraX: (i * step) / UV_PER_UNIT, shade: lit(i) });
  const truth = (i: number) => mean(truthOf((x, y) => lit(i)(x + 30 * step, y), DISPLAY));
  return { brighter: mean(picture) - truth(30), frame: truth(29) - truth(30), ...end() };
}

const night: Shade = (x, y) => {
  const [r, g, b] = world(1 - y, x);
  return [r * 0.3, g * 0.25, b * 0.5];
};

/** PSNR after a cut, frame by frame, and of one frame by bicubic; the cut told by `reset` or by the picture alone. */
export async function cut(way: Way, told: boolean) {
  const { show, spatial, end } = await studio(way);
  for (let i = 0; i < 24; i++) show();
  const truth = truthOf(night, DISPLAY);
  const after: number[] = [];
  for (let i = 0; i < 40; i++) after.push(psnr(show({ shade: night, reset: told && i === 0 }), truth));
  return { after, bicubic: psnr(await spatial('bicubic', night), truth), ...end() };
}

/** A bright disc that crosses the picture fast: PSNR of what it uncovered two frames before, and bicubic's there. */
export async function mover(way: Way, flush: boolean) {
  const { show, spatial, end, gl: _ } = await studio(way);
  const speed = 0.06;
  const inside = (x: number, y: number, i: number) => (x - 0.1 - i * speed) ** 2 + ((y - 0.5) * 0.67) ** 2 < 0.008;
  const near = (PROJECTION[10]! * -4 + PROJECTION[14]!) / 4 / 2 + 0.5;
  const frame =
    (i: number): Shade =>
    (x, y) =>
      inside(x, y, i) ? [1, 0.95, 0.3] : world(x, y);
  let picture = show();
  for (let i = 0; i < 12; i++) {
    picture = show({
      shade: frame(i),
      depth: (x, y) => (inside(x, y, i) && !flush ? near : DEPTH),
      motion: (x, y) => (inside(x, y, i) ? [-speed, 0] : [4, 4]),
    });
  }
  const truth = truthOf(frame(11), DISPLAY);
  const spatially = await spatial('bicubic', frame(11));
  const uncovered = (candidate: Picture) => {
    let sum = 0;
    let count = 0;
    for (let y = 0; y < DISPLAY[1]; y++) {
      for (let x = 0; x < DISPLAY[0]; x++) {
        const [u, v] = [(x + 0.5) / DISPLAY[0], 1 - (y + 0.5) / DISPLAY[1]];
        if (!inside(u, v, 9) || inside(u, v, 10) || inside(u, v, 11)) continue;
        for (let c = 0; c < 3; c++) {
          const k = (y * DISPLAY[0] + x) * 4 + c;
          sum += (candidate.data[k]! - truth.data[k]!) ** 2;
          count++;
        }
      }
    }
    return 10 * Math.log10(255 ** 2 / (sum / count));
  };
  return { gathered: uncovered(picture), bicubic: uncovered(spatially), whole: psnr(picture, truth), ...end() };
}

/** One frame with bad pixels in colour and motion: the largest difference to a run without, afterwards. */
export async function badPixels(way: Way) {
  const run = async (bad: boolean) => {
    const { show, end } = await studio(way, 2, DISPLAY, true);
    let picture = show();
    for (let i = 1; i < 40; i++) {
      picture = show({
        motion: (x, y) =>
          bad && i === 8 && (x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.001 ? [Number.NaN, Number.NaN] : [4, 4],
        spoil: (color) => {
          if (!bad || i !== 8) return;
          const middle = ((DISPLAY[1] / 4) * (DISPLAY[0] / 2) + DISPLAY[0] / 4) * 4;
          color.set([Number.NaN, Infinity, -Infinity], middle);
          color.set([Infinity, Infinity, Infinity], middle + 400);
        },
      });
    }
    return { picture, ...end() };
  };
  const [good, bad] = [await run(false), await run(true)];
  return { agreement: psnr(good.picture, bad.picture), error: bad.error, fallback: bad.fallback };
}

/** The ratio changes while frames go on: PSNR before, just after, and settled. */
export async function changes(way: Way) {
  const { show, end } = await studio(way);
  const truth = truthOf(world, DISPLAY);
  const result: Record<string, number> = {};
  for (const ratio of [2, 1.5, 3, 1]) {
    const first = psnr(show({ ratio }), truth);
    for (let i = 0; i < 24; i++) show({ ratio });
    result[`first ${ratio}`] = first;
    result[`settled ${ratio}`] = psnr(show({ ratio }), truth);
  }
  return { result, ...end() };
}

/** Frames without depth fall to a spatial method, and say why. */
export async function missing(way: Way) {
  const { gl } = context(8, 8);
  const messages: string[] = [];
  const upscaler = await createUpscaler(gl, { ...optionsOf(way), onFallback: (message) => messages.push(message) });
  const color = texture(gl, [32, 32], 'rgba8');
  const target = targetOf(gl, 64, 64);
  for (let i = 0; i < 2; i++) upscaler.render({ color, renderSize: [32, 32] }, target);
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  return { messages, fallback, error: release(gl) };
}

/** Steady frames create nothing, and leaving the method frees all it made. */
export async function perFrame(way: Way) {
  const { gl, upscaler, show, spatial, end } = await studio(way);
  // What each stage compiles at first use stays.
  show();
  await spatial('bicubic');
  const seen = watch(gl);
  const before = upscaler.device.liveObjects;
  for (let i = 0; i < 4; i++) show();
  seen.clear();
  for (let i = 0; i < 4; i++) show();
  const costly = costlyCalls(seen.calls).filter((name) => name !== 'readPixels');
  const during = upscaler.device.liveObjects;
  await spatial('bicubic');
  return { costly, before, during, after: upscaler.device.liveObjects, ...end() };
}

const RENDERER = 0x9246; // UNMASKED_RENDERER_WEBGL

/**
 * A camera that slides, where WebGL runs on the processor and where it says that it runs on a GPU: how both pictures agree,
 * in dB, and whether each keeps its history in 32 bits.
 */
export async function widths(way: Way) {
  const slide = async (named?: string) => {
    const { gl } = context(8, 8);
    const ask = gl.getParameter.bind(gl);
    if (named) gl.getParameter = (name) => (name === RENDERER ? named : ask(name));
    const allocate = gl.texStorage2D.bind(gl);
    let wide = false;
    gl.texStorage2D = (kind, levels, format, width, height) => {
      wide ||= format === gl.RGBA32F && width === DISPLAY[0] && height === DISPLAY[1];
      allocate(kind, levels, format, width, height);
    };
    const { show, end } = await studio(way, 2, DISPLAY, false, gl);
    for (let i = 0; i < 24; i++) show({ cameraX: i * 0.003 });
    return { picture: show({ cameraX: 24 * 0.003 }), wide, ...end() };
  };
  const [here, there] = [await slide(), await slide('a GPU')];
  return {
    agreement: psnr(here.picture, there.picture),
    wide: [here.wide, there.wide],
    error: here.error || there.error,
    fallback: here.fallback ?? there.fallback,
  };
}
