import type { Size } from '../render/device.ts';
import type { Value } from './expr.ts';
import type { GraphNode } from './graph.ts';
import type { Builder } from './lower.ts';

/** Turns a node into the value of its output (Split: outputs), drawing what must be drawn first. */
export type Layer = (builder: Builder, node: GraphNode) => Value | Value[];

/** A number attribute. */
export function number(node: GraphNode, name: string, fallback: number): number {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : fallback;
}

/** A text attribute. */
export function text(node: GraphNode, name: string, fallback: string): string {
  const value = node.attributes[name];
  return typeof value === 'string' ? value : fallback;
}

/** A list attribute of whole numbers within limits, or the fallback where it is absent. */
export function list(builder: Builder, node: GraphNode, name: string, fallback: number[], low: number): number[] {
  const value = node.attributes[name];
  if (!Array.isArray(value) || !value.length) return fallback;
  if (value.length !== fallback.length || value.some((n) => !(n >= low && n <= 65536))) {
    builder.fail(`${name} is [${value}], ${fallback.length} numbers of ${low} to 65536 are expected`);
  }
  return value as number[];
}

/** Where a window operator (convolution, pooling) looks, per axis [x, y]; ONNX writes y first. */
export interface Window {
  readonly kernel: Size;
  readonly stride: Size;
  readonly dilation: Size;
  readonly padBegin: Size;
  readonly padEnd: Size;
  readonly output: Size;
}

/** Kernel, stride, dilation and padding of a node that slides a window over a picture of `size`, and the size it gives. */
export function windowOf(builder: Builder, node: GraphNode, size: Size, weightSize?: Size): Window {
  const xy = (pair: number[]): Size => [pair[1]!, pair[0]!];
  const given = list(builder, node, 'kernel_shape', [0, 0], 1);
  const kernel = weightSize ?? xy(given);
  if (given[0] && (given[0] !== kernel[1] || given[1] !== kernel[0])) {
    builder.fail(`kernel_shape [${given}] contradicts weights of [${kernel[1]},${kernel[0]}]`);
  }
  if (kernel[0] < 1 || kernel[1] < 1 || kernel[0] * kernel[1] > 1024) builder.fail(`a kernel of ${kernel.join('x')}`);
  const stride = xy(list(builder, node, 'strides', [1, 1], 1));
  const dilation = xy(list(builder, node, 'dilations', [1, 1], 1));
  const pads = list(builder, node, 'pads', [0, 0, 0, 0], 0);
  const begin: [number, number] = [pads[1]!, pads[0]!];
  const end: [number, number] = [pads[3]!, pads[2]!];
  const output: [number, number] = [0, 0];
  const auto = text(node, 'auto_pad', 'NOTSET');
  const ceil = number(node, 'ceil_mode', 0) === 1;
  for (const axis of [0, 1] as const) {
    const reach = (kernel[axis] - 1) * dilation[axis] + 1;
    if (auto === 'VALID') begin[axis] = end[axis] = 0;
    if (auto.startsWith('SAME')) {
      const wanted = Math.ceil(size[axis] / stride[axis]);
      const total = Math.max(0, (wanted - 1) * stride[axis] + reach - size[axis]);
      begin[axis] = auto === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
      end[axis] = total - begin[axis];
    }
    const steps = (size[axis] + begin[axis] + end[axis] - reach) / stride[axis];
    output[axis] = Math.max(0, (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1);
    // A last window that would begin beyond the picture and its left padding is left out.
    if (ceil && (output[axis] - 1) * stride[axis] >= size[axis] + begin[axis]) output[axis]--;
  }
  return { kernel, stride, dilation, padBegin: begin, padEnd: end, output };
}
