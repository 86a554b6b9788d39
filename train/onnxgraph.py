"""Networks as ONNX files, and a small reader that runs such a file with PyTorch, to check what was written.

The nodes are written one by one rather than traced, so that the file holds exactly what the engine reads.
"""

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper


class Writer:
    """Collects nodes and weights. Parts of a network call `node`, which gives the name of its output (or the names)."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def node(self, operator, inputs, outputs=1, **attributes):
        name = f'{operator.lower()}{len(self.nodes)}'
        names = [name] if outputs == 1 else [f'{name}.{i}' for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, name=name, **attributes))
        return name if outputs == 1 else names

    def constant(self, array):
        name = f'constant{len(self.constants)}'
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def weight(self, tensor):
        return self.constant(tensor.detach().cpu().contiguous().numpy().astype(np.float32))

    def integers(self, values):
        return self.constant(np.array(values, np.int64))

    def floats(self, values):
        return self.constant(np.array(values, np.float32))


def write(network, file, description, channels=1):
    writer = Writer()
    last = network.write(writer, 'input')
    writer.nodes[-1].output[0] = 'output'
    assert writer.nodes[-1].name == last, 'the last node written must be the one that gives the output'
    graph = helper.make_graph(
        writer.nodes, 'upframe',
        [helper.make_tensor_value_info('input', TensorProto.FLOAT, [1, channels, 'height', 'width'])],
        [helper.make_tensor_value_info('output', TensorProto.FLOAT, [1, 'outputChannels', 'outputHeight', 'outputWidth'])],
        writer.constants)
    model = helper.make_model(graph, producer_name='upframe', doc_string=description,
                              opset_imports=[helper.make_opsetid('', 13)])
    model.ir_version = 7
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(file))


def space_to_depth(x, factor):
    n, c, h, w = x.shape
    x = x.view(n, c, h // factor, factor, w // factor, factor)
    return x.permute(0, 3, 5, 1, 2, 4).reshape(n, c * factor ** 2, h // factor, w // factor)


def weights(file):
    """The weights of a file that networks.py wrote, ordered as the network has them, and named as a chain of networks.Conv does."""
    graph, found = onnx.load(str(file)).graph, {}
    constants = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()) for w in graph.initializer}
    slopes = {node.input[0]: constants[node.input[1]].flatten() for node in graph.node if node.op_type == 'PRelu'}
    convolutions = [node for node in graph.node if node.op_type == 'Conv']
    # Of `networks.Filtered`: what sums products by filters has no weights of its own.
    made = {node.output[0] for node in convolutions}
    products = [node for node in graph.node if node.op_type == 'Mul' and made & set(node.input)]
    filters, sums = {name for node in products for name in node.input}, {node.output[0] for node in products}
    convolutions = [node for node in convolutions if node.input[0] not in sums]
    for i, node in enumerate(convolutions):
        if node.output[0] in slopes:
            found[f'{i}.slope'] = slopes[node.output[0]]
        kernel, *bias = (constants[name] for name in node.input[1:])
        part = f'{i}.conv' if bias and node.output[0] not in filters else f'{i}'
        found[f'{part}.weight'] = kernel
        if bias:
            found[f'{part}.bias'] = bias[0]
    return found


OPERATORS = {
    'Conv': lambda a, k: F.conv2d(*a, padding=k['pads'][:2], groups=k.get('group', 1)),
    'Pad': lambda a, k: F.pad(a[0], [int(a[1][axis]) for axis in (3, 7, 2, 6)], mode='replicate'),
    'PRelu': lambda a, k: torch.where(a[0] < 0, a[0] * a[1], a[0]),
    'Sigmoid': lambda a, k: torch.sigmoid(a[0]),
    'Sub': lambda a, k: a[0] - a[1],
    'Add': lambda a, k: a[0] + a[1],
    'Mul': lambda a, k: a[0] * a[1],
    'Concat': lambda a, k: torch.cat(a, k['axis']),
    'Split': lambda a, k: torch.split(a[0], a[1].tolist(), k['axis']),
    'MaxPool': lambda a, k: F.max_pool2d(a[0], k['kernel_shape'], k['strides']),
    'Resize': lambda a, k: F.interpolate(a[0], scale_factor=a[-1][2:].tolist(), mode='nearest'),
    'SpaceToDepth': lambda a, k: space_to_depth(a[0], k['blocksize']),
    'DepthToSpace': lambda a, k: F.pixel_shuffle(a[0], k['blocksize']),
}


class Graph:
    """Runs an ONNX file of the operators that networks.py writes. Even sizes only where it begins with SpaceToDepth."""

    def __init__(self, file, device='cpu'):
        self.model = onnx.load(str(file))
        self.weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()).to(device) for w in self.model.graph.initializer}
        for node in self.model.graph.node:
            if node.op_type not in OPERATORS:
                raise SystemExit(f'{node.name}: operator {node.op_type} is not one this project exports')

    @torch.no_grad()
    def __call__(self, x):
        values = dict(self.weights, input=x)
        for node in self.model.graph.node:
            attributes = {k.name: helper.get_attribute_value(k) for k in node.attribute}
            out = OPERATORS[node.op_type]([values[name] for name in node.input if name], attributes)
            values.update(zip(node.output, out if node.op_type == 'Split' else [out]))
        return values['output']
