"""Trains one network: `python3 train/train.py image-s`. Stop it at any time; the same command resumes.

L1, then L2 weighted by picture for the last part (PSNR is an L2 figure, L1 gets there faster; see data.Sampler), Adam, cosine learning rate with a short
warm-up, and an exponential average of the weights, which is what is validated and exported.
"""

import argparse
import json
import math
import time
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import data
import networks

RUNS = Path(__file__).resolve().parent / 'runs'


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('name', choices=networks.SHAPES)
    parser.add_argument('--run', help='folder in train/runs for log and checkpoints (default: the name)')
    parser.add_argument('--prepared', type=Path, default=data.PREPARED)
    parser.add_argument('--steps', type=int, default=100000)
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--patch', type=int, default=48, help='side of the crops in low-resolution pixels')
    parser.add_argument('--rate', type=float, default=3e-3, help='peak learning rate')
    parser.add_argument('--l2-from', type=float, default=0.3, help='share of the steps after which L2 takes over')
    parser.add_argument('--other-share', type=float, default=0.12, help='share of crops shrunk by another filter than bicubic')
    parser.add_argument('--keep', type=float, default=0.6, help='share of the picture area, most detailed first, that is used')
    parser.add_argument('--even', type=float, default=0.0, help='1: every size of the pictures equally often, 0: by area')
    parser.add_argument('--no-drawn', action='store_true', help='photographs and textures alone, in training and validation')
    parser.add_argument('--wide', type=int, default=64, help='channels of the wide linear branch')
    parser.add_argument('--start', type=Path, help='a checkpoint whose averaged weights to begin from')
    parser.add_argument('--every', type=int, default=2000, help='steps between validations and checkpoints')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--device', choices=('cpu', 'cuda'), default='cpu')
    return parser.parse_args()


def rate_at(step, steps, peak):
    warm_up = min(500, steps // 20)
    if step < warm_up:
        return peak * (step + 1) / warm_up
    return peak * (0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up))))


def validation_crops(prepared, device, drawn=True, side=200, tries=5):
    """One crop of each plane of the pictures that training never sees, the most detailed of a few, as (low, target)."""
    rng = np.random.default_rng(0)
    pairs = []
    for _, plane in data.load(prepared, validation=True, drawn=drawn):
        if plane['error'] < 1e-4:  # bicubic already reaches 40 dB: nothing there tells networks apart
            continue
        low, high = plane['bicubic'], plane['high']
        h, w = min(side, low.shape[0]), min(side, low.shape[1])
        corners = [(rng.integers(0, low.shape[0] - h + 1), rng.integers(0, low.shape[1] - w + 1)) for _ in range(tries)]
        y, x = max(corners, key=lambda c: np.abs(np.diff(low[c[0]:c[0] + h, c[1]:c[1] + w].astype(np.float32))).mean())
        a = low[y:y + h, x:x + w].astype(np.float32) / 65535
        b = high[2 * y:2 * (y + h), 2 * x:2 * (x + w)].astype(np.float32) / 65535
        pairs.append((torch.from_numpy(a)[None, None].to(device), torch.from_numpy(b)[None, None].to(device)))
    return pairs


@torch.no_grad()
def validate(network, pairs):
    """Mean PSNR in dB, on luma scaled to 16..235, two pixels of border cropped: as the published tables."""
    layers = network.layers()
    total = 0
    for low, target in pairs:
        out = F.pixel_shuffle(networks.run_chain(layers, low), 2).clamp(0, 1)
        error = (out - target)[..., 2:-2, 2:-2] * (219 / 255)
        total += -10 * math.log10(max(error.square().mean().item(), 1e-8))
    return total / len(pairs)


def save(file, content):
    """Written beside, then renamed: a stop in the middle of a write loses nothing."""
    temporary = file.with_suffix('.tmp')
    torch.save(content, temporary)
    temporary.replace(file)


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    folder = RUNS / (o.run or o.name)
    folder.mkdir(parents=True, exist_ok=True)
    network = networks.create(o.name, o.wide).to(o.device)
    if o.start:
        network.load_state_dict(torch.load(o.start, map_location=o.device)['average'])
    average = deepcopy(network).requires_grad_(False)
    optimiser = torch.optim.Adam(network.parameters(), lr=o.rate, betas=(0.9, 0.99))
    step, best, history = 0, 0.0, []
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(o).items()}
    last = folder / 'last.pt'
    if last.is_file():
        state = torch.load(last, map_location=o.device)
        if state['name'] != o.name:
            raise SystemExit(f'{last} holds {state["name"]}, not {o.name}: give another --run')
        network.load_state_dict(state['network'])
        average.load_state_dict(state['average'])
        optimiser.load_state_dict(state['optimiser'])
        step, best = state['step'], state['best']
        history = state['history']
        print(f'resumed at step {step}', flush=True)

    sampler = data.Sampler(data.load(o.prepared, validation=False, drawn=not o.no_drawn), o.patch, o.other_share, o.keep, o.seed * 1000003 + step, o.even)
    pairs = validation_crops(o.prepared, o.device, drawn=not o.no_drawn)
    print(f'{o.name}: {len(sampler.cells)} cells to crop around, {len(pairs)} validation crops', flush=True)
    # A run may be resumed with other settings: the card tells each stretch of steps with its own.
    if not history or history[-1]['settings'] != settings:
        history.append({'fromStep': step, 'settings': settings})

    started, first, losses = time.time(), step, []
    while step < o.steps:
        for group in optimiser.param_groups:
            group['lr'] = rate_at(step, o.steps, o.rate)
        low, target, weight = sampler.batch(o.batch)
        low = torch.from_numpy(low).to(o.device).contiguous(memory_format=torch.channels_last)
        target = torch.from_numpy(target).to(o.device).contiguous(memory_format=torch.channels_last)
        error = network(low) - target
        if step < o.l2_from * o.steps:
            loss = error.abs().mean()
        else:
            loss = (error.square() * torch.from_numpy(weight).to(o.device)).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        step += 1
        # A short average at first, so that it does not remember the beginning.
        decay = min(0.999, (1 + step) / (20 + step))
        with torch.no_grad():
            for a, p in zip(average.parameters(), network.parameters()):
                a.lerp_(p, 1 - decay)
        losses.append(loss.item())
        if step % o.every == 0 or step == o.steps:
            score = validate(average, pairs)
            state = {'name': o.name, 'step': step, 'best': max(best, score), 'score': score, 'history': history,
                     'average': average.state_dict(), 'network': network.state_dict(), 'optimiser': optimiser.state_dict()}
            save(last, state)
            if score > best:
                best = score
                save(folder / 'best.pt', state)
            line = {'step': step, 'loss': float(np.mean(losses)), 'validation': round(score, 4),
                    'stepsPerSecond': round((step - first) / (time.time() - started), 2)}
            losses = []
            print(json.dumps(line), flush=True)
            with open(folder / 'log.jsonl', 'a') as log:
                log.write(json.dumps(line) + '\n')


if __name__ == '__main__':
    main()
