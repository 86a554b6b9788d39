import { type NodeSpec, type TensorSpec, writeModel } from './onnx-writer.ts';

/** A repeatable source of numbers in 0..1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Tensor {
  name: string;
  c: number;
  h: number;
  w: number;
}

export interface RandomModel {
  bytes: Uint8Array;
  operators: string[];
}

const MAX_PIXELS = 700_000;

/** A random valid graph over most of the operators, for an input of this size. */
export function randomModel(seed: number, width: number, height: number): RandomModel {
  const random = seeded(seed);
  const pickInt = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const choose = <T>(items: readonly T[]): T => items[pickInt(0, items.length - 1)]!;
  const nodes: NodeSpec[] = [];
  const constants: Record<string, TensorSpec> = {};
  const live: Tensor[] = [];
  let count = 0;

  const constant = (dims: number[], scale: number, shift = 0): string => {
    const name = `k${count++}`;
    const size = dims.reduce((a, b) => a * b, 1);
    constants[name] = { dims, data: Float32Array.from({ length: size }, () => shift + (random() * 2 - 1) * scale) };
    return name;
  };
  const ints = (data: number[]): string => {
    const name = `k${count++}`;
    constants[name] = { dims: [data.length], data, type: 7 };
    return name;
  };
  const floats = (data: number[]): string => {
    const name = `k${count++}`;
    constants[name] = { dims: data.length > 1 ? [data.length] : [], data };
    return name;
  };
  const add = (op: string, inputs: string[], shape: Omit<Tensor, 'name'>, attributes: NodeSpec['attributes'] = {}) => {
    const tensor = { ...shape, name: `v${count++}` };
    nodes.push({ op, inputs, outputs: [tensor.name], attributes });
    live.push(tensor);
    return tensor;
  };

  const conv = (x: Tensor, outputs = pickInt(1, 12), most = 5): Tensor => {
    const k = choose([1, 3, 3, 5].filter((n) => n <= most));
    const k2 = random() < 0.2 ? 1 : k;
    const depthwise = random() < 0.15;
    const group = depthwise ? x.c : x.c % 2 === 0 && outputs % 2 === 0 && random() < 0.2 ? 2 : 1;
    const o = depthwise ? x.c * pickInt(1, 2) : outputs;
    const dilation = random() < 0.15 ? 2 : 1;
    const stride = random() < 0.15 ? 2 : 1;
    const reach = [k2, k].map((n) => (n - 1) * dilation);
    const pad = reach.map((n) => Math.floor(n / 2) + (random() < 0.1 ? 1 : 0));
    const h = Math.floor((x.h + 2 * pad[0]! - reach[0]! - 1) / stride) + 1;
    const w = Math.floor((x.w + 2 * pad[1]! - reach[1]! - 1) / stride) + 1;
    const weights = constant([o, x.c / group, k2, k], 1.7 / Math.sqrt((x.c / group) * k * k2));
    const inputs = [x.name, weights];
    if (random() < 0.8) inputs.push(constant([o], 0.3));
    return add(
      'Conv',
      inputs,
      { c: o, h, w },
      {
        kernel_shape: [k2, k],
        strides: [stride, stride],
        dilations: [dilation, dilation],
        pads: [pad[0]!, pad[1]!, pad[0]!, pad[1]!],
        group,
      },
    );
  };

  const pad = (x: Tensor, least = 0): Tensor => {
    const [top, left, bottom, right] = [0, 0, 0, 0].map(() => pickInt(least, 3)) as [number, number, number, number];
    const padded = { ...x, h: x.h + top + bottom, w: x.w + left + right };
    const pads = ints([0, 0, top, left, 0, 0, bottom, right]);
    return add('Pad', [x.name, pads], padded, { mode: choose(['edge', 'edge', 'constant']) });
  };

  const activation = (x: Tensor): Tensor => {
    const op = choose(['Relu', 'LeakyRelu', 'PRelu', 'Clip', 'Sigmoid', 'Tanh', 'HardSwish', 'Identity']);
    const inputs = [x.name];
    if (op === 'PRelu') inputs.push(constant(random() < 0.8 ? [x.c, 1, 1] : [1], 0.4));
    if (op === 'Clip') inputs.push(floats([-0.4]), random() < 0.7 ? floats([0.6]) : '');
    return add(op, inputs, x, op === 'LeakyRelu' ? { alpha: 0.15 } : {});
  };

  const steps: ((x: Tensor) => Tensor | undefined)[] = [
    conv,
    conv,
    (x) => activation(conv(x)),
    (x) => activation(conv(x)),
    activation,
    pad,
    (x) => conv(pad(x)),
    // A convolution that pads nothing by itself.
    (x) => {
      const k = choose([1, 3, 5]);
      const [padded, stride, c] = [pad(x, (k - 1) / 2), choose([1, 1, 2]), pickInt(1, 6)];
      const [h, w] = [padded.h, padded.w].map((n) => Math.floor((n - k) / stride) + 1) as [number, number];
      const weights = constant([c, x.c, k, k], 1.7 / Math.sqrt(x.c * k * k));
      return add('Conv', [padded.name, weights], { c, h, w }, { kernel_shape: [k, k], strides: [stride, stride] });
    },
    // Two convolutions of the same, which become one.
    (x) => {
      const [a, b] = [conv(x, 4, 3), conv(x, 4, 3)];
      if (a.c !== b.c || a.h !== b.h || a.w !== b.w) return undefined;
      return add(choose(['Add', 'Sub', 'Mul']), [random() < 0.5 ? a.name : activation(a).name, b.name], a);
    },
    // A 1x1 convolution of something that nothing has drawn.
    (x) => conv(activation(conv(x)), undefined, 1),
    (x) => {
      const stride = choose([2, 2, 1, 3]);
      const k = stride + choose([0, 1, 2]);
      const pad = choose([0, 1].filter((n) => n < k));
      const extra = stride > 1 && random() < 0.3 ? 1 : 0;
      const [h, w] = [x.h, x.w].map((n) => (n - 1) * stride - 2 * pad + k + extra) as [number, number];
      const o = pickInt(1, 6);
      if (h < 1 || w < 1 || h * w * o > MAX_PIXELS * 4) return undefined;
      const weights = constant([x.c, o, k, k], 2 / Math.sqrt(x.c * k));
      return add(
        'ConvTranspose',
        [x.name, weights, constant([o], 0.2)],
        { c: o, h, w },
        {
          kernel_shape: [k, k],
          strides: [stride, stride],
          pads: [pad, pad, pad, pad],
          output_padding: [extra, extra],
        },
      );
    },
    (x) => {
      const other = choose(live.filter((t) => t.h === x.h && t.w === x.w && (t.c === x.c || t.c === 1)));
      return add(choose(['Add', 'Sub', 'Mul']), random() < 0.5 ? [x.name, other.name] : [other.name, x.name], x);
    },
    (x) => add(choose(['Add', 'Sub', 'Mul']), [x.name, constant(choose([[x.c, 1, 1], [1], [1, x.c, 1, 1], []]), 1)], x),
    (x) => add(choose(['Add', 'Mul']), [constant([x.h, x.w], 1), x.name], x),
    (x) => {
      const mates = live.filter((t) => t.h === x.h && t.w === x.w && t.c + x.c <= 40);
      const parts = Array.from({ length: pickInt(1, 3) }, () => (mates.length ? choose(mates) : x));
      const all = [x, ...parts];
      const c = all.reduce((sum, t) => sum + t.c, 0);
      return c <= 60
        ? add(
            'Concat',
            all.map((t) => t.name),
            { ...x, c },
            { axis: 1 },
          )
        : undefined;
    },
    (x) => {
      if (x.c < 2) return undefined;
      const first = pickInt(1, x.c - 1);
      const outputs = [first, x.c - first].map((c) => ({ name: `v${count++}`, c, h: x.h, w: x.w }));
      nodes.push({
        op: 'Split',
        inputs: [x.name, ints([first, x.c - first])],
        outputs: outputs.map((t) => t.name),
        attributes: { axis: 1 },
      });
      live.push(...outputs);
      return outputs[pickInt(0, 1)];
    },
    (x) => {
      const r = choose([2, 2, 3]);
      if (x.h * x.w * r * r * x.c > MAX_PIXELS * 4) return undefined;
      const wide = x.c % (r * r) ? conv(x, r * r * pickInt(1, 3), Math.min(x.h, x.w, 3)) : x;
      if (wide.c % (r * r)) return undefined;
      return add(
        'DepthToSpace',
        [wide.name],
        { c: wide.c / (r * r), h: wide.h * r, w: wide.w * r },
        {
          blocksize: r,
          mode: choose(['DCR', 'CRD']),
        },
      );
    },
    (x) => {
      const r = choose([2, 3]);
      if (x.h % r || x.w % r || x.c * r * r > 48) return undefined;
      return add('SpaceToDepth', [x.name], { c: x.c * r * r, h: x.h / r, w: x.w / r }, { blocksize: r });
    },
    (x) => {
      const scale = choose([2, 2, 3, 1.5, 0.5]);
      const [h, w] = [x.h, x.w].map((n) => Math.floor(n * scale)) as [number, number];
      if (h < 1 || w < 1 || h * w * x.c > MAX_PIXELS * 4) return undefined;
      const linear = random() < 0.5;
      return add(
        'Resize',
        [x.name, '', floats([1, 1, scale, scale])],
        { ...x, h, w },
        linear
          ? {
              mode: 'linear',
              coordinate_transformation_mode: choose([
                'half_pixel',
                'pytorch_half_pixel',
                'align_corners',
                'asymmetric',
              ]),
            }
          : {
              mode: 'nearest',
              coordinate_transformation_mode: choose(['asymmetric', 'half_pixel']),
              nearest_mode: choose(['floor', 'round_prefer_floor']),
            },
      );
    },
    (x) => {
      // onnxruntime makes a Pad part of the pool after it, and then may find that it is too wide for one.
      if (nodes.some(({ op, outputs }) => op === 'Pad' && outputs[0] === x.name)) return undefined;
      const k = choose([2, 3]);
      const stride = choose([1, 2]);
      const pad = k === 3 ? choose([0, 1]) : 0;
      const [h, w] = [x.h, x.w].map((n) => Math.floor((n + 2 * pad - k) / stride) + 1) as [number, number];
      if (h < 1 || w < 1 || x.h + 2 * pad < k || x.w + 2 * pad < k) return undefined;
      const op = choose(['MaxPool', 'AveragePool']);
      return add(
        op,
        [x.name],
        { ...x, h, w },
        {
          kernel_shape: [k, k],
          strides: [stride, stride],
          pads: [pad, pad, pad, pad],
          ...(op === 'AveragePool' && { count_include_pad: choose([0, 1]) }),
        },
      );
    },
    (x) => {
      // Squeeze and excite: one factor per channel from the mean of the picture.
      const mean = add('GlobalAveragePool', [x.name], { c: x.c, h: 1, w: 1 });
      const mixed = random() < 0.6 ? activation(conv(mean, x.c, 1)) : mean;
      return mixed.c === x.c && mixed.h === 1 && mixed.w === 1 ? add('Mul', [x.name, mixed.name], x) : mean;
    },
    (x) => {
      const name = `v${count++}`;
      nodes.push({
        op: 'Constant',
        inputs: [],
        outputs: [name],
        attributes: { value: { dims: [1], data: [random()] } },
      });
      return add('Add', [x.name, name], x);
    },
  ];

  let x: Tensor = { name: 'input', c: pickInt(1, 5), h: height, w: width };
  const input = x;
  live.push(x);
  const length = pickInt(3, 9);
  for (let i = 0; i < length; i++) {
    const from = random() < 0.75 ? x : choose(live);
    if (from.h * from.w * from.c > MAX_PIXELS * 2) continue;
    const fits = from.h >= 5 && from.w >= 5;
    const step = choose(steps);
    const made = step === conv && !fits ? conv(from, undefined, 1) : step(from);
    if (made && made.h >= 1 && made.w >= 1) x = made;
  }
  if (x === input) x = activation(conv(x, 4, 1));
  // Only what the output needs is computed, by everyone.
  const bytes = writeModel({
    nodes,
    constants,
    input: { name: 'input', dims: [1, input.c, 'height', 'width'] },
    output: { name: x.name, dims: [1, x.c, 'h', 'w'] },
  });
  const needed = new Set([x.name]);
  const operators = new Set<string>();
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    operators.add(node.op);
    for (const name of node.inputs) needed.add(name);
  }
  return { bytes, operators: [...operators] };
}
