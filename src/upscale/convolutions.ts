import type { Size } from '../render/device.ts';
import { list, number, text, windowOf } from './attributes.ts';
import { type Expr, mixOf, rootOf, type Value } from './expr.ts';
import type { GraphNode, Tensor } from './graph.ts';
import type { Builder } from './lower.ts';

/**
 * Most channels that a mix takes and gives. Its kernel must draw all of them in one pass, as every pass computes anew what
 * is mixed, and WebGL2 guarantees four render targets.
 */
const MAX_MIXED = 16;
/** Most that it takes to give four or fewer: one sum of what its kernel computes, as of products with predicted filters. */
const MAX_SUMMED = 80;

interface Weights {
  readonly tensor: Tensor;
  readonly dims: readonly [number, number, number, number];
  readonly group: number;
}

function weightsOf(builder: Builder, node: GraphNode): Weights {
  const tensor = builder.constant(node.inputs[1], 'weights')!;
  if (tensor.dims.length !== 4) builder.fail(`weights of ${tensor.dims.length} dimensions, 4 (2D) are expected`);
  const group = number(node, 'group', 1);
  if (!(group >= 1 && group <= 65536)) builder.fail(`group is ${group}`);
  return { tensor, dims: tensor.dims as [number, number, number, number], group };
}

function biasOf(builder: Builder, node: GraphNode, channels: number): (output: number) => number {
  const bias = builder.constant(node.inputs[2], 'bias');
  if (bias && bias.data.length !== channels) builder.fail(`${bias.data.length} biases for ${channels} channels`);
  return (output) => bias?.data[output] ?? 0;
}

/** Conv, any odd or even kernel, stride, dilation, padding and grouping. */
export function convolution(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  const { tensor, dims, group } = weightsOf(builder, node);
  const [outputs, inputs, height, width] = dims;
  if (inputs * group !== x.channels || outputs % group) {
    builder.fail(`weights of [${dims}] in ${group} group(s) do not fit ${x.channels} input channels`);
  }
  const { kernel, stride, dilation, padBegin, padEnd, output } = windowOf(builder, node, x.size, [width, height]);
  const taps: Size[] = [];
  for (let y = 0; y < kernel[1]; y++) {
    for (let x = 0; x < kernel[0]; x++) taps.push([x * dilation[0] - padBegin[0], y * dilation[1] - padBegin[1]]);
  }
  const perGroup = outputs / group;
  const area = height * width;
  const weight = (o: number, i: number, tap: number): number => {
    const first = Math.floor(o / perGroup) * inputs;
    return i >= first && i < first + inputs ? tensor.data[(o * inputs + i - first) * area + tap]! : 0;
  };
  const bias = biasOf(builder, node, outputs);
  const sum = { weight, bias, macs: outputs * inputs * area * output[0] * output[1] };
  // A 1x1 convolution is left to the kernel that computes its input, which nothing has drawn yet. A second one only from four
  // channels to four: each repeats for every four outputs what its input takes to write.
  const pointwise = area * x.block === 1 && String([stride, padBegin, output]) === `1,1,0,0,${x.size}`;
  const pending = rootOf(x.expr)?.kind === 'convolution';
  const second = mixOf(x.expr) !== undefined;
  const few = outputs <= 4 && x.channels <= (second ? 4 : MAX_SUMMED);
  const fits = few || (!second && Math.max(outputs, x.channels) <= MAX_MIXED);
  if (pointwise && pending && fits) {
    const mix: Expr = { kind: 'mix', x: x.expr, inputs: x.channels, ...sum };
    return builder.value(x.name, mix, outputs, output, 1, x.fused + 1);
  }
  const value = builder.value(x.name, { kind: 'constant', values: [] }, outputs, output);
  // A padding that nothing has drawn, and that this does not pad further, need not be: what it pads is read beyond its edge.
  const padding = x.expr.kind === 'convolution' && !x.expr.macs && !Math.max(...padBegin, ...padEnd) ? x.expr : null;
  const source = padding?.source ?? builder.stored(x);
  const [left, top] = padding?.taps[0] ?? [0, 0];
  const moved = taps.map(([x, y]): Size => [x + left, y + top]);
  value.expr = { kind: 'convolution', source, outputs, taps: moved, stride, edge: padding?.edge, ...sum };
  return value;
}

/** Pad by the picture's edge or with zeros. PyTorch writes it before every AveragePool, mostly with nothing to add: then it costs nothing. */
export function pad(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  const given = builder.constant(node.inputs[1], 'pads')?.data ?? node.attributes.pads;
  const pads = given && typeof given === 'object' && 'length' in given ? Array.from(given) : [];
  const fill = builder.constant(node.inputs[2], 'value')?.data[0] ?? number(node, 'value', 0);
  const mode = text(node, 'mode', 'constant');
  const edge = mode === 'edge';
  if (!(edge || (mode === 'constant' && fill === 0)) || node.inputs[3]) {
    builder.fail('only padding with zeros or the edge, given for all four axes, is supported');
  }
  if (pads.length !== 8 || [0, 1, 4, 5].some((i) => pads[i] !== 0)) {
    builder.fail(`pads of [${pads}], eight for height and width are expected`);
  }
  if (pads.every((n) => n === 0)) return { ...x };
  const [top, left, bottom, right] = [pads[2]!, pads[3]!, pads[6]!, pads[7]!];
  const value = builder.value(x.name, x.expr, x.channels, [x.size[0] + left + right, x.size[1] + top + bottom]);
  const source = builder.stored(x);
  const weight = (o: number, i: number) => (o === i ? 1 : 0);
  value.expr = {
    kind: 'convolution',
    source,
    outputs: x.channels,
    taps: [[-left, -top]],
    stride: [1, 1],
    weight,
    bias: () => 0,
    macs: 0,
    edge,
  };
  return value;
}

/**
 * ConvTranspose. Each of its stride * stride output phases is a small convolution of the input, so it becomes one
 * convolution on the input grid with stride * stride times the channels, read depth-to-space.
 */
export function transposed(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  const { tensor, dims, group } = weightsOf(builder, node);
  const [inputs, perGroup, height, width] = dims;
  if (inputs !== x.channels || inputs % group) {
    builder.fail(`weights of [${dims}] in ${group} group(s) do not fit ${x.channels} input channels`);
  }
  const { stride, dilation, padBegin, padEnd, kernel } = windowOf(builder, node, x.size, [width, height]);
  const [block] = stride;
  if (stride[1] !== block || block > 8)
    builder.fail(`strides of ${stride.join(' and ')}, equal ones of 1 to 8 are supported`);
  if (dilation[0] !== 1 || dilation[1] !== 1) builder.fail('dilations other than 1 are not supported here');
  if (text(node, 'auto_pad', 'NOTSET') !== 'NOTSET' || node.attributes.output_shape) {
    builder.fail('auto_pad and output_shape are not supported here: write pads');
  }
  const extra = list(builder, node, 'output_padding', [0, 0], 0);
  const side = (axis: 0 | 1): number =>
    (x.size[axis] - 1) * block - padBegin[axis] - padEnd[axis] + kernel[axis] + extra[1 - axis]!;
  const size: Size = [side(0), side(1)];
  const outputs = perGroup * group;
  const value = builder.value(x.name, { kind: 'constant', values: [] }, outputs, size, block);

  // Output o = cell * block + phase reads input i where o + pad - k = i * block: i = cell + (phase + pad - k) / block.
  const low = (axis: 0 | 1): number => Math.floor((padBegin[axis] - kernel[axis] + 1) / block);
  const high = (axis: 0 | 1): number => Math.floor((block - 1 + padBegin[axis]) / block);
  const taps: Size[] = [];
  for (let y = low(1); y <= high(1); y++) for (let x = low(0); x <= high(0); x++) taps.push([x, y]);
  const cells = block * block;
  const area = height * width;
  const inputsPerGroup = inputs / group;
  const weight = (o: number, i: number, tap: number): number => {
    const channel = Math.floor(o / cells);
    const kx = (o % block) + padBegin[0] - taps[tap]![0] * block;
    const ky = (Math.floor(o / block) % block) + padBegin[1] - taps[tap]![1] * block;
    if (kx < 0 || ky < 0 || kx >= width || ky >= height) return 0;
    if (Math.floor(i / inputsPerGroup) !== Math.floor(channel / perGroup)) return 0;
    return tensor.data[(i * perGroup + (channel % perGroup)) * area + ky * width + kx]!;
  };
  const bias = biasOf(builder, node, outputs);
  const source = builder.stored(x);
  const expr: Expr = {
    kind: 'convolution',
    source,
    outputs: outputs * cells,
    taps,
    stride: [1, 1],
    weight,
    bias: (o) => bias(Math.floor(o / cells)),
    macs: inputs * perGroup * area * x.size[0] * x.size[1],
  };
  value.expr = expr;
  return value;
}
