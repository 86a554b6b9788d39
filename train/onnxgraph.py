"""The plain chain as an ONNX file, and a small reader that runs such a file with PyTorch, to check what was written.

The nodes are written one by one rather than traced, so that the file holds exactly what the engine reads.
"""

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper


def write(layers, file, description):
    nodes, weights, current = [], [], 'input'

    def weight(name, tensor):
        weights.append(numpy_helper.from_array(tensor.detach().cpu().numpy().astype(np.float32), name))
        return name

    for i, (kernel, bias, slope) in enumerate(layers):
        inputs = [current, weight(f'conv{i}.weight', kernel), weight(f'conv{i}.bias', bias)]
        nodes.append(helper.make_node('Conv', inputs, [f'conv{i}'], name=f'conv{i}',
                                      kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1]))
        current = f'conv{i}'
        if slope is not None:
            nodes.append(helper.make_node('PRelu', [current, weight(f'prelu{i}.slope', slope.view(-1, 1, 1))],
                                          [f'prelu{i}'], name=f'prelu{i}'))
            current = f'prelu{i}'
    nodes.append(helper.make_node('Add', [current, 'input'], ['residual'], name='residual'))
    nodes.append(helper.make_node('DepthToSpace', ['residual'], ['output'], name='output', blocksize=2, mode='CRD'))
    graph = helper.make_graph(
        nodes, 'upframe',
        [helper.make_tensor_value_info('input', TensorProto.FLOAT, [1, 1, 'height', 'width'])],
        [helper.make_tensor_value_info('output', TensorProto.FLOAT, [1, 1, 'outputHeight', 'outputWidth'])],
        weights)
    model = helper.make_model(graph, producer_name='upframe', doc_string=description,
                              opset_imports=[helper.make_opsetid('', 13)])
    model.ir_version = 7
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(file))


class Graph:
    """Runs an ONNX file of the operators that `write` uses."""

    def __init__(self, file, device='cpu'):
        self.model = onnx.load(str(file))
        self.weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()).to(device) for w in self.model.graph.initializer}

    @torch.no_grad()
    def __call__(self, x):
        values = dict(self.weights, input=x)
        for node in self.model.graph.node:
            a = [values[name] for name in node.input]
            attributes = {k.name: helper.get_attribute_value(k) for k in node.attribute}
            if node.op_type == 'Conv':
                out = F.conv2d(a[0], a[1], a[2], padding=attributes['pads'][0])
            elif node.op_type == 'PRelu':
                out = torch.where(a[0] < 0, a[0] * a[1], a[0])
            elif node.op_type == 'Add':
                out = a[0] + a[1]
            elif node.op_type == 'DepthToSpace' and attributes['mode'] == b'CRD':
                out = F.pixel_shuffle(a[0], attributes['blocksize'])
            else:
                raise SystemExit(f'{node.name}: operator {node.op_type} is not one this project exports')
            values[node.output[0]] = out
        return values['output']
