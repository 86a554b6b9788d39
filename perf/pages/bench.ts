import type * as Ort from 'onnxruntime-web';
import { Device, type Pass, type Size, type Texture } from '../../src/render/device.ts';
import { median } from '../../src/render/timers.ts';
import { autotune } from '../../src/upscale/autotune.ts';
import { createNetwork, type Network, type Variant } from '../../src/upscale/network.ts';
import { readModel } from '../../src/upscale/onnx.ts';
import { fixSize } from './fixed-size.ts';
import { createContext } from './picture.ts';

/** One network by every backend, and what the GPU could do at best: runs in the page, a sample at a time. */

export const BACKENDS = ['upframe', 'onnxruntime-webgl', 'onnxruntime-wasm', 'onnxruntime-webgpu'] as const;
export type Backend = (typeof BACKENDS)[number];

/** Milliseconds of one run. `timer` says what was read: a GPU query, or the clock around a run and its read-back. */
export interface Sample {
  ms: number;
  timer: 'gpu' | 'wall';
  /** Wall time, read-back included, where `ms` is GPU time. */
  wallMs: number;
}

export interface Setup {
  macs: number;
  passes: { name: string; macs: number }[];
  bytes: Network['bytes'];
  variant: string;
  precision: string;
  /** Why a backend does not take part. */
  absent: Partial<Record<Backend, string>>;
}

/** Runs between two syncs, so that waiting for the GPU is not what is measured. */
const RUNS = 4;

interface Timed {
  runs: number;
  draw(): void;
  sync(): void;
}

const device = new Device(createContext());
const { gl } = device;
// A software renderer's query now and then answers a tenth of the time that passed; its clock is the wall's anyway.
const queries = device.software ? null : gl.getExtension('EXT_disjoint_timer_query_webgl2');
let network: Network | null = null;
let sessions: Partial<Record<Backend, () => Promise<unknown>>> = {};
const closers: (() => Promise<unknown>)[] = [];

/** Reads one pixel of what was drawn last: returns when the GPU is done. */
function readBack(framebuffer: WebGLFramebuffer | null, float: boolean): void {
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  if (float) gl.readPixels(1, 1, 1, 1, gl.RGBA, gl.FLOAT, new Float32Array(4));
  else gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

async function time({ runs, draw, sync }: Timed): Promise<Sample> {
  sync();
  const query = queries ? gl.createQuery() : null;
  const begin = performance.now();
  if (query) gl.beginQuery(queries.TIME_ELAPSED_EXT, query);
  device.begin();
  for (let i = 0; i < runs; i++) draw();
  device.end();
  if (query) gl.endQuery(queries.TIME_ELAPSED_EXT);
  sync();
  const wallMs = (performance.now() - begin) / runs;
  if (!query) return { ms: wallMs, timer: 'wall', wallMs };
  for (let tries = 0; tries < 500 && !gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const elapsed = gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE)
    ? gl.getQueryParameter(query, gl.QUERY_RESULT) / 1e6 / runs
    : 0;
  gl.deleteQuery(query);
  return elapsed > 0 && !gl.getParameter(queries.GPU_DISJOINT_EXT)
    ? { ms: elapsed, timer: 'gpu', wallMs }
    : { ms: wallMs, timer: 'wall', wallMs };
}

const PEAK_SIZE: Size = [320, 180];
const PEAK_ROUNDS = 64;
/** Textures copied by the bandwidth pass: with as many targets as every WebGL2 GPU has. */
const COPIED = 4;

interface Peak {
  pass: Pass;
  amount: number;
}

/** Products of constant matrices and vectors, four independent chains, no fetch: the multiply-add peak of a fragment shader. */
function multiplyPeak(): Peak {
  let state = 1;
  const number = () => ((state = (state * 16807) % 2147483647) / 2147483647 - 0.5).toFixed(6);
  const matrix = () => `mat4(${Array.from({ length: 16 }, number).join(',')})`;
  const lines = Array.from({ length: PEAK_ROUNDS }, () =>
    ['a', 'b', 'c', 'd'].map((x) => `${x} = ${matrix()} * ${x};`).join(' '),
  );
  const program = device.program('multiply peak', [
    `out vec4 color;
void main() {
  vec4 a = gl_FragCoord.xyxy * 0.001, b = a.yzwx, c = a.zwxy, d = a.wxyz;
  ${lines.join('\n  ')}
  color = a + b + c + d;
}`,
  ]);
  const target = device.target('multiply peak', [device.texture('multiply peak', PEAK_SIZE, 'rgba8')]);
  const amount = PEAK_SIZE[0] * PEAK_SIZE[1] * PEAK_ROUNDS * 4 * 16;
  return { pass: { name: 'multiply peak', program, target, uniforms: {} }, amount };
}

/** Four 16-bit textures read once and written once each: bytes a second through the texture units. */
function copyPeak(): Peak {
  const format = device.support.rgba16f ? 'rgba16f' : 'rgba8';
  const size: Size = [640, 360];
  const textures = (name: string): Texture[] =>
    Array.from({ length: COPIED }, (_, i) => device.texture(`${name} ${i}`, size, format));
  const indices = Array.from({ length: COPIED }, (_, i) => i);
  const program = device.program('copy peak', [
    indices.map((i) => `uniform sampler2D t${i}; layout(location=${i}) out vec4 o${i};`).join('\n'),
    `void main() { ivec2 p = ivec2(gl_FragCoord.xy);
${indices.map((i) => `o${i} = texelFetch(t${i}, p, 0);`).join('\n')} }`,
  ]);
  const uniforms = Object.fromEntries(textures('copy source').map((texture, i) => [`t${i}`, texture]));
  const target = device.target('copy peak', textures('copy target'));
  const amount = size[0] * size[1] * COPIED * 2 * (format === 'rgba16f' ? 8 : 4);
  return { pass: { name: 'copy peak', program, target, uniforms }, amount };
}

const peaks: { gmacs?: Peak; gbytes?: Peak } = {};

/** Billions a second: multiply-accumulates, or bytes read and written. */
export async function samplePeak(kind: 'gmacs' | 'gbytes'): Promise<number> {
  peaks[kind] ??= kind === 'gmacs' ? multiplyPeak() : copyPeak();
  const { pass, amount } = peaks[kind];
  const float = kind === 'gbytes' && device.support.rgba16f;
  const { ms } = await time({
    runs: RUNS,
    draw: () => device.draw(pass),
    sync: () => readBack(pass.target.framebuffer, float),
  });
  return amount / ms / 1e6;
}

/** Opens a model at a size in every backend that runs here; `forced` replaces what autotune would choose. */
export async function setup(
  url: string,
  name: string,
  size: Size,
  backends: readonly Backend[],
  forced?: Variant,
): Promise<Setup> {
  await teardown();
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const graph = readModel(bytes, name);
  const absent: Setup['absent'] = {};
  const variant = forced ?? autotune(device, graph, size, 'auto');
  network = createNetwork(device, graph, size, { variant });
  const [width, height] = size;
  const channels = network.inputChannels;
  const data = Float32Array.from({ length: channels * width * height }, (_, i) => (i * 7919) % 256).map((x) => x / 255);
  // What is in the input does not change the time, but denormals and infinities would: fill it with a picture's range.
  device.begin();
  const fill = device.program('fill', [
    'layout(location=0) out vec4 o; void main() { o = fract(gl_FragCoord.xyxy * 0.37); }',
  ]);
  device.draw({ name: 'fill', program: fill, target: network.input.target, uniforms: {} });
  device.end();
  device.free(fill);

  const fixed = fixSize(
    bytes,
    [1, channels, height, width],
    [1, network.outputChannels, network.outputSize[1], network.outputSize[0]],
  );
  const open = async (backend: Backend, module: () => Promise<unknown>, provider: string): Promise<void> => {
    if (!backends.includes(backend)) return;
    try {
      const ort = (await module()) as typeof Ort;
      ort.env.logLevel = 'error';
      const session = await ort.InferenceSession.create(fixed, { executionProviders: [provider] });
      closers.push(() => session.release());
      const run = async () => {
        const tensor = new ort.Tensor('float32', data, [1, channels, height, width]);
        const result = await session.run({ [session.inputNames[0]!]: tensor });
        return result[session.outputNames[0]!]!.getData();
      };
      await run();
      sessions[backend] = run;
    } catch (error) {
      absent[backend] = String((error as Error).message ?? error).slice(0, 300);
    }
  };
  await open('onnxruntime-wasm', () => import('onnxruntime-web/wasm'), 'wasm');
  await open('onnxruntime-webgl', () => import('onnxruntime-web/webgl'), 'webgl');
  if ('gpu' in navigator && (await (navigator.gpu as { requestAdapter(): Promise<unknown> }).requestAdapter())) {
    await open('onnxruntime-webgpu', () => import('onnxruntime-web/webgpu'), 'webgpu');
  } else absent['onnxruntime-webgpu'] = 'no WebGPU adapter in this browser';
  // Shaders are compiled at their first draw.
  await sample('upframe');
  for (let i = 0; i < 2; i++) await samplePeak('gmacs');
  return {
    macs: network.macs,
    passes: network.passes.map((pass) => ({ name: pass.name, macs: pass.macs })),
    bytes: network.bytes,
    variant: Object.values(network.variant).join(' '),
    precision: network.format,
    absent,
  };
}

/** One measurement; null for a backend that is not there. */
export async function sample(backend: Backend): Promise<Sample | null> {
  if (backend === 'upframe') {
    const current = network!;
    const last = current.passes.at(-1)!.target;
    return time({ runs: RUNS, draw: () => current.run(), sync: () => readBack(last.framebuffer, true) });
  }
  const run = sessions[backend];
  if (!run) return null;
  const begin = performance.now();
  await run();
  const ms = performance.now() - begin;
  return { ms, timer: 'wall', wallMs: ms };
}

/** Median milliseconds of each pass of our network, drawn alone. */
export async function passTimes(rounds: number): Promise<number[]> {
  const passes = network?.passes ?? [];
  const times: number[][] = passes.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, pass] of passes.entries()) {
      const sync = () => readBack(pass.target.framebuffer, true);
      const { ms } = await time({ runs: RUNS, draw: () => device.draw(pass), sync });
      times[i]!.push(ms);
    }
  }
  return times.map(median);
}

export async function teardown(): Promise<void> {
  network?.dispose();
  network = null;
  sessions = {};
  for (const close of closers.splice(0)) await close();
}
