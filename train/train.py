"""Trains one recipe: `python3 train/train.py image-s`. Stop it at any time; the same command resumes.

A recipe is a small file, train/recipes/NAME.json: the shape, the data, the schedule. L1, then L2 weighted by picture for
the rest (PSNR is an L2 figure, L1 gets there faster; see data.Sampler), SOAP, cosine learning rate with a short warm-up,
and an exponential average of the weights, which is what is validated and exported.
"""

import argparse
import importlib
import json
import math
import time
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import networks
import onnxgraph
from soap import Soap

ROOT = Path(__file__).resolve().parent
RUNS = ROOT / 'runs'
RECIPES = ROOT / 'recipes'
DEFAULTS = {
    'data': 'pictures',      # a module in train/ with load_sampler(recipe, seed) and validation_pairs(recipe)
    'options': {},           # of that module
    'program': 'train',      # the one that trains, in train/
    'method': None,          # for the card, where that is another one
    'steps': 100000,
    'batch': 8,
    'patch': 48,             # side of the crops in low-resolution pixels
    'rate': 3e-3,            # peak learning rate
    'l2From': 0.3,           # share of the steps after which L2 takes over
    'start': None,           # a checkpoint, or a model of models/, to begin from; of a smaller plain shape: grown
    'bfloat16': 0,           # share of the steps whose forward pass runs in bfloat16: about twice the speed where a CPU has AMX
    'every': 2000,           # steps between validations and checkpoints
    'seed': 1,
}


def read_recipe(name, changes=()):
    file = RECIPES / f'{name}.json'
    if not file.is_file():
        raise SystemExit(f'unknown recipe {name}: one of {", ".join(sorted(f.stem for f in RECIPES.glob("*.json")))}')
    recipe = {**DEFAULTS, **json.loads(file.read_text())}
    for change in changes:
        key, _, value = change.partition('=')
        if key not in recipe:
            raise SystemExit(f'--set {change}: a recipe has {", ".join(recipe)}')
        try:
            recipe[key] = json.loads(value)
        except json.JSONDecodeError:
            recipe[key] = value
    return recipe


def rate_at(step, steps, peak):
    warm_up = min(500, steps // 20)
    if step < warm_up:
        return peak * (step + 1) / warm_up
    return peak * (0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up))))


@torch.no_grad()
def validate(network, pairs):
    """Mean PSNR in dB, on luma scaled to 16..235, two pixels of border cropped: as the published tables."""
    total = 0
    for low, target in pairs:
        error = (network(low).clamp(0, 1) - target)[..., 2:-2, 2:-2] * (219 / 255)
        total += -10 * math.log10(max(error.square().mean().item(), 1e-8))
    return total / len(pairs)


def save(file, content):
    """Written beside, then renamed: a stop in the middle of a write loses nothing."""
    temporary = file.with_suffix('.tmp')
    torch.save(content, temporary)
    temporary.replace(file)


def begin_from(network, file):
    """Gives the network the averaged weights of a checkpoint, or those of an ONNX file that export.py wrote."""
    if file.suffix == '.onnx':
        weights = onnxgraph.weights(file)
    else:
        weights = torch.load(file, map_location='cpu')['average']
    own = network.state_dict()
    if [w.shape for w in own.values()] == [w.shape for w in weights.values()]:
        network.load_state_dict(dict(zip(own, weights.values())))
    else:
        networks.grow(network, weights)


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('name', help='a recipe of train/recipes')
    parser.add_argument('--run', help='folder in train/runs for log and checkpoints (default: the name)')
    parser.add_argument('--set', nargs='*', default=[], metavar='KEY=VALUE', help='settings other than the recipe\'s')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--device', choices=('cpu', 'cuda'), default='cpu')
    return parser.parse_args()


def main():
    o = options()
    recipe = read_recipe(o.name, o.set)
    torch.set_num_threads(o.threads)
    torch.manual_seed(recipe['seed'])
    folder = RUNS / (o.run or o.name)
    folder.mkdir(parents=True, exist_ok=True)
    network = networks.create(recipe['shape']).to(o.device, memory_format=torch.channels_last)
    if recipe['start']:
        begin_from(network, ROOT.parent / recipe['start'])
    average = deepcopy(network).requires_grad_(False)
    optimiser = Soap(network.parameters(), lr=recipe['rate'])
    step, best, history = 0, 0.0, []
    last = folder / 'last.pt'
    if last.is_file():
        state = torch.load(last, map_location=o.device)
        if state['recipe']['shape'] != recipe['shape']:
            raise SystemExit(f'{last} holds {state["recipe"]["shape"]}, not {recipe["shape"]}: give another --run')
        network.load_state_dict(state['network'])
        average.load_state_dict(state['average'])
        optimiser.load_state_dict(state['optimiser'])
        step, best, history = state['step'], state['best'], state['history']
        print(f'resumed at step {step}', flush=True)
    # A run may be resumed with other settings: the card tells each stretch of steps with its own.
    if not history or history[-1]['recipe'] != recipe:
        history.append({'fromStep': step, 'recipe': recipe})

    source = importlib.import_module(recipe['data'])
    sampler = source.load_sampler(recipe, recipe['seed'] * 1000003 + step)
    pairs = [[t.to(o.device) for t in pair] for pair in source.validation_pairs(recipe)]
    print(f'{o.name}: {recipe["shape"]}, {networks.macs_per_pixel(network.to("cpu")):.0f} MAC per input pixel, '
          f'{len(pairs)} validation crops', flush=True)
    network.to(o.device)

    started, first, losses = time.time(), step, []
    while step < recipe['steps']:
        for group in optimiser.param_groups:
            group['lr'] = rate_at(step, recipe['steps'], recipe['rate'])
        low, target, weight = (torch.from_numpy(a).to(o.device) for a in sampler.batch(recipe['batch']))
        with torch.autocast(o.device, torch.bfloat16, enabled=step < recipe['bfloat16'] * recipe['steps']):
            out = network(low.contiguous(memory_format=torch.channels_last))
        error = out.float() - F.pixel_shuffle(target, 2)
        if step < recipe['l2From'] * recipe['steps']:
            loss = error.abs().mean()
        else:
            loss = (error.square() * weight).mean()
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
        if step % recipe['every'] == 0 or step == recipe['steps']:
            score = validate(average, pairs)
            state = {'name': o.name, 'recipe': recipe, 'step': step, 'best': max(best, score), 'score': score, 'history': history,
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
