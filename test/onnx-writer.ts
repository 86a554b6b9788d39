/** Writes small ONNX files for tests: just enough protobuf. */

export interface NodeSpec {
  op: string;
  inputs: string[];
  outputs: string[];
  /** Whole numbers become INT, others FLOAT: use `{ float: 1 }` where a whole number must be a float. */
  attributes?: Record<string, number | { float: number } | string | number[] | TensorSpec>;
  name?: string;
}

export interface TensorSpec {
  dims: number[];
  data: number[] | Float32Array;
  /** ONNX element type: 1 float (default), 7 int64. */
  type?: 1 | 7;
  /** Marks the data as lying in another file. */
  external?: boolean;
}

export interface ModelSpec {
  nodes: NodeSpec[];
  constants?: Record<string, TensorSpec>;
  input?: { name: string; dims: (number | string)[] };
  output?: { name: string; dims: (number | string)[] };
  opset?: number;
}

type Bytes = number[];

function varint(value: number): Bytes {
  const out: Bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest ? low | 128 : low);
  } while (rest);
  return out;
}

const int = (id: number, value: number): Bytes => [...varint(id * 8), ...varint(value)];
function block(id: number, content: ArrayLike<number>): Bytes {
  const out = [...varint(id * 8 + 2), ...varint(content.length)];
  for (let i = 0; i < content.length; i++) out.push(content[i]!);
  return out;
}
const text = (id: number, value: string): Bytes => block(id, new TextEncoder().encode(value));
const floatBytes = (value: number): Bytes => [...new Uint8Array(Float32Array.of(value).buffer)];

function tensor(name: string, { dims, data, type = 1, external }: TensorSpec): Bytes {
  const raw = type === 1 ? Float32Array.from(data) : BigInt64Array.from(Array.from(data, (n) => BigInt(n)));
  return [
    ...dims.flatMap((dim) => int(1, dim)),
    ...int(2, type),
    ...text(8, name),
    ...block(9, new Uint8Array(raw.buffer)),
    ...(external ? int(14, 1) : []),
  ];
}

function attribute(name: string, value: NonNullable<NodeSpec['attributes']>[string]): Bytes {
  const head = text(1, name);
  const float = (n: number) => [...head, ...varint(2 * 8 + 5), ...floatBytes(n), ...int(20, 1)];
  if (typeof value === 'number')
    return Number.isInteger(value) ? [...head, ...int(3, value), ...int(20, 2)] : float(value);
  if (typeof value === 'string') return [...head, ...text(4, value), ...int(20, 3)];
  if (Array.isArray(value)) return [...head, ...value.flatMap((n) => int(8, n)), ...int(20, 7)];
  if ('float' in value) return float(value.float);
  return [...head, ...block(5, tensor('', value)), ...int(20, 4)];
}

function port(name: string, dims: (number | string)[]): Bytes {
  const shape = dims.flatMap((dim) => block(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  return [...text(1, name), ...block(2, block(1, [...int(1, 1), ...block(2, shape)]))];
}

export function writeModel(spec: ModelSpec): Uint8Array {
  const { input, output, opset = 17 } = spec;
  const graph = [
    ...spec.nodes.flatMap((node, i) =>
      block(1, [
        ...node.inputs.flatMap((name) => text(1, name)),
        ...node.outputs.flatMap((name) => text(2, name)),
        ...text(3, node.name ?? `${node.op}_${i}`),
        ...text(4, node.op),
        ...Object.entries(node.attributes ?? {}).flatMap(([name, value]) => block(5, attribute(name, value))),
      ]),
    ),
    ...text(2, 'graph'),
    ...Object.entries(spec.constants ?? {}).flatMap(([name, value]) => block(5, tensor(name, value))),
    ...(input ? block(11, port(input.name, input.dims)) : []),
    ...(output ? block(12, port(output.name, output.dims)) : []),
  ];
  return Uint8Array.from([...int(1, 8), ...block(7, graph), ...block(8, [...text(1, ''), ...int(2, opset)])]);
}
