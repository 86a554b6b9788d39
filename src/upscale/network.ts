import * as twgl from 'twgl.js';
import type { Device, Format, Pass, Size, Target, Texture, UniformValue } from '../render/device.ts';
import outputGlsl from '../shaders/network/output.glsl?raw';
import { generate } from './codegen.ts';
import { type Kernel, layersOf, type Storage, storagesOf, walk } from './expr.ts';
import type { Graph } from './graph.ts';
import { Builder } from './lower.ts';
import type { PassCode, Variant } from './variant.ts';

export type { Variant } from './variant.ts';

/** The variant used where nothing was measured. */
export const DEFAULT_VARIANT: Variant = { weights: 'constant', targets: 8, tile: 1, unrolled: 400 };

/** More than this between layers is a mistake in the file or in the size, and would only lose the context. */
const MAX_BYTES = 2 ** 30;

const TEXEL_BYTES = { rgba8: 4, rgba16f: 8, rgba32f: 16 };

/** A draw of the network, and what it costs. */
export interface NetworkPass extends Pass {
  readonly macs: number;
}

export interface Network {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Output size over input size. */
  readonly scale: number;
  readonly inputSize: Size;
  readonly outputSize: Size;
  /** Multiply-accumulates of one run. */
  readonly macs: number;
  /** Texture memory held, and what one run reads and writes if each texture is read once by each pass. */
  readonly bytes: { readonly memory: number; readonly read: number; readonly written: number };
  readonly variant: Variant;
  readonly format: Format;
  /** Where the caller draws the picture: channels 0..3 in layer 0, the next four in layer 1, ... */
  readonly input: { readonly texture: Texture; readonly target: Target };
  /** For a shader that reads the result: `glsl` declares the uniforms and `float networkOutput(ivec2 pixel, int channel)`. */
  readonly output: { readonly uniforms: Record<string, UniformValue>; readonly glsl: string };
  readonly passes: readonly NetworkPass[];
  run(): void;
  dispose(): void;
}

export interface NetworkOptions {
  /** Number format between layers: 'auto' takes 16-bit floats where they work, then 32-bit ones. */
  precision?: 'auto' | 'half' | 'float';
  variant?: Variant;
}

function formatFor(device: Device, precision: 'auto' | 'half' | 'float'): Format {
  const { rgba16f, rgba32f } = device.support;
  if (precision !== 'float' && rgba16f) return 'rgba16f';
  if (precision !== 'half' && rgba32f) return 'rgba32f';
  throw new Error(
    `upframe: this GPU cannot draw to ${{ half: '16-bit', float: '32-bit', auto: '16-bit or 32-bit' }[precision]} float textures, which precision '${precision}' needs`,
  );
}

const cellsOf = ({ size, tile }: Storage): Size => [Math.ceil(size[0] / tile), Math.ceil(size[1] / tile)];

function macsOf(kernel: Kernel): number {
  // A tree may hold one convolution at several places.
  return [...new Set(walk(kernel.expr))].reduce((sum, node) => sum + ('macs' in node ? node.macs : 0), 0);
}

/** The last kernel that reads each storage. */
function lastReaders(kernels: readonly Kernel[]): Map<Storage, number> {
  const last = new Map<Storage, number>();
  kernels.forEach((kernel, i) => {
    for (const storage of storagesOf(kernel.expr)) last.set(storage, i);
  });
  return last;
}

/** FNV-1a: names a set of weights, so that shared programs never share uniforms that differ. */
function hash(values: Float32Array): string {
  let sum = 0x811c9dc5;
  for (const word of new Uint32Array(values.buffer)) sum = Math.imul(sum ^ word, 0x01000193);
  return (sum >>> 0).toString(16);
}

/**
 * Compiles a graph for one input size into passes on the device. Every texture, target and program is made here;
 * `run` only draws. What fails half-way frees what it had made.
 */
export function createNetwork(device: Device, graph: Graph, inputSize: Size, options: NetworkOptions = {}): Network {
  const { precision = 'auto', variant = DEFAULT_VARIANT } = options;
  const { gl } = device;
  const plan = new Builder(graph).plan(inputSize, variant.tile);
  const format = formatFor(device, precision);
  /** Constants, and the few numbers that sum up a picture, keep 32 bits: they cost nothing and all pixels depend on them. */
  const formatOf = (storage: Storage): Format =>
    storage.data || (storage.precise && device.support.rgba32f) ? 'rgba32f' : format;
  const bytes = { memory: 0, read: 0, written: 0 };
  const made: object[] = [];
  const keep = <T extends object>(object: T): T => {
    made.push(object);
    return object;
  };
  const dispose = () => device.free(...made.splice(0));

  const textures = new Map<Storage, Texture>();
  const free: { key: string; texture: Texture }[] = [];
  const keys = new Map<Texture, string>();
  const release = (texture: Texture) => free.push({ key: keys.get(texture)!, texture });
  /** A texture for a storage: one that is free again, if it has the same size and border (whose zeros nothing overwrites). */
  const allocate = (storage: Storage): Texture => {
    const border = Math.max(0, storage.border);
    const size = cellsOf(storage).map((side) => side + 2 * border) as unknown as Size;
    const layers = layersOf(storage);
    const own = formatOf(storage);
    const key = `${size} ${border} ${own}`;
    const again = storage.data ? -1 : free.findIndex((other) => other.key === key && other.texture.layers >= layers);
    let texture = free[again]?.texture;
    if (texture) free.splice(again, 1);
    else {
      bytes.memory += size[0] * size[1] * layers * TEXEL_BYTES[own];
      if (bytes.memory > MAX_BYTES) {
        throw new Error(
          `upframe: model '${graph.name}' at ${inputSize.join('x')} needs more than ${MAX_BYTES >> 20} MB of textures`,
        );
      }
      texture = keep(device.texture(storage.name, size, own, { layers, data: storage.data }));
      keys.set(texture, key);
    }
    textures.set(storage, texture);
    return texture;
  };

  try {
    const limits = { targets: device.maxDrawBuffers, uniformVectors: gl.getParameter(gl.MAX_FRAGMENT_UNIFORM_VECTORS) };
    const inputTexture = allocate(plan.input);
    const inputTarget = keep(
      device.target(
        'network input',
        Array.from({ length: plan.input.blocks }, (_, layer) => ({ texture: inputTexture, layer })),
      ),
    );
    const passes: NetworkPass[] = [];
    const last = lastReaders(plan.kernels);
    plan.kernels.forEach((kernel, index) => {
      const { storage } = kernel;
      const codes = generate(kernel, limits, variant);
      const texture = allocate(storage);
      codes.forEach((code, i) => {
        const name = codes.length > 1 ? `${kernel.name} ${i + 1}/${codes.length}` : kernel.name;
        passes.push({
          ...makePass(name, code, storage, texture),
          macs: (macsOf(kernel) * code.layers.length) / layersOf(storage),
        });
      });
      for (const [read, reader] of last) {
        const done = textures.get(read);
        if (reader === index && done && !read.data && read !== plan.input && read !== plan.output) release(done);
      }
      if (!last.has(storage) && storage !== plan.output) release(texture);
    });

    const outputTexture = textures.get(plan.output)!;
    const { border, tile } = plan.output;
    const defines = { BLOCK: plan.block, TILE: tile, BORDER: Math.max(0, border) };
    const lines = Object.entries(defines).map(([name, value]) => `#define NETWORK_${name} ${value}`);
    const glsl = [...lines, outputGlsl].join('\n');
    return {
      inputChannels: plan.inputChannels,
      outputChannels: plan.outputChannels,
      scale: plan.outputSize[0] / inputSize[0],
      inputSize,
      outputSize: plan.outputSize,
      macs: plan.kernels.reduce((sum, kernel) => sum + macsOf(kernel), 0),
      bytes,
      variant,
      format,
      input: { texture: inputTexture, target: inputTarget },
      output: { uniforms: { networkMap: outputTexture }, glsl },
      passes,
      run() {
        for (const pass of passes) device.draw(pass);
      },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }

  function makePass(name: string, code: PassCode, storage: Storage, texture: Texture): Pass {
    const uniforms: Record<string, UniformValue> = {};
    code.storages.forEach((read, unit) => {
      const source = textures.get(read) ?? allocate(read);
      uniforms[`t${unit}`] = source;
      bytes.read += source.size[0] * source.size[1] * layersOf(read) * TEXEL_BYTES[source.format];
    });
    const target = keep(
      device.target(
        name,
        code.layers.map((layer) => ({ texture, layer })),
      ),
    );
    const [width, height] = cellsOf(storage);
    const border = Math.max(0, storage.border);
    bytes.written += width * height * code.layers.length * TEXEL_BYTES[texture.format];
    const label = code.weights ? `// weights ${code.weights.length} ${hash(code.weights)}\n` : '';
    const program = keep(device.program(name, label + code.glsl));
    if (code.weights) {
      gl.useProgram(program.program);
      twgl.setUniforms(program.setters, { weights: code.weights });
      gl.useProgram(null);
    }
    return { name, program, target, uniforms, region: border ? [border, border, width, height] : null };
  }
}
