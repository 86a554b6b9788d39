import type { Size } from '../render/device.ts';
import { number, text } from './attributes.ts';
import { pick, type Value } from './expr.ts';
import type { GraphNode } from './graph.ts';
import type { Builder } from './lower.ts';

const f32 = Math.fround;

/** The source coordinate of each output pixel, in the 32-bit steps onnxruntime takes, so that ties fall the same way. */
const COORDINATES: Record<string, (x: number, scale: number, size: number, source: number) => number> = {
  half_pixel: (x, scale) => f32(f32(x + 0.5) / scale) - 0.5,
  pytorch_half_pixel: (x, scale, size) => (size > 1 ? f32(f32(x + 0.5) / scale) - 0.5 : 0),
  align_corners: (x, _, size, source) => (size > 1 ? (x * (source - 1)) / (size - 1) : 0),
  asymmetric: (x, scale) => x / scale,
};

const NEAREST: Record<string, (x: number) => number> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Resize, nearest or linear. Nearest by a whole factor costs nothing: it is a repeated read. */
export function resize(builder: Builder, node: GraphNode): Value {
  const x = builder.get(node.inputs[0]!);
  const mode = text(node, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear') builder.fail(`mode '${mode}', 'nearest' and 'linear' are supported`);
  if (number(node, 'antialias', 0)) builder.fail('antialias is not supported');
  if (node.attributes.axes) builder.fail('axes is not supported: give all four scales or sizes');
  const modern = builder.graph.opset >= 11;
  const scales = builder.constant(node.inputs[modern ? 2 : 1], 'scales')?.data;
  const sizes = builder.constant(modern ? node.inputs[3] : '', 'sizes')?.data;
  const given = sizes?.length ? sizes : scales;
  if (given?.length !== 4) return builder.fail('four scales or sizes are expected');
  const from = [1, x.channels, x.size[1], x.size[0]];
  const scale = Array.from(given, (n, i) => (given === sizes ? n / from[i]! : n)).map(f32);
  if (scale[0] !== 1 || scale[1] !== 1) builder.fail(`scales of [${scale}], only height and width can change`);
  const size = [3, 2].map((i) =>
    given === sizes ? given[i]! : Math.floor(f32(from[i]! * scale[i]!)),
  ) as unknown as Size;
  const value = builder.value(x.name, { kind: 'constant', values: [] }, x.channels, size);

  const coordinate = text(node, 'coordinate_transformation_mode', modern ? 'half_pixel' : 'asymmetric');
  const nearest = text(node, 'nearest_mode', 'round_prefer_floor');
  const coordinateOf = COORDINATES[coordinate];
  const rounding = NEAREST[nearest];
  if (!coordinateOf) return builder.fail(`coordinate_transformation_mode '${coordinate}' is not supported`);
  if (!rounding) return builder.fail(`nearest_mode '${nearest}' is not supported`);

  const width = Math.max(size[0], size[1]);
  const data = new Float32Array(width * 2 * 4);
  let factor = mode === 'nearest' && scale[2] === scale[3] ? scale[3]! : 0;
  for (const axis of [0, 1] as const) {
    const source = x.size[axis];
    const inside = (i: number) => Math.max(0, Math.min(source - 1, i));
    const ratio = scale[3 - axis]!;
    // Operator set 10 leaves the rounding open: onnxruntime rounds up where it shrinks.
    const round = modern ? rounding : ratio < 1 ? Math.ceil : Math.floor;
    for (let i = 0; i < size[axis]; i++) {
      const place = f32(coordinateOf(i, ratio, size[axis], source));
      const at = inside(mode === 'nearest' ? round(place) : place);
      const first = Math.min(Math.floor(at), source - 1);
      data.set([first, inside(first + 1), at - first], (axis * width + i) * 4);
      if (Math.floor(i / factor) !== first) factor = 0;
    }
  }
  const source = builder.stored(x);
  if (factor >= 1 && factor <= 8 && Number.isInteger(factor)) {
    const cells = factor * factor;
    const channels = Array.from({ length: x.channels * cells }, (_, i) => Math.floor(i / cells));
    if (channels.length <= 256) return builder.value(x.name, pick(source, channels), x.channels, size, factor, 0);
  }
  const table = builder.storage(`${x.name} resize table`, [width, 2], 4, -1, data);
  value.expr = { kind: 'resample', source, table, linear: mode === 'linear' };
  return value;
}
