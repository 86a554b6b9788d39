"""The taps by which history is resampled, OUTER_TAP and the like of history.glsl: `python3 train/resampling.py`.

What is resampled by the same fraction of a pixel in every frame is, of each frequency, multiplied by the kernel's response
to the power of the frames. So the error against a picture moved all at once is known without moving any: the spectrum of
rendered truth, weighed by how far that power is from a shift. Taps are those with the least mean logarithm of it over
velocities of 0.05 to 3 pixels a frame, and which raise nothing by much: what grows in every frame rings after a hundred.
"""

import argparse
import math

import numpy as np
import torch

import game
import game_data

STEPS = 6       # frames: about as long as the networks keep moving history
RAISED = 1.015  # what a frame may multiply a frequency by: new samples take back more than that
OFFSETS = (-2, -1, 0, 1, 2, 3)
READS = (-2, -1, 0, 0, 1, 2)  # which read takes the tap, from the middle: one takes two
# x and y of the outer taps (thirteen reads), of those beside the middle, and x of the inner ones, whose y follows.
BEGIN = {1: (-0.5, 0.5, 1.0), 2: (0.0, 0.0, -0.5, 0.5, 1.0)}  # Catmull-Rom


def spectrum(files):
    """The mean power over rendered pictures [H, W], each of power 1, and its frequencies, [H, 1] and [1, W]."""
    total = 0
    for file in files:
        truth = torch.from_numpy(game_data.load(file)['truth'][20].astype(np.float32)).permute(2, 0, 1)
        height, width = truth.shape[1:]
        window = torch.hann_window(height, False).view(-1, 1) * torch.hann_window(width, False)
        power = torch.fft.fft2((truth - truth.mean((1, 2), keepdim=True)) * window ** 0.25).abs().square().mean(0)
        total = total + power / power.sum() / len(files)
    return total, torch.fft.fftfreq(height).view(-1, 1), torch.fft.fftfreq(width).view(1, -1)


def complete(free):
    """(x, y) of the three kinds of taps, as in game.TAPS: what they add to linear interpolation must sum to nothing."""
    *others, x = free
    others = [0, 0, *others] if len(others) == 2 else others
    return others[:2], others[2:], (x, -2 * (others[0] + others[2] + x) - others[1] - others[3])


def moved(by, rows, columns):
    """What frequencies are multiplied by as pictures move by that many pixels [V, 2]."""
    x, y = by.view(-1, 2, 1, 1).unbind(1)
    return torch.exp(2j * math.pi * (x * columns + y * rows))


def response(free, velocity, reach, rows, columns):
    """What frequencies are multiplied by as history is resampled at each velocity [V, 2]."""
    whole = velocity.floor()
    along = game.taps(complete(free), velocity - whole)
    made, total = 0, 0
    for row, (dy, j) in enumerate(zip(OFFSETS, READS)):
        for column, (dx, i) in enumerate(zip(OFFSETS, READS)):
            if abs(i) + abs(j) <= reach:
                weight = (along[column][:, 0] * along[row][:, 1]).view(-1, 1, 1)
                made = made + weight * moved(whole + torch.tensor([dx, dy]), rows, columns)
                total = total + weight
    return made / total


def error(free, velocity, reach, power, *frequencies):
    """Share of a picture's power that is wrong after STEPS frames at each velocity [V, 2]."""
    wrong = response(free, velocity, reach, *frequencies) ** STEPS - moved(STEPS * velocity, *frequencies)
    return (power * wrong.abs().square()).sum((1, 2))


def raised(free, reach):
    """The most that a frequency is multiplied by, over a grid of velocities."""
    along = torch.linspace(0, 1, 11)
    grid = torch.stack(torch.meshgrid(along, along, indexing='ij'), -1).view(-1, 2)
    return response(free, grid, reach, torch.linspace(0, 0.5, 17).view(-1, 1), torch.linspace(-0.5, 0.5, 33)).abs().max()


def velocities(count, seed):
    random = torch.Generator().manual_seed(seed)
    speed = 0.05 * 60 ** torch.rand(count, generator=random)
    angle = 2 * math.pi * torch.rand(count, generator=random)
    return torch.stack([speed * angle.cos(), speed * angle.sin()], 1)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--steps', type=int, default=400)
    o = parser.parse_args()
    given = spectrum(game_data.files()[0][:30:2])
    decibel = lambda free, reach: (10 * torch.log10(error(free, velocities(64, 0), reach, *given))).mean().item()
    for reach, begin in BEGIN.items():
        free = torch.tensor(begin, requires_grad=True)
        print(f'reach {reach}: {decibel(free.detach(), reach):.2f} dB by Catmull-Rom', end=', ', flush=True)
        optimiser = torch.optim.Adam([free])
        for step in range(o.steps):
            optimiser.param_groups[0]['lr'] = 0.02 * (1 - step / o.steps)
            optimiser.zero_grad()
            loss = error(free, velocities(8, step + 1), reach, *given).log().mean()
            (loss + 30 * (raised(free, reach) - RAISED).clamp(min=0)).backward()
            optimiser.step()
        print(f'{decibel(free.detach(), reach):.2f}, raising at most by {raised(free, reach) - 1:.3f}, by', [[round(x, 3) for x in by] for by in complete(free.tolist())])
