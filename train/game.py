"""The game path as PyTorch sees it: what src/shaders/game-*.frag do, so that a network can be trained through many frames.

All pictures are [N, C, H, W], rows from the bottom. A frame's tensors are at display size but for those of the network,
which works on quads: one position for 2 x 2 display pixels, sub-pixels in the order (0,0) (1,0) (0,1) (1,1).
"""

from functools import cache

import torch
import torch.nn.functional as F

import networks

BELIEF = 0.75     # temporal.glsl
SHARP, SMOOTH = 2.5, 2.2
ENOUGH, LEAST, LEAST_FAST, MOST = 0.6, 0.05, 0.7, 400.0
SETTLED, SETTLING = 6.0, 1.1
CHANGED = 0.08
REPLACED = 0.25
CRISP, SLOPE_MOST, SLOPE_RESTING, NEAR_ONE = 0.3, 0.1, 0.2, 0.98  # game-accumulate.frag
WIDE_FROM = 400   # temporal.ts
# history.glsl: of the outer taps, those beside the middle, and the two inner ones
TAPS = {1: ((0, 0), (-0.395, 0.238), (0.571, -0.59)), 2: ((0.119, -0.002), (-0.652, 0.2), (0.736, -0.607))}

# Of the colour matrices of temporal.glsl, where they are needed as such.
YCOCG = torch.tensor([[0.25, 0.5, 0.25], [0.5, 0, -0.5], [-0.25, 0.5, -0.25]])
RGB = torch.tensor([[1.0, 1, -1], [1, 0, 1], [1, -1, -1]])

def to_ycocg(rgb):
    r, g, b = rgb.split(1, -3)
    return torch.cat([(r + b) / 4 + g / 2, (r - b) / 2, g / 2 - (r + b) / 4], -3)


def to_rgb(ycocg):
    y, co, cg = ycocg.split(1, -3)
    return torch.cat([y + co - cg, y + cg, y - co - cg], -3)


class Axis:
    """Where positions of one axis (columns, say) lie on the grid of samples: nearest ones and bilinear ones."""

    def __init__(self, positions, size):
        self.nearest = positions.floor().long().clamp(0, size - 1)
        self.offset = positions - self.nearest - 0.5
        corner = (positions - 0.5).floor()
        self.share = positions - 0.5 - corner
        self.low, self.high = (corner.long().clamp(0, size - 1), (corner.long() + 1).clamp(0, size - 1))


def plane(x, y):
    """[2, H, W] of x by columns and y by rows."""
    return torch.stack([x.expand(len(y), -1), y.view(-1, 1).expand(-1, len(x))])


def pick(picture, y, x):
    return picture[:, y][:, :, x]


def bilinear(picture, y, x):
    rows = torch.lerp(picture[:, y.low], picture[:, y.high], y.share.view(1, -1, 1))
    return torch.lerp(rows[:, :, x.low], rows[:, :, x.high], x.share)


def samples_of(area, display, render):
    """The slices (rows, columns) of render pixels that an area of the display reads."""
    return [slice(max(0, int(first * small / large) - 3), int((first + n) * small / large) + 4)
            for first, n, large, small in zip(area[:2], area[2:], display, render)]


def see(color, surroundings, jitter, display, render, area):
    """What a frame gives the display-size stages, nothing of it learned.

    `area` (top, left, height, width) is the part of the display (height, width) that is made, all of it even: what moved
    in from outside of it has no history, as if it were the screen. color [3, h, w] and surroundings [13, h, w] are what
    `samples_of` says.
    """
    height, width = area[2:]
    scale = [small / large for small, large in zip(render, display)]
    grid = list(zip(area[:2], area[2:], scale, jitter[::-1], samples_of(area, display, render), color.shape[1:]))
    pixel, quad = ([Axis((first + step * (torch.arange(n // step) + 0.5)) * s + j - part.start, count)
                    for first, n, s, j, part, count in grid] for step in (1, 2))
    size = torch.tensor(display[::-1], dtype=torch.float32).view(2, 1, 1)
    at, around = (pick(surroundings[:4], y.low, x.low) for y, x in (pixel, quad))
    deviation, gain = pick(surroundings[11:], *(axis.low for axis in pixel)).split(1)
    shift, quad_shift = (a[:2] * size for a in (at, around))
    from_inside = inside(centres(height, width)[0] + shift, width, height)
    quad_inside = inside(2 * centres(height // 2, width // 2)[0] + quad_shift, width, height)
    return {
        'taps': pick(color, *(torch.cat([axis.low, axis.high]) for axis in pixel)).view(3, 2, height, 2, width)
        .permute(1, 3, 0, 2, 4).reshape(4, 3, height, width),
        'shares': plane(pixel[1].share, pixel[0].share), 'scale': torch.tensor(scale[::-1]).view(2, 1, 1),
        'offsets': plane(pixel[1].offset, pixel[0].offset),
        'sharp': torch.tensor([SHARP / scale[1] ** 2, SHARP / scale[0] ** 2]).view(2, 1, 1),
        'now': bilinear(to_ycocg(color), *pixel),
        'shift': shift, 'believed': at[3:].frac() / BELIEF * from_inside,
        'wavers': (16 * deviation).clamp(max=1), 'gain': gain,
        'quadShift': quad_shift, 'quadBelieved': around[3:].frac() / BELIEF * quad_inside,
        'box': pick(surroundings[[4, 5, 6, 8, 9, 10]], *(axis.low for axis in pixel)),
        'quadBox': pick(surroundings[[4, 8]], *(axis.low for axis in quad)), 'quadOffset': plane(quad[1].offset, quad[0].offset),
    }


def smoothstep(x):
    x = x.clamp(0, 1)
    return x * x * (3 - 2 * x)


def inside(positions, width, height):
    x, y = positions
    return ((x >= 0) & (x <= width) & (y >= 0) & (y <= height)).float()[None]


def grid_of(positions):
    """Pixel positions [N, 2, H, W] (x, y) as grid_sample wants them."""
    height, width = positions.shape[2:]
    size = torch.tensor([width, height], dtype=positions.dtype, device=positions.device).view(2, 1, 1)
    return (positions * 2 / size - 1).permute(0, 2, 3, 1)


def read(picture, positions):
    return F.grid_sample(picture, grid_of(positions), 'bilinear', 'border', align_corners=False)


def taps(by, f):
    """Weights of the six taps along an axis at fractions f of a pixel, by the numbers of TAPS: see history.glsl."""
    outer, beside, inner = by
    g = 1 - f
    tap = lambda by, f: f * (1 - f) * (by[0] + by[1] * f)
    return tap(outer, f), tap(beside, f), g + tap(inner, f), f + tap(inner, g), tap(beside, g), tap(outer, g)


def resample(history, positions, reach):
    """History there, by the reads of history.glsl, 5 or, for `reach` 2, 13 of them; colour, and that and alpha of the middle one."""
    centre = (positions - 0.5).floor() + 0.5
    *before, first, second, after, last = taps(TAPS[reach], positions - centre)
    both = first + second
    weights = (*before, both, after, last)
    places = (centre - 2, centre - 1, centre + second / both, centre + 2, centre + 3)
    made, total = 0, 0
    for y in range(2 - reach, 3 + reach):
        for x in range(2 - reach + abs(y - 2), 3 + reach - abs(y - 2)):
            old = read(history, torch.cat([places[x][:, :1], places[y][:, 1:]], 1))
            if x == y == 2:
                middle = old
            weight = weights[x][:, :1] * weights[y][:, 1:]
            made, total = made + old[:, :3] * weight, total + weight
    return made / total, middle[:, :3], middle[:, 3:]


@cache
def reach_of(network):
    """How far history is resampled from for a network: further for one that costs more itself."""
    return 2 if networks.macs_per_pixel(network) / 4 >= WIDE_FROM else 1


def features(frame, history, pixels):
    """The network's input [N, 16, H / 2, W / 2]: see game-features.frag."""
    old = read(history, pixels + frame['quadShift'].repeat_interleave(2, 2).repeat_interleave(2, 3))
    kept = (frame['quadBelieved'] > 0).to(old)
    before, now = to_ycocg(old[:, :3]), frame['now']
    difference = F.avg_pool2d((before - now)[:, 1:], 2).norm(dim=1, keepdim=True)
    luma = F.pixel_unshuffle(now[:, :1], 2)
    gathered = torch.log2(1 + F.avg_pool2d(old[:, 3:], 2)) / 8
    motion = frame['quadShift'].norm(dim=1, keepdim=True)
    return torch.cat([
        luma - 0.5, (F.pixel_unshuffle(before[:, :1], 2) - luma) * kept, difference * kept, frame['quadBelieved'],
        gathered * kept, frame['quadBox'] - luma.mean(1, keepdim=True), motion / (motion + 1), frame['quadOffset'],
    ], 1).contiguous(memory_format=torch.channels_last)


def accumulate(frame, history, decisions, pixels, taps_reach):
    """The new history [N, 4, H, W], colour and gathered weight, and the picture shown: see game-accumulate.frag."""
    weight_of_history, residual = (F.pixel_shuffle(decisions[:, i:i + 4], 2) for i in (0, 4))
    crisp, slope, width, free = F.interpolate(decisions[:, 8:], scale_factor=2).split(1, 1)
    old, middle, age = resample(history, pixels + frame['shift'], taps_reach)
    still = (frame['shift'] == 0).all(1, keepdim=True).to(age)
    kept = to_ycocg(old) * (1 + frame['gain'])
    low, high = frame['box'].split(3, 1)
    centre, reach = (low + high) / 2, (high - low) / 2 * torch.exp2(torch.maximum(width, -4 * (1 - still)).clamp(-4, 4))
    allowed = torch.maximum(torch.minimum(kept, centre + reach), centre - reach)
    before = to_rgb(torch.lerp(allowed, kept, torch.sigmoid(free.clamp(-4, 4) - 2)))
    changed = smoothstep((kept - allowed).square().sum(1, keepdim=True).clamp(min=1e-12).sqrt() / CHANGED)
    rest = still * (1 - changed)
    keep = torch.sigmoid(weight_of_history + 1) * (1 - (1 - REPLACED) * still)
    keep = torch.lerp(keep, torch.ones_like(rest), rest)
    gathered = torch.minimum(age * torch.where(age > SETTLED, SETTLING, 1.0), MOST ** frame['believed'])
    gathered = gathered * frame['believed'] * keep

    known = (gathered / ENOUGH).clamp(0, 1)
    sharp, offset = frame['sharp'], frame['offsets']
    fall = torch.lerp(sharp.clamp(max=SMOOTH), sharp, known)
    near = frame['shares']
    low, high = (torch.exp(-fall * d.square()) for d in (near, 1 - near))
    weights = torch.cat([y * x for y in (low[:, 1:], high[:, 1:]) for x in (low[:, :1], high[:, :1])], 1)
    now = (weights[:, :, None] * frame['taps']).sum(1) / weights.sum(1, keepdim=True)
    away = high / (low + high) - near
    there = read(history, pixels + frame['shift'] + away / frame['scale'])[:, :3]
    share = torch.lerp(torch.sigmoid(slope.clamp(-4, 4)), torch.full_like(slope, SLOPE_RESTING), still)
    most = torch.maximum(now, before).clamp(min=NEAR_ONE)
    now = torch.minimum(now - share * known * (there - middle).clamp(-SLOPE_MOST, SLOPE_MOST), most)
    fast = smoothstep((frame['shift'].norm(dim=1, keepdim=True) - 3) / 9)
    least = LEAST + (LEAST_FAST - LEAST) * fast * frame['wavers'] * (frame['believed'] > 0)
    weight = torch.maximum(torch.exp(-(sharp * offset.square()).sum(1, keepdim=True)), least)
    result = torch.lerp(before, now, weight / (weight + gathered)).clamp(0, 1)
    unsettled = 1 - smoothstep((weight + gathered - SETTLED / 2) / (1.5 * SETTLED))
    crisp = torch.lerp(torch.full_like(crisp, CRISP), crisp.clamp(-1, 2), unsettled)
    picture = (result + residual * unsettled).clamp(0, 1)
    shown = picture + crisp * (picture - blur(picture))
    return torch.cat([result, weight + gathered], 1), shown.clamp(0, 1)


def blur(picture):
    """By (1, 2, 1) / 4 in rows and columns: temporal-show.frag."""
    return F.avg_pool2d(F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode='replicate'), 2, 1), 2, 1)


def centres(height, width):
    """Pixel centres [1, 2, H, W], x and y."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing='ij')
    return torch.stack([x, y])[None]


def step(network, frame, history):
    pixels = centres(*history.shape[2:]).to(history)
    return accumulate(frame, history, network(features(frame, history, pixels)), pixels, reach_of(network))
