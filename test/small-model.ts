import { writeModel } from './onnx-writer.ts';
import { seeded } from './random-graphs.ts';

/** A whole little upscaler of a few hundred bytes: two convolutions, an activation, a residual, depth to space. */
export function smallModel(): Uint8Array {
  const random = seeded(3);
  const values = (count: number) => Array.from({ length: count }, () => random() - 0.5);
  return writeModel({
    nodes: [
      { op: 'Conv', inputs: ['input', 'w1', 'b1'], outputs: ['a'], attributes: { pads: [1, 1, 1, 1] } },
      { op: 'PRelu', inputs: ['a', 'slope'], outputs: ['b'] },
      { op: 'Conv', inputs: ['b', 'w2'], outputs: ['c'], attributes: { kernel_shape: [1, 1] } },
      { op: 'Add', inputs: ['c', 'input'], outputs: ['d'] },
      { op: 'DepthToSpace', inputs: ['d'], outputs: ['output'], attributes: { blocksize: 2, mode: 'CRD' } },
    ],
    constants: {
      w1: { dims: [3, 1, 3, 3], data: values(27) },
      b1: { dims: [3], data: values(3) },
      slope: { dims: [3, 1, 1], data: values(3) },
      w2: { dims: [4, 3, 1, 1], data: values(12) },
    },
    input: { name: 'input', dims: [1, 1, 'height', 'width'] },
    output: { name: 'output', dims: [1, 1, 'h', 'w'] },
  });
}
