import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sizeMultiple } from '../../src/upscale/graph.ts';
import { Builder } from '../../src/upscale/lower.ts';
import { readModel } from '../../src/upscale/onnx.ts';
import { type ModelSpec, type NodeSpec, writeModel } from '../onnx-writer.ts';
import { seeded } from '../random-graphs.ts';
import { smallModel } from '../small-model.ts';

/** Reads and plans a file as createNetwork would, without a GPU. */
const plan = (bytes: Uint8Array) => new Builder(readModel(bytes, 'test.onnx')).plan([16, 12]);

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  }
  return '';
}

const relu: NodeSpec = { op: 'Relu', inputs: ['input'], outputs: ['output'], name: 'rectify' };
const model = (changes: Partial<ModelSpec>): Uint8Array =>
  writeModel({
    nodes: [relu],
    input: { name: 'input', dims: [1, 3, 'h', 'w'] },
    output: { name: 'output', dims: [1, 3, 'h', 'w'] },
    ...changes,
  });

test('a good file becomes a plan', () => {
  const { inputChannels, outputSize, outputChannels, block, kernels } = plan(smallModel());
  expect({ inputChannels, outputSize, outputChannels, block }).toEqual({
    inputChannels: 1,
    outputSize: [32, 24],
    outputChannels: 1,
    block: 2,
  });
  expect(kernels.map((kernel) => kernel.name)).toEqual(['output']);
});

describe('a 1x1 convolution shares the kernel that makes its input', () => {
  const bytes = (outputs: number, attributes: NodeSpec['attributes'] = {}, after: NodeSpec[] = []) =>
    model({
      nodes: [
        { op: 'Conv', inputs: ['input', 'w1'], outputs: ['a'], attributes: { pads: [1, 1, 1, 1] } },
        { op: 'Relu', inputs: ['a'], outputs: ['b'] },
        { op: 'Conv', inputs: ['b', 'w2'], outputs: [after.length ? 'c' : 'output'], attributes },
        ...after,
      ],
      constants: {
        w1: { dims: [8, 3, 3, 3], data: new Float32Array(216) },
        w2: { dims: [outputs, 8, 1, 1], data: new Float32Array(outputs * 8) },
        w3: { dims: [8, 8, 1, 1], data: new Float32Array(64) },
      },
      output: { name: 'output', dims: [] },
    });
  const kernels = (...model: Parameters<typeof bytes>) => plan(bytes(...model)).kernels.map((kernel) => kernel.name);

  test('after a 3x3, and the kernel is named by what it gives', () => {
    expect(kernels(16)).toEqual(['output']);
    expect(plan(readFileSync('models/game-m.onnx')).kernels.length).toBe(4);
  });

  test.each<[string, string[], ...Parameters<typeof bytes>]>([
    ['more outputs than WebGL2 guarantees targets for', ['b', 'output'], 17],
    ['padding', ['b', 'output'], 8, { pads: [1, 1, 1, 1] }],
    ['padding at the end', ['b', 'output'], 8, { pads: [0, 0, 1, 0] }],
    ['a stride', ['b', 'output'], 8, { strides: [2, 2] }],
    ['a second reader', ['b', 'output'], 8, {}, [{ op: 'Add', inputs: ['b', 'c'], outputs: ['output'] }]],
    ['a second 1x1', ['c', 'output'], 8, {}, [{ op: 'Conv', inputs: ['c', 'w3'], outputs: ['output'] }]],
  ])('but not with %s', (_, names, ...model) => {
    expect(kernels(...model)).toEqual(names);
  });
});

test('a shipped model is luma in, twice the size out, its depth-to-space never drawn', () => {
  const { kernels, block } = plan(readFileSync('models/image-s.onnx'));
  expect(block).toBe(2);
  // Six layers, the sub-pixels, and two of back-projection.
  expect(kernels.length).toBe(9);
});

test('a network says what its input sides must divide by', () => {
  const multiple = (file: string) => sizeMultiple(readModel(readFileSync(file), file));
  expect(multiple('models/image-s.onnx')).toBe(1);
  expect(multiple('test/networks/unet.onnx')).toBe(4);
  expect(multiple('test/networks/fsrcnn.onnx')).toBe(1);
});

test('a Constant may be a plain number', () => {
  const bytes = model({
    nodes: [
      { op: 'Constant', inputs: [], outputs: ['k'], attributes: { value_float: 0.5 } },
      { op: 'Mul', inputs: ['input', 'k'], outputs: ['output'] },
    ],
  });
  expect(plan(bytes).kernels.length).toBe(1);
});

describe('a bad file gives one error that says what and where', () => {
  test('truncated at any byte', () => {
    const bytes = smallModel();
    for (let length = 0; length < bytes.length; length++) {
      expect(
        messageOf(() => plan(bytes.slice(0, length))),
        `${length} bytes`,
      ).toMatch(/^upframe: model 'test.onnx': /);
    }
  });

  test('1,000 mutations: an upframe error or a valid plan, each within a second', () => {
    const original = smallModel();
    const random = seeded(7);
    let valid = 0;
    for (let i = 0; i < 1000; i++) {
      const bytes = original.slice();
      for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const begin = performance.now();
      const message = messageOf(() => plan(bytes));
      expect(performance.now() - begin).toBeLessThan(1000);
      if (message) expect(message, `mutation ${i}`).toMatch(/^upframe: /);
      else valid++;
    }
    expect(valid).toBeLessThan(1000);
  });

  const cases: [name: string, bytes: () => Uint8Array, expected: RegExp][] = [
    ['wrong magic', () => new TextEncoder().encode('<!doctype html><title>404</title>'), /not an ONNX file/],
    ['nothing', () => new Uint8Array(), /not an ONNX file: there is no graph/],
    ['zeros', () => new Uint8Array(64), /not an ONNX file/],
    [
      'cyclic',
      () =>
        model({
          nodes: [
            { op: 'Add', inputs: ['input', 'b'], outputs: ['a'] },
            { op: 'Relu', inputs: ['a'], outputs: ['b'] },
            { op: 'Relu', inputs: ['b'], outputs: ['output'] },
          ],
        }),
      /cyclic graph: 'b' depends on itself/,
    ],
    [
      'cyclic through Identity',
      () =>
        model({
          nodes: [
            { op: 'Identity', inputs: ['a'], outputs: ['b'] },
            { op: 'Identity', inputs: ['b'], outputs: ['a'] },
            { op: 'Relu', inputs: ['b'], outputs: ['output'] },
          ],
        }),
      /cyclic/,
    ],
    [
      'missing initialiser',
      () => model({ nodes: [{ op: 'Conv', inputs: ['input', 'weights'], outputs: ['output'], name: 'first' }] }),
      /'weights' is read but nothing writes it.*Conv node 'first'/,
    ],
    [
      'external data',
      () => model({ constants: { weights: { dims: [1], data: [1], external: true } } }),
      /another file \(external data\).*tensor 'weights'/,
    ],
    [
      'giant dimensions',
      () => model({ constants: { weights: { dims: [65536, 65536, 65536], data: [1] } } }),
      /dimensions \[65536,65536,65536\] are too large.*tensor 'weights'/,
    ],
    [
      'giant picture',
      () =>
        model({
          nodes: [{ op: 'Resize', inputs: ['input', '', 'scales'], outputs: ['output'], name: 'grow' }],
          constants: { scales: { dims: [4], data: [1, 1, 1e6, 1e6] } },
          output: { name: 'output', dims: [1, 3, 'h', 'w'] },
        }),
      /16000000x12000000 pixels.*Resize node 'grow'/,
    ],
    [
      'unknown operator',
      () => model({ nodes: [{ op: 'Einsum', inputs: ['input'], outputs: ['output'], name: 'mix' }] }),
      /operator Einsum of node 'mix' is not supported; supported: Conv, .*backend: 'onnxruntime'/,
    ],
    [
      'an operator of another domain',
      () => model({ nodes: [{ op: 'constructor', inputs: ['input'], outputs: ['output'] }] }),
      /operator constructor .* not supported/,
    ],
    ['no output', () => model({ output: undefined }), /0 outputs, 1 is/],
    ['an old operator set', () => model({ opset: 3 }), /operator set version is 3; 7 to 30/],
    [
      'a shape the file contradicts',
      () => model({ output: { name: 'output', dims: [1, 3, 5, 5] } }),
      /output 'output' is \[1,3,5,5\], its nodes give \[1,3,12,16\]/,
    ],
    [
      'a size the file fixes',
      () => model({ input: { name: 'input', dims: [1, 3, 64, 64] } }),
      /fixes the input width at 64, and 16 is wanted/,
    ],
    [
      'weights that do not fit',
      () =>
        model({
          nodes: [{ op: 'Conv', inputs: ['input', 'weights'], outputs: ['output'], name: 'first' }],
          constants: { weights: { dims: [4, 2, 3, 3], data: new Float32Array(72) } },
        }),
      /weights of \[4,2,3,3\] in 1 group\(s\) do not fit 3 input channels.*Conv node 'first'/,
    ],
  ];
  test.each(cases)('%s', (_, bytes, expected) => {
    const begin = performance.now();
    const message = messageOf(() => plan(bytes()));
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(message).toMatch(/^upframe: model 'test.onnx': /);
    expect(message).toMatch(expected);
  });

  test('a chain deeper than the call stack', () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => ({
      op: 'Relu',
      inputs: [i ? `v${i - 1}` : 'input'],
      outputs: [i === 19_999 ? 'output' : `v${i}`],
    }));
    expect(plan(model({ nodes })).kernels.length).toBeGreaterThan(1);
  });
});
