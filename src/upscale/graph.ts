/** A tensor held by the file: weights, slopes, shapes. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

export type Attribute = number | string | readonly number[] | Tensor;

export interface GraphNode {
  readonly op: string;
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph input or output; a dimension is null where the file leaves it open. */
export interface PortShape {
  readonly name: string;
  readonly dims: readonly (number | null)[];
}

/** A checked network: one picture in, one out, nodes in an order in which they can run. */
export interface Graph {
  /** The file's name, for messages. */
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly input: PortShape;
  readonly output: PortShape;
}

interface RawGraph {
  name: string;
  opset: number;
  nodes: GraphNode[];
  constants: Map<string, Tensor>;
  inputs: PortShape[];
  outputs: PortShape[];
}

/** Every operator the compiler knows, with how many inputs it takes: [least, most]. */
const OPERATORS: Record<string, readonly [number, number]> = {
  Conv: [2, 3],
  ConvTranspose: [2, 3],
  Relu: [1, 1],
  LeakyRelu: [1, 1],
  PRelu: [2, 2],
  Clip: [1, 3],
  Sigmoid: [1, 1],
  Tanh: [1, 1],
  HardSwish: [1, 1],
  Add: [2, 2],
  Sub: [2, 2],
  Mul: [2, 2],
  Concat: [1, 1024],
  Split: [1, 2],
  DepthToSpace: [1, 1],
  SpaceToDepth: [1, 1],
  Resize: [1, 4],
  Pad: [1, 4],
  MaxPool: [1, 1],
  AveragePool: [1, 1],
  GlobalAveragePool: [1, 1],
  Constant: [0, 0],
  Identity: [1, 1],
};

function constantOf(node: GraphNode, fail: (what: string) => never): Tensor {
  const { value, value_float, value_int, value_floats, value_ints } = node.attributes;
  if (typeof value === 'object' && 'dims' in value) return value;
  const scalar = value_float ?? value_int;
  if (typeof scalar === 'number') return { dims: [], data: [scalar] };
  const list = value_floats ?? value_ints;
  if (Array.isArray(list)) return { dims: [list.length], data: list };
  return fail('a Constant must hold a tensor, a number or a list of numbers');
}

/**
 * Checks what the reader found and puts it in order: constants out of the node list, Identity resolved into names,
 * nodes sorted so that each comes after what it reads, and only those the output needs.
 */
export function checkGraph(raw: RawGraph): Graph {
  const fail = (what: string, node?: GraphNode): never => {
    throw new Error(`upframe: model '${raw.name}': ${what}${node ? ` (${node.op} node '${node.name}')` : ''}`);
  };
  const constants = new Map(raw.constants);
  const producers = new Map<string, GraphNode>();
  const alias = new Map<string, string>();
  for (const node of raw.nodes) {
    const arity = node.domain === '' || node.domain === 'ai.onnx' ? OPERATORS[node.op] : undefined;
    if (!arity || !Object.hasOwn(OPERATORS, node.op)) {
      fail(
        `operator ${node.op || '(none)'} of node '${node.name}' is not supported; supported: ` +
          `${Object.keys(OPERATORS).join(', ')}. backend: 'onnxruntime' runs any model, slower`,
      );
    }
    const [least, most] = arity!;
    if (node.inputs.length < least || node.inputs.length > most) {
      fail(`${node.inputs.length} inputs, ${least === most ? least : `${least} to ${most}`} expected`, node);
    }
    if (node.op !== 'Split' && node.outputs.length !== 1) fail(`${node.outputs.length} outputs, 1 expected`, node);
    for (const output of node.outputs) {
      if (!output) fail('an output without a name', node);
      if (producers.has(output) || constants.has(output)) fail(`'${output}' is written twice`, node);
      producers.set(output, node);
    }
    if (node.op === 'Constant')
      constants.set(
        node.outputs[0]!,
        constantOf(node, (what) => fail(what, node)),
      );
    else if (node.op === 'Identity') alias.set(node.outputs[0]!, node.inputs[0]!);
  }
  const resolve = (name: string): string => {
    let found = name;
    for (let i = 0; alias.has(found); i++) {
      if (i > alias.size) fail(`cyclic graph: '${name}' depends on itself`);
      found = alias.get(found)!;
    }
    return found;
  };

  const inputs = raw.inputs.filter((port) => !constants.has(port.name));
  if (inputs.length !== 1) fail(`${inputs.length} inputs, 1 is expected`);
  if (raw.outputs.length !== 1) fail(`${raw.outputs.length} outputs, 1 is expected`);
  const input = inputs[0]!;
  if (producers.has(input.name)) fail(`input '${input.name}' is written by a node`);
  const output = { name: resolve(raw.outputs[0]!.name), dims: raw.outputs[0]!.dims };

  for (const node of raw.nodes) {
    for (const name of node.inputs.map(resolve)) {
      if (name && name !== input.name && !constants.has(name) && !producers.has(name)) {
        fail(`'${name}' is read but nothing writes it`, node);
      }
    }
  }
  // From the output backwards with a stack of our own: a hostile file may be deeper than the call stack.
  const nodes: GraphNode[] = [];
  const state = new Map<GraphNode, 'open' | 'done'>();
  const stack: { node: GraphNode; next: number }[] = [];
  const open = (name: string): void => {
    if (!name || name === input.name || constants.has(name)) return;
    const node = producers.get(name) ?? fail(`output '${name}' is written by no node`);
    if (state.get(node) === 'open') fail(`cyclic graph: '${name}' depends on itself`, node);
    if (state.has(node)) return;
    state.set(node, 'open');
    stack.push({ node, next: 0 });
  };
  open(output.name);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { node } = top;
    if (top.next < node.inputs.length) open(resolve(node.inputs[top.next++]!));
    else {
      stack.pop();
      nodes.push({ ...node, inputs: node.inputs.map(resolve) });
      state.set(node, 'done');
    }
  }
  return { name: raw.name, opset: raw.opset, nodes, constants, input, output };
}

/**
 * What a network's input sides must divide by: 2 where it halves the picture on the way (SpaceToDepth, strides, pools),
 * 4 where it does so twice.
 */
export function sizeMultiple({ nodes, constants, input }: Graph): number {
  // How many times smaller than the input each tensor is.
  const reductions = new Map([[input.name, 1]]);
  let most = 1;
  for (const { op, inputs, outputs, attributes } of nodes) {
    const { strides, blocksize } = attributes;
    const stride = Array.isArray(strides) ? Math.max(...(strides as number[])) : 1;
    const scales = op === 'Resize' ? constants.get(inputs[2] ?? '')?.data : undefined;
    const factor =
      op === 'SpaceToDepth'
        ? Number(blocksize)
        : op === 'DepthToSpace'
          ? 1 / Number(blocksize)
          : op === 'ConvTranspose'
            ? 1 / stride
            : scales && scales.length === 4
              ? 1 / scales[3]!
              : stride;
    const reduction = Math.max(...inputs.map((name) => reductions.get(name) ?? 0)) * factor;
    for (const name of outputs) reductions.set(name, reduction);
    most = Math.max(most, reduction);
  }
  return Math.ceil(most);
}

/** The size at which a network runs for pictures of `size`: rounded up to what it divides by (see `sizeMultiple`). */
export function paddedSize(size: readonly [number, number], multiple: number): [number, number] {
  return [Math.ceil(size[0] / multiple) * multiple, Math.ceil(size[1] / multiple) * multiple];
}
