import type { Device, Size } from '../render/device.ts';
import { rendererOf } from '../render/renderer.ts';
import type { Graph } from './graph.ts';
import { createNetwork, DEFAULT_VARIANT, type Variant } from './network.ts';

export type { Variant } from './network.ts';

/** Compiling and timing candidates ends here, in milliseconds; what was measured until then decides. */
const BUDGET = 400;
/** Draws between two read-backs: enough that waiting is not what is measured. */
const DRAWS = 4;
const ROUNDS = 3;
/** Raise when variants are written differently, so that remembered choices are forgotten. */
const VERSION = 1;

const remembered = new Map<string, Variant>();

/** What is tried, the likeliest first: a slow compiler leaves time for one. Uniform arrays of weights keep a software rasteriser's compiler busy for a minute. */
function candidates({ software }: Device, width: number): Variant[] {
  return [
    ...(width <= 8 ? [{ ...DEFAULT_VARIANT, tile: 2 } as const] : []),
    DEFAULT_VARIANT,
    ...(software ? [] : [{ ...DEFAULT_VARIANT, weights: 'uniform' } as const]),
  ];
}

/** Channels of the widest inner convolution: what most of the time goes into. */
function widthOf(graph: Graph): number {
  let width = 1;
  for (const { op, inputs } of graph.nodes) {
    const dims = op === 'Conv' ? graph.constants.get(inputs[1] ?? '')?.dims : undefined;
    if (dims) width = Math.max(width, Math.min(dims[0] ?? 1, dims[1] ?? 1));
  }
  return width;
}

/** A 3x3 convolution between two layers of this many channels, after one that lays out its input as the variant likes. */
function probe(channels: number): Graph {
  const weights = (kernel: number) => {
    const dims = [channels, channels, kernel, kernel];
    const data = Float32Array.from(
      { length: channels * channels * kernel * kernel },
      (_, i) => Math.sin(i + 1) / channels,
    );
    return { dims, data };
  };
  const conv = (inputs: string[], output: string, pad: number) => ({
    op: 'Conv',
    name: output,
    domain: '',
    inputs,
    outputs: [output],
    attributes: { pads: [pad, pad, pad, pad] },
  });
  return {
    name: 'autotune',
    opset: 17,
    nodes: [conv(['input', 'mix'], 'laid out', 0), conv(['laid out', 'filter'], 'output', 1)],
    constants: new Map([
      ['mix', weights(1)],
      ['filter', weights(3)],
    ]),
    input: { name: 'input', dims: [1, channels, null, null] },
    output: { name: 'output', dims: [] },
  };
}

/** Milliseconds of the probe's convolution, the least of a few rounds: whatever else runs can only add. */
function measure(
  device: Device,
  graph: Graph,
  size: Size,
  precision: 'auto' | 'half' | 'float',
  variant: Variant,
): number {
  const { gl } = device;
  const network = createNetwork(device, graph, size, { precision, variant });
  try {
    const passes = network.passes.filter((pass) => pass.name.startsWith('output'));
    const pixel = new Float32Array(4);
    const wait = () => {
      gl.bindFramebuffer(gl.FRAMEBUFFER, passes.at(-1)!.target.framebuffer);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, pixel);
    };
    let best = Number.POSITIVE_INFINITY;
    device.begin();
    network.run();
    wait();
    for (let round = 0; round < ROUNDS; round++) {
      const begin = performance.now();
      for (let i = 0; i < DRAWS; i++) for (const pass of passes) device.draw(pass);
      wait();
      best = Math.min(best, performance.now() - begin);
    }
    return best / DRAWS;
  } finally {
    device.end();
    network.dispose();
  }
}

function stored(key: string): Variant | null {
  try {
    const variant = JSON.parse(localStorage.getItem(key) ?? 'null');
    return variant && typeof variant === 'object' ? { ...DEFAULT_VARIANT, ...variant } : null;
  } catch {
    return null;
  }
}

function store(key: string, variant: Variant, forGood: boolean): void {
  remembered.set(key, variant);
  if (!forGood) return;
  try {
    localStorage.setItem(key, JSON.stringify(variant));
  } catch {
    // No storage here (a worker, a private window): it is remembered while the page lives.
  }
}

/**
 * Chooses how passes are written for this device: times a typical convolution in a few ways, once, and remembers the
 * fastest by the renderer's name. Takes under half a second, and never fails: then it is the default. Nobody else may draw
 * in between, as it leaves the context's state changed.
 */
export function autotune(device: Device, graph: Graph, size: Size, precision: 'auto' | 'half' | 'float'): Variant {
  try {
    const { gl } = device;
    const width = widthOf(graph);
    // Wide networks run as loops, which have no variants.
    if (width > 16) return DEFAULT_VARIANT;
    const channels = width <= 8 ? 8 : 16;
    const key = `upframe variant ${VERSION} ${channels} ${precision} ${rendererOf(gl)}`;
    const known = remembered.get(key) ?? stored(key);
    if (known) return known;
    const begin = performance.now();
    const { timers } = device;
    const timed = timers.enabled;
    timers.enabled = false;
    let best = DEFAULT_VARIANT;
    let least = Number.POSITIVE_INFINITY;
    const list = candidates(device, channels);
    let tried = 0;
    try {
      for (const variant of list.length > 1 ? list : []) {
        const ms = measure(device, probe(channels), size, precision, variant);
        if (ms < least) [best, least] = [variant, ms];
        tried++;
        if (performance.now() - begin > BUDGET || gl.isContextLost()) break;
      }
    } finally {
      timers.enabled = timed;
    }
    // An unfinished comparison counts for this page only; the next visit finds the programs compiled.
    if (!gl.isContextLost()) store(key, best, tried === list.length);
    return best;
  } catch {
    return DEFAULT_VARIANT;
  }
}
