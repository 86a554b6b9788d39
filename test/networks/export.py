"""Exports one small network of each published shape with PyTorch, untrained, for the tests: python3 test/networks/export.py

The files are what torch.onnx.export writes, unchanged. Written with torch 1.13, operator set 14.
"""
import os
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


def conv(inputs, outputs, kernel=3, **options):
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, **options)


class Espcn(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(conv(1, 32, 5), nn.Tanh(), conv(32, 16), nn.Tanh(), conv(16, 4), nn.PixelShuffle(2), nn.Sigmoid())

    def forward(self, x):
        return self.layers(x)


class Fsrcnn(nn.Module):
    def __init__(self, wide=56, narrow=12, ratio=2):
        super().__init__()
        layers = [conv(1, wide, 5), nn.PReLU(wide), conv(wide, narrow, 1), nn.PReLU(narrow)]
        for _ in range(4):
            layers += [conv(narrow, narrow), nn.PReLU(narrow)]
        layers += [conv(narrow, wide, 1), nn.PReLU(wide)]
        layers += [nn.ConvTranspose2d(wide, 1, 9, stride=ratio, padding=4, output_padding=ratio - 1)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class Ecbsr(nn.Module):
    def __init__(self, width=16, depth=4, ratio=2):
        super().__init__()
        layers = []
        for i in range(depth + 1):
            layers += [conv(width if i else 1, width), nn.PReLU(width)]
        self.layers = nn.Sequential(*layers, conv(width, ratio * ratio))
        self.shuffle = nn.PixelShuffle(ratio)

    def forward(self, x):
        return self.shuffle(self.layers(x) + x)


class Sesr(nn.Module):
    def __init__(self, width=16, depth=3, ratio=2):
        super().__init__()
        self.head = nn.Sequential(conv(1, width, 5), nn.PReLU(width))
        body = []
        for _ in range(depth):
            body += [conv(width, width), nn.PReLU(width)]
        self.body = nn.Sequential(*body)
        self.tail = conv(width, ratio * ratio, 5)
        self.shuffle = nn.PixelShuffle(ratio)

    def forward(self, x):
        head = self.head(x)
        return self.shuffle(self.tail(self.body(head) + head) + x)


class GroupBlock(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.parts = nn.ModuleList([conv(8, 8) for _ in range(width // 8)])
        self.mix = conv(width, width, 1)

    def forward(self, x):
        return self.mix(torch.cat([torch.relu(part(piece)) for part, piece in zip(self.parts, torch.split(x, 8, 1))], 1))


class Xlsr(nn.Module):
    def __init__(self, ratio=2):
        super().__init__()
        self.head, self.skip = conv(3, 32), conv(3, 16)
        self.blocks = nn.Sequential(GroupBlock(), GroupBlock())
        self.mix, self.tail = conv(48, 32), conv(32, 3 * ratio * ratio, groups=4)
        self.shuffle = nn.PixelShuffle(ratio)

    def forward(self, x):
        y = torch.cat([self.blocks(torch.relu(self.head(x))), self.skip(x)], 1)
        return torch.clamp(self.shuffle(self.tail(F.relu6(self.mix(y)))), 0, 1)


class Abpn(nn.Module):
    def __init__(self, width=28, depth=2, ratio=3):
        super().__init__()
        layers = [conv(3, width), nn.ReLU()]
        for _ in range(depth - 1):
            layers += [conv(width, width), nn.ReLU()]
        cells = 3 * ratio * ratio
        self.layers = nn.Sequential(*layers, conv(width, cells), nn.ReLU(), conv(cells, cells))
        self.repeat = ratio * ratio
        self.shuffle = nn.PixelShuffle(ratio)

    def forward(self, x):
        return torch.clamp(self.shuffle(self.layers(x) + torch.cat([x] * self.repeat, 1)), 0, 1)


class SrvggCompact(nn.Module):
    def __init__(self, width=64, depth=1, ratio=2):
        super().__init__()
        layers = [conv(3, width), nn.PReLU(width)]
        for _ in range(depth):
            layers += [conv(width, width), nn.PReLU(width)]
        self.layers = nn.Sequential(*layers, conv(width, 3 * ratio * ratio))
        self.ratio = ratio
        self.shuffle = nn.PixelShuffle(ratio)

    def forward(self, x):
        return self.shuffle(self.layers(x)) + F.interpolate(x, scale_factor=self.ratio, mode='nearest')


def double(inputs, outputs):
    return nn.Sequential(conv(inputs, outputs), nn.BatchNorm2d(outputs), nn.ReLU(), conv(outputs, outputs), nn.BatchNorm2d(outputs), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.bottom = double(3, 8), double(8, 12), double(12, 16)
        self.up1, self.up2 = double(28, 12), double(20, 8)
        self.transposed = nn.ConvTranspose2d(12, 12, 2, stride=2)
        self.out = nn.Conv2d(8, 3, 1)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(16, 4, 1), nn.Hardswish(), nn.Conv2d(4, 16, 1), nn.Sigmoid())

    def forward(self, x):
        one = self.down1(x)
        two = self.down2(F.max_pool2d(one, 2))
        three = self.bottom(F.avg_pool2d(two, 2))
        three = three * self.gate(three)
        two = self.up1(torch.cat([F.interpolate(three, scale_factor=2, mode='bilinear', align_corners=False), two], 1))
        return torch.sigmoid(self.out(self.up2(torch.cat([self.transposed(two), one], 1))))


NETWORKS = {
    'espcn': (Espcn, 1),
    'fsrcnn': (Fsrcnn, 1),
    'ecbsr': (Ecbsr, 1),
    'sesr': (Sesr, 1),
    'xlsr': (Xlsr, 3),
    'abpn': (Abpn, 3),
    'srvgg': (SrvggCompact, 3),
    'unet': (UNet, 3),
}

for name, (network, channels) in NETWORKS.items():
    torch.manual_seed(1)
    axes = {'input': {0: 'batch', 2: 'height', 3: 'width'}, 'output': {0: 'batch', 2: 'outHeight', 3: 'outWidth'}}
    torch.onnx.export(
        network().eval(),
        torch.rand(1, channels, 16, 16),
        os.path.join(HERE, f'{name}.onnx'),
        opset_version=14,
        input_names=['input'],
        output_names=['output'],
        dynamic_axes=axes,
    )
