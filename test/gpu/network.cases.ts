import type * as Ort from 'onnxruntime-web';
import { Device, type Size } from '../../src/render/device.ts';
import { autotune } from '../../src/upscale/autotune.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../src/upscale/network.ts';
import { readModel } from '../../src/upscale/onnx.ts';
import { createRuntimeNetwork } from '../../src/upscale/onnxruntime.ts';
import { writeModel } from '../onnx-writer.ts';
import { randomModel, seeded } from '../random-graphs.ts';
import { smallModel } from '../small-model.ts';

/** Runs in the page: networks on the GPU beside onnxruntime-web's wasm. */

let device: Device | null = null;
export function deviceOf(): Device {
  if (!device) {
    const canvas = document.createElement('canvas');
    device = new Device(canvas.getContext('webgl2')!);
    device.timers.enabled = false;
  }
  return device;
}

let runtime: Promise<typeof Ort> | null = null;
async function ort(): Promise<typeof Ort> {
  runtime ??= import('onnxruntime-web/wasm').then((module) => {
    module.env.wasm.numThreads = 1;
    module.env.logLevel = 'error';
    return module as unknown as typeof Ort;
  });
  return runtime;
}

export function randomInput(seed: number, count: number): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: count }, random);
}

/** Draws channels x height x width numbers into the network's input, runs it, and reads its output the same way. */
export function evaluate(device: Device, network: Network, data: Float32Array): Float32Array {
  const { gl } = device;
  const [width, height] = network.inputSize;
  const plane = width * height;
  const layers = network.input.texture.layers;
  const texels = new Float32Array(layers * plane * 4);
  for (let c = 0; c < network.inputChannels; c++) {
    for (let i = 0; i < plane; i++) texels[((c >> 2) * plane + i) * 4 + (c & 3)] = data[c * plane + i]!;
  }
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, network.input.texture.texture);
  gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, 0, width, height, layers, gl.RGBA, gl.FLOAT, texels);
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, null);

  const [outWidth, outHeight] = network.outputSize;
  const result = new Float32Array(network.outputChannels * outWidth * outHeight);
  const reader = device.program('reader', [
    network.output.glsl,
    `uniform int channel; out vec4 color;
void main() { color = vec4(networkOutput(ivec2(gl_FragCoord.xy), channel), 0.0, 0.0, 1.0); }`,
  ]);
  const texture = device.texture('result', network.outputSize, 'rgba32f');
  const target = device.target('result', [texture]);
  const pixels = new Float32Array(outWidth * outHeight * 4);
  for (let channel = 0; channel < network.outputChannels; channel++) {
    device.begin();
    if (channel === 0) network.run();
    device.draw({ name: 'reader', program: reader, target, uniforms: { ...network.output.uniforms, channel } });
    gl.readPixels(0, 0, outWidth, outHeight, gl.RGBA, gl.FLOAT, pixels);
    device.end();
    const first = channel * outWidth * outHeight;
    for (let i = 0; i < outWidth * outHeight; i++) result[first + i] = pixels[i * 4]!;
  }
  device.free(reader, texture, target);
  return result;
}

export interface Parity {
  label: string;
  size: Size;
  /** Largest difference over the range of the reference. */
  float: number;
  half: number;
  operators: string[];
  passes: number;
  macs: number;
  leaked: number;
  error?: string;
}

export async function compare(
  label: string,
  bytes: Uint8Array,
  size: Size,
  operators: string[] = [],
  options: NetworkOptions = {},
): Promise<Parity> {
  const device = deviceOf();
  const before = device.liveObjects;
  const parity: Parity = { label, size, float: -1, half: -1, operators, passes: 0, macs: 0, leaked: 0 };
  try {
    const { InferenceSession, Tensor } = await ort();
    const graph = readModel(bytes, label);
    const session = await InferenceSession.create(bytes);
    const channels = graph.input.dims[1]!;
    const data = randomInput(1, channels * size[0] * size[1]);
    const feeds = { [session.inputNames[0]!]: new Tensor('float32', data, [1, channels, size[1], size[0]]) };
    const result = (await session.run(feeds))[session.outputNames[0]!]!;
    const truth = result.data as Float32Array;
    const [low, high] = truth.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [Infinity, -Infinity]);
    // A single pixel has no range of its own; then its size counts.
    const range = Math.max(high - low, Math.abs(low), Math.abs(high), 1e-3);
    for (const precision of ['float', 'half'] as const) {
      const network = createNetwork(device, graph, size, { ...options, precision });
      const ours = evaluate(device, network, data);
      parity.passes = network.passes.length;
      parity.macs = network.passes.reduce((sum, pass) => sum + pass.macs, 0);
      if (parity.macs !== network.macs) throw new Error(`passes of ${parity.macs} MAC, a network of ${network.macs}`);
      const dims = [1, network.outputChannels, network.outputSize[1], network.outputSize[0]];
      network.dispose();
      if (String(dims) !== String(result.dims)) throw new Error(`shape [${dims}], onnxruntime has [${result.dims}]`);
      let worst = 0;
      // A NaN of ours must not pass as "not larger".
      for (let i = 0; i < truth.length; i++) {
        const difference = Math.abs(ours[i]! - truth[i]!);
        if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
      }
      parity[precision] = worst / range;
    }
    await session.release();
  } catch (error) {
    parity.error = String(error);
  }
  const { gl } = device;
  const code = gl.getError();
  if (code) parity.error = `${parity.error ?? ''} GL error ${code}`;
  parity.leaked = device.liveObjects - before;
  return parity;
}

export function compareRandom(seed: number, size: [number, number], options?: NetworkOptions): Promise<Parity> {
  const { bytes, operators } = randomModel(seed, ...size);
  return compare(`random ${seed}`, bytes, size, operators, options);
}

export async function compareFile(url: string, size: Size, options?: NetworkOptions): Promise<Parity> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return compare(url, bytes, size, [], options);
}

/** Resize of operator set 10, which says nothing of rounding. */
export function compareOldResize(size: Size, scale: number): Promise<Parity> {
  const bytes = writeModel({
    opset: 10,
    nodes: [{ op: 'Resize', inputs: ['input', 'scales'], outputs: ['output'], attributes: { mode: 'nearest' } }],
    constants: { scales: { dims: [4], data: [1, 1, scale, scale] } },
    input: { name: 'input', dims: [1, 3, 'h', 'w'] },
    output: { name: 'output', dims: [1, 3, 'h2', 'w2'] },
  });
  return compare(`resize by ${scale}`, bytes, size);
}

export interface Damage {
  failed: number;
  built: number;
  /** Messages that do not begin with 'upframe:'. */
  foreign: string[];
  slowestMs: number;
  leaked: number;
}

/** Builds damaged copies of a model on the GPU: each must build or throw one of our errors, and leave nothing behind. */
function buildAll(copies: Iterable<Uint8Array>): Damage {
  const device = deviceOf();
  const before = device.liveObjects;
  const damage: Damage = { failed: 0, built: 0, foreign: [], slowestMs: 0, leaked: 0 };
  for (const copy of copies) {
    const begin = performance.now();
    try {
      createNetwork(device, readModel(copy, 'damaged'), [7, 5]).dispose();
      damage.built++;
    } catch (error) {
      damage.failed++;
      if (!/^upframe: /.test((error as Error).message)) damage.foreign.push(String((error as Error).stack));
    }
    damage.slowestMs = Math.max(damage.slowestMs, performance.now() - begin);
    damage.leaked = Math.max(damage.leaked, device.liveObjects - before);
  }
  if (device.gl.getError()) damage.foreign.push('a GL error');
  return damage;
}

export function buildTruncated(): Damage {
  const bytes = smallModel();
  return buildAll(Array.from({ length: bytes.length }, (_, length) => bytes.slice(0, length)));
}

export function buildMutated(count: number): Damage {
  const bytes = smallModel();
  const random = seeded(11);
  return buildAll(
    Array.from({ length: count }, () => {
      const copy = bytes.slice();
      for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
        copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      }
      return copy;
    }),
  );
}

/** Calls the context while a network runs again and again: what a frame must not do. */
export async function frameCalls(url: string): Promise<{ calls: string[]; leaked: number }> {
  const device = deviceOf();
  const { gl } = device;
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const before = device.liveObjects;
  const network = createNetwork(device, readModel(bytes, url), [64, 36]);
  const calls = new Set<string>();
  const forbidden =
    /^(create|delete|getUniformLocation|getAttribLocation|readPixels|getParameter|getError|finish|tex(Sub)?Image|texStorage|bufferData|compile|link)/;
  const watched: string[] = [];
  for (const name in gl) {
    if (!forbidden.test(name) || typeof gl[name as keyof typeof gl] !== 'function') continue;
    watched.push(name);
    const real = gl[name as 'finish'].bind(gl);
    Object.assign(gl, {
      [name]: (...args: []) => {
        calls.add(name);
        return real(...args);
      },
    });
  }
  for (let frame = 0; frame < 3; frame++) {
    device.begin();
    network.run();
    device.end();
  }
  for (const name of watched) delete (gl as unknown as Record<string, unknown>)[name];
  network.dispose();
  return { calls: [...calls], leaked: device.liveObjects - before };
}

/** Twenty branches read together by one convolution, and element by element: more textures than a shader may have. */
export function compareManyBranches(): Promise<Parity> {
  const random = seeded(9);
  const values = (count: number) => Array.from({ length: count }, () => random() - 0.5);
  const branches = Array.from({ length: 20 }, (_, i) => i);
  const bytes = writeModel({
    nodes: [
      ...branches.flatMap((i) => [
        { op: 'Conv', inputs: ['input', `w${i}`], outputs: [`c${i}`] },
        { op: 'Tanh', inputs: [`c${i}`], outputs: [`b${i}`] },
      ]),
      { op: 'Concat', inputs: branches.map((i) => `b${i}`), outputs: ['all'], attributes: { axis: 1 } },
      { op: 'Conv', inputs: ['all', 'mix'], outputs: ['mixed'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Concat', inputs: [...branches].reverse().map((i) => `b${i}`), outputs: ['back'], attributes: { axis: 1 } },
      { op: 'Mul', inputs: ['all', 'back'], outputs: ['product'] },
      { op: 'Add', inputs: ['product', 'mixed'], outputs: ['output'] },
    ],
    constants: {
      ...Object.fromEntries(branches.map((i) => [`w${i}`, { dims: [3, 2, 1, 1], data: values(6) }])),
      mix: { dims: [1, 60, 3, 3], data: values(540) },
    },
    input: { name: 'input', dims: [1, 2, 'h', 'w'] },
    output: { name: 'output', dims: [1, 60, 'h', 'w'] },
  });
  return compare('many branches', bytes, [9, 7]);
}

/** 3x3, 3x3, PRelu, 1x1, Clip; where `shared`, what the 1x1 reads is added to what it gives as well. */
export function comparePointwise(size: Size, options?: NetworkOptions, shared = false): Promise<Parity> {
  const random = seeded(12);
  const values = (count: number) => Array.from({ length: count }, () => random() - 0.5);
  const outputs = shared ? 7 : 11;
  // Two of the inputs count for nothing, and no output of the last four hears of the first four.
  const mix = values(outputs * 7).map((x, i) => (i % 7 === 2 || i % 7 === 5 || (i >= 56 && i % 7 < 4) ? 0 : x));
  const bytes = writeModel({
    nodes: [
      { op: 'Conv', inputs: ['input', 'w1'], outputs: ['a'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Conv', inputs: ['a', 'w2', 'b2'], outputs: ['b'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'PRelu', inputs: ['b', 'slope'], outputs: ['c'] },
      { op: 'Conv', inputs: ['c', 'mix', 'b3'], outputs: ['d'] },
      ...(shared ? [{ op: 'Add', inputs: ['c', 'd'], outputs: ['e'] }] : []),
      { op: 'Clip', inputs: [shared ? 'e' : 'd', 'low', 'high'], outputs: ['output'] },
    ],
    constants: {
      w1: { dims: [8, 3, 3, 3], data: values(216) },
      w2: { dims: [7, 8, 3, 3], data: values(504) },
      b2: { dims: [7], data: values(7) },
      slope: { dims: [7, 1, 1], data: values(7) },
      mix: { dims: [outputs, 7, 1, 1], data: mix },
      b3: { dims: [outputs], data: values(outputs) },
      low: { dims: [], data: [-0.5] },
      high: { dims: [], data: [0.5] },
    },
    input: { name: 'input', dims: [1, 3, 'h', 'w'] },
    output: { name: 'output', dims: [1, outputs, 'h', 'w'] },
  });
  return compare('pointwise', bytes, size, [], options);
}

/**
 * Filters predicted for each pixel: a 1x1 convolution makes weights, and a grouped one sums their products with earlier layers;
 * where `mixed`, another 1x1 mixes the sums.
 */
export function compareFiltered(size: Size, options?: NetworkOptions, mixed = false): Promise<Parity> {
  const random = seeded(14);
  const values = (count: number) => Array.from({ length: count }, () => random() - 0.5);
  const pads = [1, 1, 1, 1];
  const bytes = writeModel({
    nodes: [
      { op: 'Conv', inputs: ['input', 'w1'], outputs: ['a'], attributes: { pads } },
      { op: 'Conv', inputs: ['a', 'w2'], outputs: ['b'], attributes: { pads } },
      { op: 'Conv', inputs: ['b', 'w3', 'b3'], outputs: ['weights'] },
      { op: 'Concat', inputs: ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'], outputs: ['seen'], attributes: { axis: 1 } },
      { op: 'Mul', inputs: ['weights', 'seen'], outputs: ['products'] },
      { op: 'Conv', inputs: ['products', 'ones'], outputs: ['sum'], attributes: { group: 4 } },
      ...(mixed ? [{ op: 'Conv', inputs: ['sum', 'w5'], outputs: ['mixed'] }] : []),
      { op: 'Conv', inputs: ['b', 'w4'], outputs: ['c'], attributes: { pads } },
      { op: 'Add', inputs: ['c', mixed ? 'mixed' : 'sum'], outputs: ['output'] },
    ],
    constants: {
      w1: { dims: [8, 1, 3, 3], data: values(72) },
      w2: { dims: [8, 8, 3, 3], data: values(576) },
      w3: { dims: [64, 8, 1, 1], data: values(512) },
      b3: { dims: [64], data: values(64) },
      ones: { dims: [4, 16, 1, 1], data: values(64).fill(1) },
      w4: { dims: [4, 8, 3, 3], data: values(288) },
      ...(mixed && { w5: { dims: [4, 4, 1, 1], data: values(16) } }),
    },
    input: { name: 'input', dims: [1, 1, 'h', 'w'] },
    output: { name: 'output', dims: [1, 4, 'h', 'w'] },
  });
  return compare('filtered', bytes, size, [], options);
}

/** What was computed shrunk, less the input, enlarged and added: the shrinking convolution reads on over the edge. */
export function comparePadded(size: Size, options: NetworkOptions): Promise<Parity> {
  const random = seeded(13);
  const values = (count: number) => Array.from({ length: count }, () => random() - 0.5);
  const bytes = writeModel({
    nodes: [
      { op: 'Conv', inputs: ['input', 'w1'], outputs: ['a'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Pad', inputs: ['a', 'pads'], outputs: ['b'], attributes: { mode: 'edge' } },
      { op: 'Conv', inputs: ['b', 'w2'], outputs: ['c'] },
      { op: 'Sub', inputs: ['input', 'c'], outputs: ['d'] },
      { op: 'Conv', inputs: ['d', 'w3'], outputs: ['e'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'Add', inputs: ['a', 'e'], outputs: ['output'] },
    ],
    constants: {
      w1: { dims: [4, 1, 3, 3], data: values(36) },
      pads: { dims: [8], data: [0, 0, 2, 1, 0, 0, 2, 1], type: 7 },
      w2: { dims: [1, 4, 5, 3], data: values(60) },
      w3: { dims: [4, 1, 3, 3], data: values(36) },
    },
    input: { name: 'input', dims: [1, 1, 'h', 'w'] },
    output: { name: 'output', dims: [1, 4, 'h', 'w'] },
  });
  return compare('padded', bytes, size, [], options);
}

/** A model with an operator we do not know, by way of onnxruntime: how far it is from the truth, and what it leaves. */
export async function throughRuntime(): Promise<{
  refused: string;
  worst: number;
  frames: number;
  size: Size;
  leaked: number;
  glError: number;
}> {
  const device = deviceOf();
  const { gl } = device;
  const bytes = writeModel({
    nodes: [
      { op: 'Abs', inputs: ['input'], outputs: ['a'] },
      { op: 'Concat', inputs: ['a', 'input', 'a', 'input', 'a'], outputs: ['b'], attributes: { axis: 1 } },
    ],
    input: { name: 'input', dims: [1, 1, 'h', 'w'] },
    output: { name: 'b', dims: [1, 5, 'h', 'w'] },
  });
  let refused = '';
  try {
    readModel(bytes, 'abs');
  } catch (error) {
    refused = (error as Error).message;
  }
  const size: Size = [9, 6];
  const data = randomInput(5, 54).map((x) => x - 0.5);
  const before = device.liveObjects;
  const network = await createRuntimeNetwork(device, bytes, 'abs', size);
  let result = evaluate(device, network, data);
  let frames = 1;
  for (; !network.ready && frames < 500; frames++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    device.begin();
    network.run();
    device.end();
  }
  result = evaluate(device, network, data);
  network.dispose();
  let worst = 0;
  for (let i = 0; i < result.length; i++) {
    const truth = Math.floor(i / 54) % 2 ? data[i % 54]! : Math.abs(data[i % 54]!);
    worst = Math.max(worst, Math.abs(result[i]! - truth));
  }
  return {
    refused,
    worst,
    frames,
    size: network.outputSize,
    leaked: device.liveObjects - before,
    glError: gl.getError(),
  };
}

/** What autotune chose twice, how long it took, and whether anything of it is left. */
export async function tuned(url: string): Promise<{ same: boolean; firstMs: number; againMs: number; leaked: number }> {
  const device = deviceOf();
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const graph = readModel(bytes, url);
  for (const key of Object.keys(localStorage)) if (key.startsWith('upframe')) localStorage.removeItem(key);
  const before = device.liveObjects;
  const begin = performance.now();
  const first = autotune(device, graph, [320, 180], 'auto');
  const middle = performance.now();
  const again = autotune(device, graph, [320, 180], 'auto');
  const end = performance.now();
  return {
    same: JSON.stringify(first) === JSON.stringify(again),
    firstMs: middle - begin,
    againMs: end - middle,
    leaked: device.liveObjects - before,
  };
}
