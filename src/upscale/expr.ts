import { type Size, sameSize } from '../render/size.ts';

/** Where one channel of a value lies: component `channel & 3` of layer `channel >> 2` of a storage. */
export interface Ref {
  readonly storage: Storage;
  readonly channel: number;
}

/**
 * A texture array to be: four channels per layer, with `border` texels of zeros around the picture. With a tile of 2 a
 * texel position stands for 2x2 pixels, in four layers next to each other; without one (1) for a pixel.
 */
export interface Storage {
  readonly name: string;
  readonly size: Size;
  /** Groups of four channels. */
  readonly blocks: number;
  /** In texels; set by the readers that need it, before code is written. -1 is a picture drawn by someone else, without one. */
  border: number;
  tile: number;
  /** Holds 32-bit floats whatever the rest does. */
  readonly precise: boolean;
  /** Contents known in advance, [block][y][x][4]. */
  readonly data: Float32Array | null;
}

export const layersOf = (storage: Storage): number => storage.blocks * storage.tile * storage.tile;

/** Channels at their own pixel; a size of 1 along an axis is repeated over it. */
export interface Read {
  readonly kind: 'read';
  readonly refs: readonly Ref[];
  readonly size: Size;
}

/** The weight of input channel `input` (zero where there is none) in output channel `output` at tap `tap`. */
export type WeightOf = (output: number, input: number, tap: number) => number;

export interface WeightedSum {
  readonly weight: WeightOf;
  readonly bias: (output: number) => number;
  /** Multiply-accumulates, as ONNX counts them. */
  readonly macs: number;
}

/**
 * A weighted sum over taps: the input pixel of output pixel p and tap t is p * stride + t. Outside is zero, or with `edge` the
 * nearest pixel of the picture.
 */
export interface Convolution extends WeightedSum {
  readonly kind: 'convolution';
  readonly source: Read;
  readonly outputs: number;
  readonly taps: readonly Size[];
  readonly stride: Size;
  readonly edge?: boolean | undefined;
}

/** A 1x1 convolution of what its own kernel computes: `inputs` channels at the same pixel, never stored. One tap, 0. */
export interface Mix extends WeightedSum {
  readonly kind: 'mix';
  readonly x: Expr;
  readonly inputs: number;
}

export interface Pool {
  readonly kind: 'pool';
  readonly source: Read;
  readonly mode: 'max' | 'average' | 'sum';
  readonly kernel: Size;
  readonly stride: Size;
  readonly dilation: Size;
  readonly padBegin: Size;
  /** Average only: whether padding counts, and where the padded picture ends. */
  readonly countPadding: boolean;
  readonly padEnd: Size;
  /** Factor on a sum. */
  readonly factor: number;
}

/** Two source pixels per axis and their mix, looked up in `table`: row 0 for x, row 1 for y, (first, second, weight of second). */
export interface Resample {
  readonly kind: 'resample';
  readonly source: Read;
  readonly table: Storage;
  readonly linear: boolean;
}

/** Depth to space, drawn: `source` holds block * block channels per output channel, in (channel, y, x) order. */
export interface Spread {
  readonly kind: 'spread';
  readonly source: Read;
  readonly block: number;
}

/** Space to depth, drawn: output channel (y * block + x) * channels + c. */
export interface Gather {
  readonly kind: 'gather';
  readonly source: Read;
  readonly block: number;
}

export type Root = Convolution | Pool | Resample | Spread | Gather;

export type UnaryOp = 'relu' | 'leakyrelu' | 'clip' | 'sigmoid' | 'tanh' | 'hardswish';
export type BinaryOp = 'add' | 'sub' | 'mul' | 'prelu';

/** What a kernel computes for a channel at a pixel: a tree over at most one root. */
export type Expr =
  | Root
  | Mix
  | Read
  | { readonly kind: 'constant'; readonly values: ArrayLike<number> }
  | { readonly kind: 'pick'; readonly x: Expr; readonly channels: readonly number[] }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly x: Expr; readonly low: number; readonly high: number }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly a: Expr; readonly b: Expr };

/** One computation that fills a storage; the code generator splits it into passes. */
export interface Kernel {
  readonly name: string;
  readonly expr: Expr;
  readonly channels: number;
  readonly storage: Storage;
}

/** A tensor on its way: an expression that nothing has drawn yet, or where it lies. */
export interface Value {
  readonly name: string;
  readonly channels: number;
  readonly size: Size;
  /** Above 1 the value is the depth-to-space of `expr`, which has block * block channels for each of ours, (channel, y, x). */
  block: number;
  expr: Expr;
  fused: number;
}

export const gridOf = (value: Value): Size => [
  Math.ceil(value.size[0] / value.block),
  Math.ceil(value.size[1] / value.block),
];

/** The expression with its channels chosen anew. */
export function pick(x: Expr, channels: readonly number[]): Expr {
  if (x.kind === 'read') return { ...x, refs: channels.map((c) => x.refs[c]!) };
  if (x.kind === 'constant') return { kind: 'constant', values: channels.map((c) => x.values[c]!) };
  if (x.kind === 'pick') return { kind: 'pick', x: x.x, channels: channels.map((c) => x.channels[c]!) };
  return { kind: 'pick', x, channels };
}

export const isRoot = (expr: Expr): expr is Root => 'source' in expr;

/** Every node of the tree, leaves last. */
export function* walk(expr: Expr): Generator<Expr> {
  yield expr;
  if ('x' in expr) yield* walk(expr.x);
  else if (expr.kind === 'binary') {
    yield* walk(expr.a);
    yield* walk(expr.b);
  }
}

/** The root of the tree, or undefined when it only reads and computes per pixel. */
export const rootOf = (expr: Expr): Root | undefined => [...walk(expr)].find(isRoot);

export const mixOf = (expr: Expr): Mix | undefined => [...walk(expr)].find((node) => node.kind === 'mix');

/** The tree with one of its nodes replaced. */
function replaced(expr: Expr, node: Expr, by: Expr): Expr {
  if (expr === node) return by;
  if ('x' in expr) return { ...expr, x: replaced(expr.x, node, by) };
  return expr.kind === 'binary' ? { ...expr, a: replaced(expr.a, node, by), b: replaced(expr.b, node, by) } : expr;
}

/** The number of each tap, by its place as text. */
export const tapNumbers = ({ taps }: Convolution): Map<string, number> =>
  new Map(taps.map((tap, i) => [String(tap), i]));

/** Products of a 4x4 matrix and a texel of which a convolution consists, at a pixel. */
const productsOf = ({ source, outputs, taps }: Convolution) =>
  Math.ceil(source.refs.length / 4) * Math.ceil(outputs / 4) * taps.length;
/** Most products of two convolutions that become one: more would be loops, in which every channel has every tap. */
const MAX_JOINED = 100;

/** Two trees over convolutions of the same channels as trees over one convolution, which gives the channels of both. Or null. */
export function overOne(a: Expr, b: Expr): [Expr, Expr] | null {
  const [first, second] = [rootOf(a), rootOf(b)];
  if (first?.kind !== 'convolution' || second?.kind !== 'convolution') return null;
  const { source, stride, edge, outputs } = first;
  const sameSource =
    sameSize(source.size, second.source.size) &&
    source.refs.length === second.source.refs.length &&
    source.refs.every((ref, i) => {
      const other = second.source.refs[i]!;
      return ref.storage === other.storage && ref.channel === other.channel;
    });
  if (!sameSource || !sameSize(stride, second.stride) || Boolean(edge) !== Boolean(second.edge)) return null;
  if (productsOf(first) + productsOf(second) > MAX_JOINED) return null;
  const taps = [...new Map([...first.taps, ...second.taps].map((tap) => [String(tap), tap])).values()];
  const partOf = (conv: Convolution, from: number) => {
    const numbers = tapNumbers(conv);
    return { conv, from, own: taps.map((tap) => numbers.get(String(tap))) };
  };
  const [low, high] = [partOf(first, 0), partOf(second, outputs)];
  const one: Convolution = {
    kind: 'convolution',
    source,
    outputs: outputs + second.outputs,
    taps,
    stride,
    edge,
    weight(output, input, tap) {
      const { conv, from, own } = output < outputs ? low : high;
      return own[tap] === undefined ? 0 : conv.weight(output - from, input, own[tap]);
    },
    bias: (output) => (output < outputs ? first.bias(output) : second.bias(output - outputs)),
    macs: first.macs + second.macs,
  };
  const channels = (count: number, from: number) =>
    pick(
      one,
      Array.from({ length: count }, (_, i) => from + i),
    );
  return [replaced(a, first, channels(outputs, 0)), replaced(b, second, channels(second.outputs, outputs))];
}

/** The storages a tree reads. */
export function storagesOf(expr: Expr): Set<Storage> {
  const found = new Set<Storage>();
  for (const node of walk(expr)) {
    const read = node.kind === 'read' ? node : isRoot(node) ? node.source : null;
    for (const ref of read?.refs ?? []) found.add(ref.storage);
    if (node.kind === 'resample') found.add(node.table);
  }
  return found;
}
