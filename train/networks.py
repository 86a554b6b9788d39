"""The networks as PyTorch modules. Every part can also write itself as ONNX nodes: `write(graph, name) -> name`.

A network takes luma [N, 1, H, W] and gives luma [N, 1, 2H, 2W], or 3; those of game.py take features and give decisions.
All convolutions are plain ones: what is trained is what ships. `SHAPES` names every shape that has been tried; the recipes in train/recipes choose from it.
"""

from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

SLOPE = 0.2  # where every PReLU begins


def write_convolution(graph, conv, x):
    return graph.node('Conv', [x, *map(graph.weight, conv.parameters())], kernel_shape=list(conv.kernel_size),
                      pads=list(conv.padding) * 2, strides=[1, 1], group=conv.groups)


class Conv(nn.Module):
    """A convolution with zero padding that keeps the size, and the activation after it: 'prelu', 'gate' or None.

    'gate' makes twice the channels and multiplies the halves.
    """

    def __init__(self, inputs, outputs, size=3, groups=1, act='prelu'):
        super().__init__()
        self.act = act
        made = outputs * 2 if act == 'gate' else outputs
        self.conv = nn.Conv2d(inputs, made, size, padding=size // 2, groups=groups)
        nn.init.kaiming_normal_(self.conv.weight, a=SLOPE)
        nn.init.zeros_(self.conv.bias)
        if act == 'prelu':
            self.slope = nn.Parameter(torch.full((outputs,), SLOPE))
        with torch.no_grad():
            # Half an identity: a deep narrow chain starts as something that signal gets through.
            if groups == 1 and inputs == made:
                self.conv.weight[range(inputs), range(inputs), size // 2, size // 2] += 0.5

    def forward(self, x):
        x = self.conv(x)
        if self.act == 'gate':
            a, b = x.chunk(2, 1)
            return a * b
        return F.prelu(x, self.slope) if self.act else x

    def write(self, graph, x):
        x = write_convolution(graph, self.conv, x)
        if self.act == 'gate':
            half = graph.integers([self.conv.out_channels // 2] * 2)
            return graph.node('Mul', graph.node('Split', [x, half], outputs=2, axis=1))
        return graph.node('PRelu', [x, graph.weight(self.slope.view(-1, 1, 1))]) if self.act else x


class Chain(nn.Sequential):
    def write(self, graph, x):
        for part in self:
            x = part.write(graph, x)
        return x


class SpaceToDepth(nn.Module):
    """[N, C, 2H, 2W] -> [N, 4C, H, W]. Written as ONNX's SpaceToDepth, whose channels lie sub-pixel first."""

    def forward(self, x):
        n, c, h, w = x.shape
        return x.view(n, c, h // 2, 2, w // 2, 2).permute(0, 3, 5, 1, 2, 4).reshape(n, 4 * c, h // 2, w // 2)

    def write(self, graph, x):
        return graph.node('SpaceToDepth', [x], blocksize=2)


class DepthToSpace(nn.Module):
    def __init__(self, factor=2):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return F.pixel_shuffle(x, self.factor)

    def write(self, graph, x):
        return graph.node('DepthToSpace', [x], blocksize=self.factor, mode='CRD')


class Beside(nn.Module):
    """The channels of the input after those of the body's output, so that what follows sees both."""

    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return torch.cat([self.body(x), x], 1)

    def write(self, graph, x):
        return graph.node('Concat', [self.body.write(graph, x), x], axis=1)


class Added(nn.Module):
    """The input added to the body's output; an input of one channel is added to every channel."""

    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return self.body(x) + x

    def write(self, graph, x):
        return graph.node('Add', [self.body.write(graph, x), x])


def bicubic_taps(reach):
    """Bicubic weights (a = -0.5) of the pixels as far as that for its two sub-pixels: [2 sub-pixels, 2 reach + 1 pixels]."""
    distance = torch.tensor([[abs(pixel + sub / 2 - 0.25) for pixel in range(-reach, reach + 1)] for sub in range(2)])
    near = 1.5 * distance ** 3 - 2.5 * distance ** 2 + 1
    far = -0.5 * distance ** 3 + 2.5 * distance ** 2 - 4 * distance + 2
    return torch.where(distance < 1, near, torch.where(distance < 2, far, torch.zeros(())))


class BackProjected(nn.Module):
    """One step of back-projection (Irani and Peleg, 1991) on the body's four sub-pixels: what they, shrunk, miss of the input is
    enlarged and added. Rows and columns one after the other, by learned kernels that begin as bicubic; shrinking repeats the
    picture's edge. Where it is not `enlarged`, each sub-pixel gets a share of what its pixel misses: nearly as good, and cheaper.
    """

    def __init__(self, body, enlarged=True):
        super().__init__()
        self.body = body
        # Twice as wide to shrink, antialiased; to enlarge, the outermost taps are left out, and the sub-pixels swap their parts.
        down, up = bicubic_taps(2), bicubic_taps(1).flip(0)
        down, up = down / down.sum(), up / up.sum(1, keepdim=True)
        # Where there are two groups, they are the two rows of sub-pixels.
        self.shrink = nn.ModuleList([nn.Conv2d(4, 2, (1, 5), groups=2, bias=False), nn.Conv2d(2, 1, (5, 1), bias=False)])
        if enlarged:
            self.enlarge = nn.Sequential(nn.Conv2d(1, 2, (3, 1), padding=(1, 0), bias=False),
                                         nn.Conv2d(2, 4, (1, 3), padding=(0, 1), groups=2, bias=False))
            enlarging = up[:, None, :, None], up.repeat(2, 1)[:, None, None]
        else:
            self.enlarge = nn.Sequential(nn.Conv2d(1, 4, 1, bias=False))
            enlarging = (torch.full((4, 1, 1, 1), 0.8),)
        with torch.no_grad():
            for conv, kernel in zip((*self.shrink, *self.enlarge), (down[None, :, None], down[None, :, :, None], *enlarging)):
                conv.weight.copy_(kernel)

    def forward(self, x):
        out = small = self.body(x)
        for conv in self.shrink:
            down, right = (size // 2 for size in conv.kernel_size)
            small = conv(F.pad(small, [right, right, down, down], mode='replicate'))
        return out + self.enlarge(x - small)

    def write(self, graph, x):
        out = small = self.body.write(graph, x)
        for conv in self.shrink:
            pads = graph.integers([0, 0, *(size // 2 for size in conv.kernel_size)] * 2)
            small = write_convolution(graph, conv, graph.node('Pad', [small, pads], mode='edge'))
        missed = graph.node('Sub', [x, small])
        for conv in self.enlarge:
            missed = write_convolution(graph, conv, missed)
        return graph.node('Add', [out, missed])


class Filtered(nn.Module):
    """The last convolution of `body`, and for each pixel filters of its own (kernel prediction, Bako et al. 2017): from what that
    convolution reads, a 1x1 one makes weights by which the outputs of the first `bases` parts are summed, anew for each output.
    With `bands` that many sums are made, at most three, and mixed into the four sub-pixels; they begin as the differences of
    columns, rows and diagonals, as the mean of the four is nearly known.
    """

    def __init__(self, body, bases, bands=0):
        super().__init__()
        self.body, self.bases = body, bases
        last = body[-1].conv
        self.sums = bands or last.out_channels
        self.filters = sum(part.conv.out_channels for part in body[:bases])
        self.weigh = nn.Conv2d(last.in_channels, self.sums * self.filters, 1)
        nn.init.zeros_(self.weigh.weight)  # it starts as the body alone
        nn.init.zeros_(self.weigh.bias)
        self.mix = nn.Conv2d(bands, 4, 1, bias=False) if bands else None
        if bands:
            haar = torch.tensor([[1., 1, 1], [-1, 1, -1], [1, -1, -1], [-1, -1, 1]])
            with torch.no_grad():
                self.mix.weight.copy_(haar[:, :bands, None, None])

    def forward(self, x):
        seen = []
        for part in self.body[:-1]:
            x = part(x)
            seen.append(x)
        n, _, h, w = x.shape
        weights = self.weigh(x).view(n, self.sums, self.filters, h, w)
        sums = (weights * torch.cat(seen[:self.bases], 1)[:, None]).sum(2)
        return self.body[-1](x) + (self.mix(sums) if self.mix else sums)

    def write(self, graph, x):
        seen = []
        for part in self.body[:-1]:
            x = part.write(graph, x)
            seen.append(x)
        last = self.body[-1].write(graph, x)  # before what weighs, as the network has them
        weights = write_convolution(graph, self.weigh, x)
        products = graph.node('Mul', [weights, graph.node('Concat', seen[:self.bases] * self.sums, axis=1)])
        ones = graph.weight(torch.ones(self.sums, self.filters, 1, 1))
        sums = graph.node('Conv', [products, ones], kernel_shape=[1, 1], pads=[0] * 4, strides=[1, 1], group=self.sums)
        return graph.node('Add', [last, write_convolution(graph, self.mix, sums) if self.mix else sums])


class Pooled(nn.Module):
    """The body applied at 1/factor of the size, after a max-pool: a look at the wider surroundings for little.

    Its output is added to x, or with `modulate` squashed to 0..1 and multiplied with it.
    """

    def __init__(self, body, factor=2, modulate=False):
        super().__init__()
        self.body, self.factor, self.modulate = body, factor, modulate

    def forward(self, x):
        wide = self.body(F.max_pool2d(x, self.factor))
        wide = F.interpolate(torch.sigmoid(wide) if self.modulate else wide, scale_factor=self.factor, mode='nearest')
        return x * wide if self.modulate else x + wide

    def write(self, graph, x):
        wide = graph.node('MaxPool', [x], kernel_shape=[self.factor] * 2, strides=[self.factor] * 2)
        wide = self.body.write(graph, wide)
        wide = graph.node('Sigmoid', [wide]) if self.modulate else wide
        wide = graph.node('Resize', [wide, '', graph.floats([1, 1, self.factor, self.factor])], mode='nearest',
                          coordinate_transformation_mode='asymmetric', nearest_mode='floor')
        return graph.node('Mul' if self.modulate else 'Add', [x, wide])


class Clipped(nn.Module):
    """Training sees what the display shows: 0..1. Beyond it only a tenth of an error counts, enough to lead back.

    Black on white is mostly 0 and 1; there the network may overshoot and be sharper for it. Nothing of it is written.
    """

    def forward(self, x):
        if not self.training:
            return x
        shown = x.clamp(0, 1)
        return shown + 0.1 * (x - shown)

    def write(self, graph, x):
        return x


def small_last(conv):
    """Starts near nothing: what must be learned is the small correction to the picture."""
    with torch.no_grad():
        conv.conv.weight.mul_(0.1)
    return conv


def repeated(width, depth, middle):
    """depth times what `middle` makes; without it, a convolution."""
    return [part for _ in range(depth) for part in (middle() if middle else [Conv(width, width)])]


def plain(width, depth, first=3, middle=None, insert=None, scale=2, bases=0, bands=0, finish=lambda network: network):
    """conv 1->C, depth x conv C->C, conv C->4 (9 at x3), the luma added to each of these sub-pixels.

    `middle` makes other parts than a convolution; `insert` is put after the first of them. `bases` and `bands` make it
    `Filtered`; `finish` takes what makes the sub-pixels.
    """
    body = repeated(width, depth, middle)
    if insert:
        body.insert(1, insert)
    chain = Chain(Conv(1, width, first), *body, small_last(Conv(width, scale ** 2, act=None)))
    return Chain(finish(Added(Filtered(chain, bases, bands) if bases else chain)), DepthToSpace(scale))


def half(width, depth, middle=None):
    """As plain on a quarter of the positions: SpaceToDepth, 4->C, depth x C->C, (C, 4)->16, to four sub-pixels of four."""
    body = repeated(width, depth, middle)
    end = small_last(Conv(width + 4, 16, act=None))
    with torch.no_grad():
        for sub in range(16):  # each of the 16 sub-pixels starts as the pixel it lies in
            end.conv.weight[sub, width + (sub // 8) * 2 + (sub % 4) // 2, 1, 1] = 1
    return Chain(SpaceToDepth(), Beside(Chain(Conv(4, width), *body)), end, DepthToSpace(4))


def mixed(width, inner):
    """A 3x3 to few channels, then a 1x1 to many: cheap depth."""
    return lambda: [Conv(width, inner), Conv(inner, width, 1)]


def squeezed(width, inner):
    """A residual step through few channels: cheaper depth than a convolution C->C, and it forgets nothing."""
    steps = Chain(Conv(width, inner), Conv(inner, width))
    with torch.no_grad():
        for conv in steps:
            conv.conv.weight.mul_(0.5)  # at first less than what it is added to
    return Added(steps)


def depthwise(width):
    return lambda: [Conv(width, width, groups=width, act=None), Conv(width, width, 1)]


def gated(width):
    return lambda: [Conv(width, width, act='gate')]


def pooled(width, depth):
    return Pooled(Chain(*[Conv(width, width, act='prelu' if i + 1 < depth else None) for i in range(depth)]))


def modulated(width, factor=4):
    return Pooled(Conv(width, width, act=None), factor, modulate=True)


def squeezing(**more):
    """Two layers of 8 channels, two residual steps through 4, and filters of the outputs of these two layers beside the last."""
    return plain(8, 1, insert=Chain(squeezed(8, 4), squeezed(8, 4)), bases=2, **more)


SHAPES = {
    # up to 2.7K MAC per input pixel
    'plain-8x4': lambda: plain(8, 4),
    'filtered-8x3': lambda: plain(8, 3, bases=2),
    'filtered-8-4-4': squeezing,
    'filtered-8-4-4-projected': lambda: squeezing(finish=partial(BackProjected, enlarged=False)),
    'banded-8-4-4': lambda: squeezing(bands=3),
    'banded-8-4-4-projected': lambda: squeezing(bands=3, finish=partial(BackProjected, enlarged=False)),
    'plain-8x4-clipped': lambda: Chain(*plain(8, 4), Clipped()),
    'plain-8x3-pooled': lambda: plain(8, 3, insert=pooled(8, 2)),
    'plain-8x4-modulated': lambda: plain(8, 4, insert=modulated(8)),
    'plain-12x1': lambda: plain(12, 1),
    'half-16x3': lambda: half(16, 3),
    'half-24x1': lambda: half(24, 1),
    # up to 10K
    'plain-16x4': lambda: plain(16, 4),
    'plain-16x4-projected': lambda: plain(16, 4, finish=BackProjected),
    'plain-16x4-x3': lambda: plain(16, 4, scale=3),
    'filtered-16x3': lambda: plain(16, 3, bases=2),
    'plain-12x7': lambda: plain(12, 7),
    'plain-16x4-first5': lambda: plain(16, 4, first=5),
    'plain-16x4-modulated': lambda: plain(16, 4, insert=modulated(16)),
    'plain-16x3-pooled': lambda: plain(16, 3, insert=pooled(16, 2)),
    'plain-gate-12x3': lambda: plain(12, 3, middle=gated(12)),
    'plain-mixed-24-16x2': lambda: plain(24, 2, middle=mixed(24, 16)),
    'plain-depthwise-32x6': lambda: plain(32, 6, middle=depthwise(32)),
    'half-32x3': lambda: half(32, 3),
    'half-40x2': lambda: half(40, 2),
    # up to 28K
    'plain-24x5': lambda: plain(24, 5),
    'plain-16x11': lambda: plain(16, 11),
    'plain-20x7': lambda: plain(20, 7),
    'filtered-20x7': lambda: plain(20, 7, bases=1),
    'plain-20x7-projected': lambda: plain(20, 7, finish=BackProjected),
    'filtered-20x7-projected': lambda: plain(20, 7, bases=1, finish=BackProjected),
    'half-48x4': lambda: half(48, 4),
    # game-*: from what is known of a quad of display pixels to what to do with it (game.py)
    'decide-6-7': lambda: Chain(Conv(16, 6, 1), Conv(6, 7), small_last(Conv(7, 12, 1, act=None))),
    'decide-8-8-8': lambda: Chain(Conv(16, 8, 1), Conv(8, 8), Conv(8, 8), small_last(Conv(8, 12, 1, act=None))),
    'decide-12-8-8-12': lambda: Chain(Conv(16, 12, 1), Conv(12, 8), Conv(8, 8), Conv(8, 12), small_last(Conv(12, 12, 1, act=None))),
    'decide-16-24x3': lambda: Chain(Conv(16, 16), Conv(16, 24, 1), Conv(24, 16), Conv(16, 24, 1), Conv(24, 16), Conv(16, 24, 1),
                                    small_last(Conv(24, 12, 1, act=None))),
}


def create(shape):
    if shape not in SHAPES:
        raise SystemExit(f'unknown shape {shape}: one of {", ".join(SHAPES)}')
    return SHAPES[shape]()


def grow(network, smaller):
    """Gives a plain network the weights of a narrower or shallower one, so that at first it computes the same.

    New channels begin at random and unheard by the old ones; new layers hand on what they get. A last layer of another
    scale begins anew.
    """
    state = network.state_dict()
    names, olds = ([n[:-len('.conv.weight')] for n in s if n.endswith('.conv.weight')] for s in (state, smaller))
    # The last layer follows the last; those that the smaller one lacks come before it.
    partners = olds[:-1] + [None] * (len(names) - len(olds)) + olds[-1:]
    scaled = len(state[f'{names[-1]}.conv.bias']) != len(smaller[f'{olds[-1]}.conv.bias'])
    pairs = list(zip(names, partners))[:-1 if scaled else None]
    width = smaller[f'{olds[0]}.conv.weight'].shape[0]
    for name, old in pairs:
        weight = state[f'{name}.conv.weight']
        if old:
            kernel = smaller[f'{old}.conv.weight']
            outputs, inputs = kernel.shape[:2]
            weight[:outputs] = 0
            weight[:outputs, :inputs] = kernel
            for part in ('conv.bias', 'slope'):
                if f'{old}.{part}' in smaller:
                    state[f'{name}.{part}'][:outputs] = smaller[f'{old}.{part}']
        else:
            weight[:width] = 0
            weight[range(width), range(width), 1, 1] = 1
            state[f'{name}.slope'][:width] = 1
    network.load_state_dict(state)


def into_bands(network, sums):
    """Gives a filtered network with bands the weights of one without: of its filters, as many bands as hold most (by SVD)."""
    state = network.state_dict()
    names, old = list(state), list(sums.values())
    weigh = next(i for i, name in enumerate(names) if name.endswith('weigh.weight'))
    mix = names[weigh + 2]
    outputs, bands = state[mix].shape[:2]
    same = len(old) > weigh + 1 and all(state[name].shape == w.shape for name, w in zip(names[:weigh], old))
    if not same or len(old[weigh]) * bands != len(state[names[weigh]]) * outputs:
        raise SystemExit('filters for bands can only begin from a network of the same layers with filters for each sub-pixel')
    filters = torch.cat([old[weigh].flatten(1), old[weigh + 1][:, None]], 1).view(outputs, -1)
    u, strength, _ = torch.linalg.svd(filters, full_matrices=False)
    mixing = u[:, :bands] * strength[:bands].sqrt() / 2
    made = (torch.linalg.pinv(mixing) @ filters).view(len(state[names[weigh]]), -1)
    new = [*old[:weigh], made[:, :-1, None, None], made[:, -1], mixing[:, :, None, None]]
    network.load_state_dict({**state, **dict(zip(names, new))})


def device_of(network):
    return next(network.parameters()).device


def input_channels(network):
    channels = next(m.in_channels for m in network.modules() if isinstance(m, nn.Conv2d))
    return channels // 4 if isinstance(network[0], SpaceToDepth) else channels


def macs_per_pixel(network):
    """Multiply-accumulates per input pixel, counted while the network runs."""
    total, size = 0, 16

    def count(conv, _, out):
        nonlocal total
        total += conv.weight[0].numel() * out[0].numel()

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        network(torch.zeros(1, input_channels(network), size, size, device=device_of(network)))
    for hook in hooks:
        hook.remove()
    return total / size ** 2 + sum(m.sums * m.filters for m in network.modules() if isinstance(m, Filtered))


def parameter_count(network):
    return sum(p.numel() for p in network.parameters())
