import type { Size } from '../render/device.ts';
import { type Layer, number, text } from './attributes.ts';
import { convolution, pad, transposed } from './convolutions.ts';
import { type BinaryOp, type Expr, gridOf, pick, type UnaryOp, type Value } from './expr.ts';
import type { GraphNode } from './graph.ts';
import type { Builder } from './lower.ts';
import { globalAverage, pool } from './pools.ts';
import { resize } from './resize.ts';

function unary(builder: Builder, node: GraphNode, op: UnaryOp, low = 0, high = 0): Value {
  const x = builder.get(node.inputs[0]!);
  const expr: Expr = { kind: 'unary', op, x: x.expr, low, high };
  return builder.value(x.name, expr, x.channels, x.size, x.block, x.fused + 1);
}

const activation =
  (op: UnaryOp): Layer =>
  (builder, node) =>
    unary(builder, node, op);

const arithmetic =
  (op: BinaryOp): Layer =>
  (builder, node) => {
    const a = builder.get(node.inputs[0]!);
    const b = builder.get(node.inputs[1]!);
    return builder.binary(op, a, b);
  };

function prelu(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  const slope = builder.get(node.inputs[1]!);
  const made = builder.binary('prelu', x, slope);
  if (made.channels !== x.channels || made.size[0] !== x.size[0] || made.size[1] !== x.size[1]) {
    builder.fail('the slope is larger than what it is applied to');
  }
  return made;
}

function clip(builder: Builder, node: GraphNode): Value {
  const limit = (index: number, name: string, open: number): number => {
    const tensor = builder.constant(node.inputs[index], name);
    if (tensor && tensor.data.length !== 1) builder.fail(`${name} holds ${tensor.data.length} numbers, 1 is expected`);
    return tensor ? tensor.data[0]! : number(node, name, open);
  };
  // The largest finite floats stand for "no limit": an infinity cannot be written in a shader.
  return unary(builder, node, 'clip', limit(1, 'min', -3.4028234e38), limit(2, 'max', 3.4028234e38));
}

function axisIsChannel(builder: Builder, node: GraphNode, fallback: number): void {
  const axis = number(node, 'axis', fallback);
  if (axis !== 1 && axis !== -3) builder.fail(`axis ${axis}, only 1 (channels) is supported`);
}

function concat(builder: Builder, node: GraphNode): Value {
  axisIsChannel(builder, node, 1);
  const parts = node.inputs.map((name) => builder.get(name));
  const [first] = parts as [Value];
  const together = parts.every((part) => part.block === first.block);
  const refs = parts.flatMap((part) => {
    if (part.size[0] !== first.size[0] || part.size[1] !== first.size[1]) {
      builder.fail(`pictures of ${first.size.join('x')} and ${part.size.join('x')} pixels do not go together`);
    }
    return (together ? builder.draw(part) : builder.stored(part)).refs;
  });
  const channels = parts.reduce((sum, part) => sum + part.channels, 0);
  const read: Expr = { kind: 'read', refs, size: gridOf(first) };
  return builder.value(first.name, read, channels, first.size, first.block, 0);
}

function split(builder: Builder, node: GraphNode): Value[] {
  axisIsChannel(builder, node, 0);
  const x = builder.get(node.inputs[0]!);
  const read = builder.draw(x);
  const count = node.outputs.length;
  const even = Math.ceil(x.channels / count);
  const given = builder.constant(node.inputs[1], 'split')?.data ?? node.attributes.split;
  const sizes: number[] =
    given && typeof given === 'object' && 'length' in given && given.length
      ? Array.from(given)
      : node.outputs.map((_, i) => Math.min(even, x.channels - i * even));
  if (sizes.length !== count || sizes.reduce((sum, n) => sum + n, 0) !== x.channels || sizes.some((n) => !(n >= 1))) {
    builder.fail(`parts of [${sizes}] channels do not make up ${x.channels} in ${count} outputs`);
  }
  const cells = x.block * x.block;
  let begin = 0;
  return sizes.map((channels) => {
    const refs = read.refs.slice(begin * cells, (begin += channels) * cells);
    return builder.value(x.name, { ...read, refs }, channels, x.size, x.block, 0);
  });
}

function blockSize(builder: Builder, node: GraphNode): number {
  const block = number(node, 'blocksize', 0);
  if (!(block >= 1 && block <= 16)) builder.fail(`blocksize ${block}, 1 to 16 are supported`);
  return block;
}

/** Never drawn here: the value says that it is to be read shuffled. */
function depthToSpace(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  const block = blockSize(builder, node);
  const cells = block * block;
  if (x.channels % cells) builder.fail(`${x.channels} channels do not divide into blocks of ${block}x${block}`);
  if (x.block > 1) builder.stored(x);
  const channels = x.channels / cells;
  const order = Array.from({ length: x.channels }, (_, i) => (i % cells) * channels + Math.floor(i / cells));
  const expr = text(node, 'mode', 'DCR') === 'CRD' ? x.expr : pick(x.expr, order);
  const size: Size = [x.size[0] * block, x.size[1] * block];
  return builder.value(x.name, expr, channels, size, block, x.fused);
}

function spaceToDepth(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  const block = blockSize(builder, node);
  if (x.size[0] % block || x.size[1] % block) {
    builder.fail(`a picture of ${x.size.join('x')} pixels does not divide into blocks of ${block}x${block}`);
  }
  const size: Size = [x.size[0] / block, x.size[1] / block];
  const source = builder.stored(x);
  return builder.value(x.name, { kind: 'gather', source, block }, x.channels * block * block, size);
}

export const LAYERS: Readonly<Record<string, Layer>> = {
  Conv: convolution,
  ConvTranspose: transposed,
  Relu: activation('relu'),
  LeakyRelu: (builder, node) => unary(builder, node, 'leakyrelu', number(node, 'alpha', 0.01)),
  PRelu: prelu,
  Clip: clip,
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  HardSwish: activation('hardswish'),
  Add: arithmetic('add'),
  Sub: arithmetic('sub'),
  Mul: arithmetic('mul'),
  Concat: concat,
  Split: split,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Resize: resize,
  Pad: pad,
  MaxPool: pool('max'),
  AveragePool: pool('average'),
  GlobalAveragePool: globalAverage,
};
