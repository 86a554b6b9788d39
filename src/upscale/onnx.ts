import { type Attribute, checkGraph, type Graph, type GraphNode, type PortShape, type Tensor } from './graph.ts';
import { addFloats, addInts, Message } from './protobuf.ts';

/** Largest tensor a file may hold, in elements: far above any network for real-time use, far below what exhausts memory. */
const MAX_ELEMENTS = 1 << 26;

function halfToFloat(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

const signed64 = (words: Int32Array, i: number) => words[2 * i + 1]! * 0x100000000 + (words[2 * i]! >>> 0);

/** Element types by ONNX number: bytes per element, and how raw data becomes numbers. */
const ELEMENTS: Record<number, [bytes: number, decode: (raw: ArrayBuffer, count: number) => ArrayLike<number>]> = {
  1: [4, (raw) => new Float32Array(raw)],
  6: [4, (raw) => new Int32Array(raw)],
  7: [8, (raw, count) => Float64Array.from({ length: count }, (_, i) => signed64(new Int32Array(raw, 8 * i, 2), 0))],
  10: [2, (raw) => Float32Array.from(new Uint16Array(raw), halfToFloat)],
  11: [8, (raw) => Float32Array.from(new Float64Array(raw))],
};

function readTensor(message: Message): [name: string, tensor: Tensor] {
  const dims: number[] = [];
  const listed: number[] = [];
  let type = 0;
  let name = '';
  let raw: Message | null = null;
  let external = false;
  for (const field of message.fields()) {
    if (field.id === 1) addInts(dims, field);
    else if (field.id === 2) type = field.int;
    else if (field.id === 4) addFloats(listed, field);
    else if (field.id === 5 || field.id === 7) addInts(listed, field);
    else if (field.id === 8) name = field.message.text;
    else if (field.id === 9) raw = field.message;
    else if (field.id === 10) {
      if (field.message.length % 8) field.message.fail('a list of doubles is cut short');
      for (const value of new Float64Array(field.message.content)) listed.push(value);
    } else if (field.id === 13 || (field.id === 14 && field.int)) external = true;
  }
  const here = message.as(`tensor '${name}'`);
  if (external) here.fail('weights lie in another file (external data): save them inside');
  const element = ELEMENTS[type];
  if (!element)
    return here.fail(`element type ${type} is not supported; supported: float, float16, double, int32, int64`);
  let count = 1;
  for (const dim of dims) {
    if (dim < 0 || (count *= dim) > MAX_ELEMENTS) here.fail(`dimensions [${dims}] are too large or negative`);
  }
  if (raw) {
    if (raw.length !== count * element[0]) {
      here.fail(`dimensions [${dims}] need ${count * element[0]} bytes, the file has ${raw.length}`);
    }
    return [name, { dims, data: element[1](raw.content, count) }];
  }
  if (listed.length !== count) here.fail(`dimensions [${dims}] need ${count} numbers, the file has ${listed.length}`);
  const data = type === 10 ? listed.map(halfToFloat) : listed;
  return [name, { dims, data: type === 1 || type === 10 ? Float32Array.from(data) : data }];
}

function readAttribute(message: Message): [name: string, value: Attribute] {
  let name = '';
  let value: Attribute | undefined;
  const ints: number[] = [];
  const floats: number[] = [];
  for (const field of message.fields()) {
    if (field.id === 1) name = field.message.text;
    else if (field.id === 2) value = field.float;
    else if (field.id === 3) value = field.int;
    else if (field.id === 4) value = field.message.text;
    else if (field.id === 5) value = readTensor(field.message)[1];
    else if (field.id === 7) addFloats(floats, field);
    else if (field.id === 8) addInts(ints, field);
  }
  return [name, value ?? (floats.length ? floats : ints)];
}

function readNode(message: Message, index: number): GraphNode {
  const node = { op: '', name: '', domain: '', inputs: [] as string[], outputs: [] as string[] };
  const attributes: Record<string, Attribute> = Object.create(null);
  for (const field of message.fields()) {
    if (field.id === 1) node.inputs.push(field.message.text);
    else if (field.id === 2) node.outputs.push(field.message.text);
    else if (field.id === 3) node.name = field.message.text;
    else if (field.id === 4) node.op = field.message.text;
    else if (field.id === 7) node.domain = field.message.text;
    else if (field.id === 5) {
      const [name, value] = readAttribute(field.message.as(`an attribute of node ${index} '${node.name}'`));
      attributes[name] = value;
    }
  }
  return { ...node, name: node.name || `#${index}`, attributes };
}

/** A graph input or output: its name and dimensions, null where the file leaves them open. */
function readPort(message: Message): PortShape {
  let name = '';
  const dims: (number | null)[] = [];
  for (const field of message.fields()) {
    if (field.id === 1) name = field.message.text;
    if (field.id !== 2) continue;
    for (const type of field.message.fields()) {
      if (type.id !== 1) continue;
      for (const tensor of type.message.fields()) {
        if (tensor.id !== 2) continue;
        for (const dimension of tensor.message.fields()) {
          let value: number | null = null;
          for (const part of dimension.message.fields()) if (part.id === 1) value = part.int;
          dims.push(value);
        }
      }
    }
  }
  return { name, dims };
}

/**
 * Reads an ONNX file (protobuf wire format) into a checked graph. Nothing in the file is trusted: every length, name and
 * dimension is tested, and a fault throws an error that begins with 'upframe:' and says what is wrong and where.
 */
export function readModel(bytes: Uint8Array, name: string): Graph {
  const file = new Message(name, 'the file', bytes, 0, bytes.length);
  const nodes: GraphNode[] = [];
  const constants = new Map<string, Tensor>();
  const inputs: PortShape[] = [];
  const outputs: PortShape[] = [];
  let opset = 0;
  let found = false;
  for (const field of file.fields()) {
    if (field.id === 8) {
      let domain = '';
      let version = 0;
      for (const part of field.message.as('the operator set').fields()) {
        if (part.id === 1) domain = part.message.text;
        if (part.id === 2) version = part.int;
      }
      if (domain === '' || domain === 'ai.onnx') opset = version;
    }
    if (field.id !== 7) continue;
    found = true;
    for (const part of field.message.as('the graph').fields()) {
      if (part.id === 1) nodes.push(readNode(part.message.as(`node ${nodes.length}`), nodes.length));
      else if (part.id === 5) constants.set(...readTensor(part.message.as('an initialiser')));
      else if (part.id === 11) inputs.push(readPort(part.message.as('a graph input')));
      else if (part.id === 12) outputs.push(readPort(part.message.as('a graph output')));
      else if (part.id === 15) part.message.as('the graph').fail('sparse initialisers are not supported');
    }
  }
  if (!found) file.fail('not an ONNX file: there is no graph in it');
  if (opset < 7 || opset > 30) file.fail(`the operator set version is ${opset || 'missing'}; 7 to 30 are read`);
  return checkGraph({ name, opset, nodes, constants, inputs, outputs });
}
