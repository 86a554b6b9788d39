"""Trains a game-* recipe through time: `python3 train/train_game.py game-m`. Stop at will; the same command resumes.

Every sequence is walked from its first frame to its last in windows through which gradients flow back; the history that
one window leaves, the next begins with. The loss is that of the figures we state: the logarithms of the squared error, of
the squared error of frame differences and of the mean error, each by sequence.
"""

from multiprocessing import get_context

import numpy as np
import torch

import game
import game_data
import networks
from train import Run, options, read_recipe

WINDOW = 16       # frames that gradients flow through
AREA = (56, 72)   # height and width of the part of a sequence that is trained on
MARGIN = 8        # pixels at its edges that no loss is taken of: what moves in there has no history, which on a whole screen is rare
UNSEEN = 8        # frames after the start that figures leave out, as in perf
FLOOR = 2e-5      # squared error below which there is nothing to gain: 47 dB
TEMPORAL = 1.0    # weight of the error of frame differences, where a recipe's option `temporal` says no other
KEPT = 0.2        # weight of the error of history, before what is added to it for showing
SMALL = 1.0       # weight of the mean size of errors, to which FLIP is closer than their square is


class Sequence:
    """Frames of one world (its arrays; see game_data) as tensors, mirrored and with colours swapped as asked."""

    def __init__(self, arrays, flips=(False, False), channels=(0, 1, 2)):
        axes = [axis for axis, flip in zip((2, 1), flips) if flip]
        picture = lambda a: np.flip(a, axes)[..., list(channels)]
        self.color, self.truth = picture(arrays['color']), picture(arrays['truth'])
        self.surroundings = np.flip(arrays['surroundings'], axes).copy()
        self.jitter = arrays['jitter'].copy()
        for i, flip in enumerate(flips):
            if flip:
                self.surroundings[..., i] *= -1
                self.jitter[:, i] *= -1
        if tuple(channels) != (0, 1, 2):
            self.swap_boxes(channels)
        self.reset = arrays['reset']

    def swap_boxes(self, channels):
        """The boxes are of YCoCg: after a swap of colours, those of the corners of the old ones stand in."""
        low, high = self.surroundings[..., 4:7].astype(np.float32), self.surroundings[..., 8:11].astype(np.float32)
        turn = game.YCOCG.numpy() @ game.RGB.numpy()[list(channels)]
        middle, half = (low + high) / 2 @ turn.T, (high - low) / 2 @ np.abs(turn).T
        self.surroundings[..., 4:7], self.surroundings[..., 8:11] = middle - half, middle + half

    def __len__(self):
        return len(self.jitter)

    def frame(self, t, area=None):
        """The tensors of frame t; `area` (top, left, height, width) as in game.see, or all of it."""
        tensor = lambda a, scale=1: torch.from_numpy(np.ascontiguousarray(a.transpose(2, 0, 1)).astype(np.float32) * scale)
        display, render = (a.shape[1:3] for a in (self.truth, self.color))
        top, left, height, width = area = area or (0, 0, *display)
        rows, columns = game.samples_of(area, display, render)
        seen = game.see(tensor(self.color[t, rows, columns], 1 / 255), tensor(self.surroundings[t, rows, columns]),
                        self.jitter[t].tolist(), display, render, area)
        truth = tensor(self.truth[t, top:top + height, left:left + width], 1 / 255)
        return {**seen, 'truth': truth, 'reset': torch.tensor(bool(self.reset[t]))}


def together(frames, device='cpu'):
    """Frames of several sequences as one of a batch."""
    return {name: torch.stack([f[name] for f in frames]).to(device) for name in frames[0]}


def read_ahead(queue, batch, seed):
    """In a process of its own: windows [frames of a batch], every slot walking through sequences of its own."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    slots, spare = [None] * batch, None
    while True:
        for i, slot in enumerate(slots):
            if slot is None or slot[1] + WINDOW > len(slot[0]):
                if spare is None:
                    files, _ = game_data.files()  # looked for anew: more may have been rendered meanwhile
                    file = files[rng.integers(len(files))]
                    channels = rng.permutation(3) if rng.random() < 0.3 else (0, 1, 2)
                    sequence = spare = Sequence(game_data.load(file), rng.random(2) < 0.5, channels)
                else:  # reading one takes as long as some windows of it
                    sequence, spare = spare, None
                free = [side - part for side, part in zip(sequence.truth.shape[1:3], AREA)]
                corner = [2 * int(rng.integers(side // 2 + 1)) for side in free]
                # Not all from the start: windows should not all turn over at once, nor history begin at one phase of jitter.
                slots[i] = [sequence, WINDOW * int(rng.integers(2)), True, (*corner, *AREA)]
        window = []
        for t in range(WINDOW):
            frames = [sequence.frame(start + t, area) for sequence, start, _, area in slots]
            for frame, slot in zip(frames, slots):
                frame['fresh'] = torch.tensor(slot[2] and t == 0)
            window.append(together(frames))
        queue.put(window)
        for slot in slots:
            slot[1], slot[2] = slot[1] + WINDOW, False


def follow(network, frame, history):
    """One frame; where it begins or cuts, history is not believed."""
    new = frame['reset'] | frame.get('fresh', torch.zeros_like(frame['reset']))
    if history is None:
        history = torch.cat([torch.zeros_like(frame['truth']), torch.zeros_like(frame['truth'][:, :1])], 1)
    old = (~new).float().view(-1, 1, 1, 1)
    frame = {**frame, 'believed': frame['believed'] * old, 'quadBelieved': frame['quadBelieved'] * old}
    return *game.step(network, frame, history), old


def loss_of(network, window, history, temporal):
    error, small, change, kept, last = 0, 0, 0, 0, None
    inner = (..., *[slice(MARGIN, -MARGIN)] * 2)
    for frame in window:
        history, shown, old = follow(network, frame, history)
        truth = frame['truth'][inner]
        difference = shown[inner] - truth
        kept = kept + (history[:, :3][inner] - truth).square().mean((1, 2, 3))
        error = error + difference.square().mean((1, 2, 3))
        small = small + difference.abs().mean((1, 2, 3))
        if last is not None:
            change = change + ((difference - last) * old).square().mean((1, 2, 3))
        last = difference
    frames = len(window)
    parts = ((error / frames, 1), (change / (frames - 1), temporal), (kept / frames, KEPT), ((small / frames).square(), SMALL / 2))
    return sum(weight * torch.log(part + FLOOR).mean() for part, weight in parts), history.detach()


@torch.no_grad()
def validate(network, sequences):
    """PSNR and tPSNR in dB of each sequence over all frames but the first ones: [2, sequences]."""
    history, last, errors, changes = None, None, [], []
    for t in range(min(map(len, sequences))):
        frame = together([sequence.frame(t) for sequence in sequences], networks.device_of(network))
        history, shown, old = follow(network, frame, history)
        difference = (shown * 255).round() / 255 - frame['truth']
        if t >= UNSEEN:
            errors.append(difference.square().mean((1, 2, 3)))
            changes.append(((difference - last) * old).square().mean((1, 2, 3)))
        last = difference
    return torch.stack([-10 * torch.stack(e).mean(0).clamp(min=1e-7).log10() for e in (errors, changes)])


@torch.no_grad()
def check_engine(network, file, seed=0, frames=16):
    """The mean difference of colour, in levels of 255, between what the engine makes of a world with that ONNX file and
    what is made of it here. The engine keeps history in 16 bits; 0.1 to 0.3 is what that makes of it."""
    renderer = game_data.Renderer()
    world = renderer.render(seed, model=file)
    renderer.close()
    sequence, history, worst = Sequence(world), None, 0
    for t in range(frames):
        history, _, _ = follow(network, together([sequence.frame(t)], networks.device_of(network)), history)
        theirs = torch.from_numpy(world['history'][t, ..., :3].transpose(2, 0, 1).copy())
        worst = max(worst, (history[0, :3].cpu() - theirs).abs().mean().item() * 255)
    if worst > 1:
        raise SystemExit(f'{file} in the engine differs from the checkpoint by {worst:.2f} levels: at most 1 is rounding')
    return worst


def main():
    o = options(__doc__)
    recipe = read_recipe(o.name, o.set)
    run = Run(o, recipe, memory=0.995)
    files, held_out = game_data.files()
    held_out = [Sequence(game_data.load(file)) for file in held_out]
    queue = get_context('spawn').Queue(2)
    get_context('spawn').Process(target=read_ahead, daemon=True, args=(queue, recipe['batch'], run.seed)).start()
    print(f'{o.name}: {recipe["shape"]}, {networks.macs_per_pixel(run.network) / 4:.0f} MAC per display pixel, '
          f'{len(files)} sequences', flush=True)
    history, temporal = None, recipe['options'].get('temporal', TEMPORAL)
    if len(run.history) > 1 and run.history[-1]['fromStep'] == run.step and run.history[-2]['recipe']['options'] != recipe['options']:
        run.best = 0.0  # the options weigh the score: one by others does not compare
    while run.goes_on:
        window = [{name: t.to(o.device) for name, t in frame.items()} for frame in queue.get()]
        loss, history = loss_of(run.network, window, history, temporal)
        run.descend(loss, clip=1.0)
        if run.due:
            figures = validate(run.average, held_out)
            psnr, tpsnr = figures.mean(1).tolist()
            worlds = [round(f, 3) for f in figures[:, :game_data.HELD_OUT].mean(1).tolist()]
            run.keep(psnr, psnr + temporal * tpsnr, tpsnr=round(tpsnr, 4), worlds=worlds)


if __name__ == '__main__':
    main()
