import type { Size } from '../render/device.ts';
import { type Layer, number, windowOf } from './attributes.ts';
import type { Expr, Pool, Value } from './expr.ts';
import type { GraphNode } from './graph.ts';
import type { Builder } from './lower.ts';

/** Sums of at most this many pixels a side: enough parallel work at the first step, few steps to a single pixel. */
const TILE = 16;

/** MaxPool and AveragePool. */
export function pool(mode: 'max' | 'average'): Layer {
  return (builder, node) => {
    const x = builder.get(node.inputs[0]!);
    const window = windowOf(builder, node, x.size);
    const value = builder.value(x.name, { kind: 'constant', values: [] }, x.channels, window.output);
    for (const axis of [0, 1] as const) {
      if (window.padBegin[axis] >= window.kernel[axis] || window.padEnd[axis] >= window.kernel[axis]) {
        builder.fail('padding as wide as the kernel');
      }
    }
    const source = builder.stored(x);
    const countPadding = number(node, 'count_include_pad', 0) === 1;
    value.expr = { kind: 'pool', source, mode, ...window, countPadding, factor: 1 };
    return value;
  };
}

/** Mean over the picture: sums of tiles, of tiles of those, and so on to one pixel, scaled so that 16-bit floats hold. */
export function globalAverage(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  let value = x;
  let left = 1 / (x.size[0] * x.size[1]);
  do {
    const kernel: Size = [Math.min(TILE, value.size[0]), Math.min(TILE, value.size[1])];
    const size: Size = [Math.ceil(value.size[0] / kernel[0]), Math.ceil(value.size[1] / kernel[1])];
    const last = size[0] === 1 && size[1] === 1;
    const factor = last ? left : 1 / (kernel[0] * kernel[1]);
    left /= factor;
    const sum: Omit<Pool, 'kind' | 'source'> = {
      mode: 'sum',
      kernel,
      stride: kernel,
      dilation: [1, 1],
      padBegin: [0, 0],
      padEnd: [0, 0],
      countPadding: false,
      factor,
    };
    const expr: Expr = { kind: 'pool', source: builder.stored(value), ...sum };
    value = builder.value(x.name, expr, x.channels, size);
  } while (value.size[0] > 1 || value.size[1] > 1);
  return value;
}
