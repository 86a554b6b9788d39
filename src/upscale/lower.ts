import { type Size, sameSize } from '../render/size.ts';
import {
  type BinaryOp,
  type Expr,
  gridOf,
  type Kernel,
  overOne,
  pick,
  type Read,
  rootOf,
  type Storage,
  storagesOf,
  type Value,
} from './expr.ts';
import type { Graph, GraphNode, Tensor } from './graph.ts';
import { LAYERS } from './layers.ts';
import { layOut } from './layout.ts';

/** Above this a side of a picture between layers is surely a mistake; the GPU's own limit is checked when it is made. */
const MAX_SIDE = 32768;
/** WebGL2 guarantees 256 layers in a texture array. */
const MAX_CHANNELS = 1024;
/** WebGL2 guarantees 16 textures per pass; some are kept for tables and weights. */
const MAX_STORAGES = 12;
/** Operators fused into one kernel, so that a long chain can neither exhaust the stack nor make an endless shader. */
const MAX_FUSED = 64;

/** What a graph becomes at one input size: kernels in order, and where the picture goes in and comes out. */
export interface Plan {
  readonly kernels: readonly Kernel[];
  readonly input: Storage;
  readonly inputChannels: number;
  readonly output: Storage;
  readonly outputChannels: number;
  readonly outputSize: Size;
  /** The output is the depth-to-space of the output storage by this factor; 1 is none. */
  readonly block: number;
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Turns nodes into kernels one by one; each layer function of layers.ts asks it for values and gives one back. */
export class Builder {
  readonly kernels: Kernel[] = [];
  private readonly values = new Map<string, Value>();
  private node: GraphNode | null = null;

  constructor(readonly graph: Graph) {}

  fail(what: string): never {
    const { node } = this;
    const where = node ? ` (${node.op} node '${node.name}')` : '';
    throw new Error(`upframe: model '${this.graph.name}': ${what}${where}`);
  }

  /** @param tile 2 packs 2x2 pixels to a texel position where every kernel of the network can work so */
  plan(inputSize: Size, tile = 1): Plan {
    const { graph } = this;
    const { dims } = graph.input;
    if (dims.length !== 4)
      this.fail(`input '${graph.input.name}' has ${dims.length} dimensions, 4 (NCHW) are expected`);
    const [batch, channels, height, width] = dims as [number | null, number | null, number | null, number | null];
    if (batch && batch !== 1) this.fail(`input '${graph.input.name}' has a batch of ${batch}, 1 is expected`);
    if (!channels || channels < 0) this.fail(`input '${graph.input.name}' leaves its channel count open`);
    for (const [side, fixed, wanted] of [
      ['width', width, inputSize[0]],
      ['height', height, inputSize[1]],
    ] as const) {
      if (fixed && fixed !== wanted) this.fail(`the file fixes the input ${side} at ${fixed}, and ${wanted} is wanted`);
    }
    const input = this.storage(graph.input.name, inputSize, channels!, -1);
    this.values.set(
      graph.input.name,
      this.value(graph.input.name, this.readOf(input, channels!), channels!, inputSize),
    );

    const uses = new Map<string, number>([[graph.output.name, 1]]);
    for (const node of graph.nodes) for (const name of node.inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
    for (const node of graph.nodes) {
      this.node = node;
      const made = LAYERS[node.op]!(this, node);
      (Array.isArray(made) ? made : [made]).forEach((unnamed, i) => {
        const name = node.outputs[i]!;
        const value = { ...unnamed, name };
        if ((uses.get(name) ?? 0) > 1 || value.fused > MAX_FUSED) this.draw(value);
        this.values.set(name, value);
      });
    }
    this.node = null;
    return { ...this.finish(input, tile), input, inputChannels: channels! };
  }

  /** The value of a name: a node's output, the input, or a constant. */
  get(name: string): Value {
    const known = this.values.get(name);
    if (known) return known;
    const tensor = this.graph.constants.get(name);
    if (!tensor) return this.fail(`'${name}' has no value`);
    return this.constantValue(name, tensor);
  }

  /** A constant's numbers, or undefined when the input is left out. Anything computed is refused. */
  constant(name: string | undefined, what: string): Tensor | undefined {
    if (!name) return undefined;
    return this.graph.constants.get(name) ?? this.fail(`${what} '${name}' must be a constant`);
  }

  value(name: string, expr: Expr, channels: number, size: Size, block = 1, fused = 1): Value {
    if (!(channels >= 1 && channels * block * block <= MAX_CHANNELS)) {
      this.fail(
        `${channels} channels${block > 1 ? ` times ${block}x${block}` : ''}, 1 to ${MAX_CHANNELS} are supported`,
      );
    }
    if (!(size[0] >= 1 && size[1] >= 1 && size[0] <= MAX_SIDE && size[1] <= MAX_SIDE)) {
      this.fail(`a picture of ${size[0]}x${size[1]} pixels, sides of 1 to ${MAX_SIDE} are supported`);
    }
    return { name, channels, size, block, expr, fused };
  }

  storage(name: string, size: Size, channels: number, border = 0, data: Float32Array | null = null): Storage {
    return { name, size, blocks: Math.ceil(channels / 4), border, tile: 1, precise: false, data };
  }

  readOf(storage: Storage, channels: number): Read {
    return { kind: 'read', refs: range(channels).map((channel) => ({ storage, channel })), size: storage.size };
  }

  /** Draws the value's own grid, if nothing has yet, so that it can be read any number of times. */
  draw(value: Value): Read {
    return value.expr.kind === 'read' ? value.expr : this.compute(value, value.expr);
  }

  /** The value at full size in textures, few enough to be read by one pass. */
  stored(value: Value): Read {
    if (value.block > 1) {
      const source = this.gathered(this.draw(value));
      const { block } = value;
      value.block = 1;
      value.expr = { kind: 'spread', source, block };
    }
    const read = this.gathered(this.draw(value));
    value.expr = read;
    return read;
  }

  /** Element by element over two values, with broadcasting; fuses into what has not been drawn yet, as one convolution where there are two. */
  binary(op: BinaryOp, a: Value, b: Value): Value {
    const side = (axis: 0 | 1): number => this.broadcast(a.size[axis], b.size[axis]);
    const size: Size = [side(0), side(1)];
    const channels = this.broadcast(a.channels, b.channels);
    const flat = (value: Value) => value.size[0] === 1 && value.size[1] === 1 && value.block === 1;
    if (a.block !== b.block || !sameSize(a.size, b.size)) {
      for (const value of [a, b]) {
        const other = value === a ? b : a;
        const same = sameSize(value.size, size);
        if (value.block > 1 && !(same && flat(other))) this.stored(value);
        if (!same && rootOf(value.expr)) this.stored(value);
      }
    }
    const joined = overOne(a.expr, b.expr);
    if (joined) [a.expr, b.expr] = joined;
    else if (rootOf(a.expr) && rootOf(b.expr)) this.draw(a);
    if (storagesOf(a.expr).size + storagesOf(b.expr).size > MAX_STORAGES) {
      for (const value of [a, b]) {
        if (storagesOf(value.expr).size > 4) value.expr = this.gathered(this.draw(value), 4);
      }
    }
    const block = Math.max(a.block, b.block);
    const cells = block * block;
    const spread = (value: Value): Expr => {
      if (value.block === block && value.channels === channels) return value.expr;
      const own = value.block * value.block;
      const channelOf = (c: number) => (value.channels === 1 ? 0 : c);
      return pick(
        value.expr,
        range(channels * cells).map((c) => channelOf(Math.floor(c / cells)) * own + (own > 1 ? c % cells : 0)),
      );
    };
    const expr: Expr = { kind: 'binary', op, a: spread(a), b: spread(b) };
    return this.value(`${a.name} ${op}`, expr, channels, size, block, a.fused + b.fused + 1);
  }

  private broadcast(a: number, b: number): number {
    if (a !== b && a !== 1 && b !== 1) this.fail(`sizes ${a} and ${b} do not go together`);
    return Math.max(a, b);
  }

  private compute(value: Value, expr: Expr): Read {
    const channels = value.channels * value.block * value.block;
    const size = gridOf(value);
    const precise = (size[0] === 1 && size[1] === 1) || (expr.kind === 'pool' && expr.mode === 'sum');
    const storage = { ...this.storage(value.name, size, channels), precise };
    this.kernels.push({ name: storage.name, expr, channels, storage });
    value.expr = this.readOf(storage, channels);
    value.fused = 0;
    return value.expr as Read;
  }

  /** The same channels out of at most `most` storages: copied together when they are scattered over more. */
  private gathered(read: Read, most = MAX_STORAGES): Read {
    if (storagesOf(read).size <= most) return read;
    return this.compute(this.value('gathered', read, read.refs.length, read.size), read);
  }

  private constantValue(name: string, tensor: Tensor): Value {
    if (tensor.dims.length > 4)
      this.fail(`constant '${name}' has ${tensor.dims.length} dimensions, at most 4 are read`);
    const [batch, channels, height, width] = [1, 1, 1, 1, ...tensor.dims].slice(-4) as [number, number, number, number];
    if (batch !== 1) this.fail(`constant '${name}' has a batch of ${batch}, 1 is expected`);
    const size: Size = [width, height];
    if (width === 1 && height === 1) {
      return this.value(name, { kind: 'constant', values: tensor.data }, channels, size, 1, 0);
    }
    const plane = width * height;
    const data = new Float32Array(Math.ceil(channels / 4) * plane * 4);
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < plane; i++) data[((c >> 2) * plane + i) * 4 + (c & 3)] = tensor.data[c * plane + i]!;
    }
    const storage = this.storage(name, size, channels, -1, data);
    return this.value(name, this.readOf(storage, channels), channels, size, 1, 0);
  }

  /** The output alone in one storage, in order; then every storage gets the border its readers need. */
  private finish(
    input: Storage,
    tile: number,
  ): Pick<Plan, 'kernels' | 'output' | 'outputChannels' | 'outputSize' | 'block'> {
    const value = this.get(this.graph.output.name);
    this.checkOutput(value);
    let read = this.draw(value);
    const output = read.refs[0]!.storage;
    const alone = output !== input && !output.data && output.blocks === Math.ceil(read.refs.length / 4);
    if (!alone || read.refs.some(({ storage, channel }, i) => storage !== output || channel !== i)) {
      read = this.compute(value, read);
    }
    layOut(this.kernels, input, tile);
    return {
      kernels: this.kernels,
      output: read.refs[0]!.storage,
      outputChannels: value.channels,
      outputSize: value.size,
      block: value.block,
    };
  }

  private checkOutput(value: Value): void {
    const { dims, name } = this.graph.output;
    const made = [1, value.channels, value.size[1], value.size[0]];
    if (dims.length && dims.length !== 4) this.fail(`output '${name}' has ${dims.length} dimensions, 4 are expected`);
    if (dims.some((dim, i) => dim && dim !== made[i])) {
      this.fail(`the file says output '${name}' is [${dims.map((dim) => dim ?? '?')}], its nodes give [${made}]`);
    }
  }
}
