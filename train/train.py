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

import networks
import onnxgraph
from soap import Soap

ROOT = Path(__file__).resolve().parent
RUNS = ROOT / 'runs'
RECIPES = ROOT / 'recipes'
DEFAULTS = {
    'data': 'pictures',      # a module in train/ with load_sampler(recipe, seed) and validation_pairs(recipe)
    'options': {},           # of that module, and of the program
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
    """Mean PSNR in dB, on luma scaled to 16..235, as many pixels of border cropped as the scale: as the published tables."""
    total = 0
    for low, target in pairs:
        border = target.shape[-1] // low.shape[-1]
        error = (network(low).clamp(0, 1) - target)[..., border:-border, border:-border] * (219 / 255)
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
    if all(mine.shape == w.shape for mine, w in zip(own.values(), weights.values())):
        # What comes after and the file lacks, as filters or back-projection, begins anew; what the network lacks is left out.
        network.load_state_dict({**own, **dict(zip(own, weights.values()))})
    elif any(name.endswith('mix.weight') for name in own):
        networks.into_bands(network, weights)
    else:
        networks.grow(network, weights)


def options(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument('name', help='a recipe of train/recipes')
    parser.add_argument('--run', help='folder in train/runs for log and checkpoints (default: the name)')
    parser.add_argument('--set', nargs='*', default=[], metavar='KEY=VALUE', help='settings other than the recipe\'s')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--device', choices=('cpu', 'cuda'), default='cpu')
    return parser.parse_args()


class Run:
    """A network in training, the average of its weights, and the folder that remembers both: it goes on where it stopped."""

    parts = ('network', 'average', 'optimiser')  # whose state a checkpoint holds

    def __init__(self, o, recipe, memory):
        """`o` as `options` gives them; `memory` is the decay of the average in the end."""
        torch.set_num_threads(o.threads)
        torch.manual_seed(recipe['seed'])
        self.name, self.recipe, self.memory = o.name, recipe, memory
        self.folder = RUNS / (o.run or o.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.network = networks.create(recipe['shape']).to(o.device, memory_format=torch.channels_last)
        if recipe['start']:
            begin_from(self.network, ROOT.parent / recipe['start'])
        self.average = deepcopy(self.network).requires_grad_(False)
        self.set_up()
        self.step, self.best, self.score, self.history, self.losses = 0, 0.0, 0.0, [], []
        last = self.folder / 'last.pt'
        if last.is_file():
            self.resume(last, torch.load(last, map_location=o.device))
        # A run may be resumed with other settings: the card tells each stretch of steps with its own.
        if not self.history or self.history[-1]['recipe'] != recipe:
            self.history.append({'fromStep': self.step, 'recipe': recipe})
        self.started, self.first = time.time(), self.step

    def set_up(self):
        """What trains the network."""
        self.optimiser = Soap(self.network.parameters(), lr=self.recipe['rate'])

    def resume(self, file, state):
        if state['recipe']['shape'] != self.recipe['shape']:
            raise SystemExit(f'{file} holds {state["recipe"]["shape"]}, not {self.recipe["shape"]}: give another --run')
        for name in self.parts:
            getattr(self, name).load_state_dict(state[name])
        self.step, self.best, self.score, self.history = (state[key] for key in ('step', 'best', 'score', 'history'))
        print(f'resumed at step {self.step}', flush=True)

    @property
    def seed(self):
        """For data: another one after a stop, so that not the same crops come again."""
        return self.recipe['seed'] * 1000003 + self.step

    @property
    def goes_on(self):
        return self.step < self.recipe['steps']

    @property
    def decay(self):
        """Of the average: short at first, so that it does not remember the beginning."""
        return min(self.memory, (1 + self.step) / (20 + self.step))

    def descend(self, loss, clip=None):
        """One step of the optimiser, gradients clipped to that norm, and of the average."""
        for group in self.optimiser.param_groups:
            group['lr'] = rate_at(self.step, self.recipe['steps'], self.recipe['rate'])
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), clip)
        self.optimiser.step()
        self.step += 1
        with torch.no_grad():
            for a, p in zip(self.average.parameters(), self.network.parameters()):
                a.lerp_(p, 1 - self.decay)
        self.losses.append(loss.item())

    @property
    def due(self):
        """Whether it is time to validate and to `keep`."""
        return self.step % self.recipe['every'] == 0 or not self.goes_on

    def keep(self, psnr, score=None, **more):
        """Writes a checkpoint, the best one too where `score` (default: the PSNR in dB) is the highest so far and above 0,
        and a line of the log."""
        score = psnr if score is None else score
        state = {'name': self.name, 'recipe': self.recipe, 'step': self.step, 'best': max(self.best, score), 'score': psnr,
                 'history': self.history, **{name: getattr(self, name).state_dict() for name in self.parts}}
        save(self.folder / 'last.pt', state)
        if score > self.best:
            self.best = score
            save(self.folder / 'best.pt', state)
        speed = (self.step - self.first) / (time.time() - self.started)
        line = {'step': self.step, 'loss': float(np.mean(self.losses)), 'validation': round(psnr, 4), **more,
                'stepsPerSecond': round(speed, 3)}
        self.losses = []
        print(json.dumps(line), flush=True)
        with open(self.folder / 'log.jsonl', 'a') as log:
            log.write(json.dumps(line) + '\n')


def main():
    o = options(__doc__)
    recipe = read_recipe(o.name, o.set)
    run = Run(o, recipe, memory=0.999)
    source = importlib.import_module(recipe['data'])
    sampler = source.load_sampler(recipe, run.seed)
    pairs = [[t.to(o.device) for t in pair] for pair in source.validation_pairs(recipe)]
    print(f'{o.name}: {recipe["shape"]}, {networks.macs_per_pixel(run.network):.0f} MAC per input pixel, '
          f'{len(pairs)} validation crops', flush=True)
    if run.step and abs(validate(run.average, pairs) - run.score) > 1e-3:
        run.best = 0.0  # by other validation pictures than now: those scores do not compare
    while run.goes_on:
        low, target, weight = (torch.from_numpy(a).to(o.device) for a in sampler.batch(recipe['batch']))
        with torch.autocast(o.device, torch.bfloat16, enabled=run.step < recipe['bfloat16'] * recipe['steps']):
            out = run.network(low.contiguous(memory_format=torch.channels_last))
        error = out.float() - target
        early = run.step < recipe['l2From'] * recipe['steps']
        run.descend(error.abs().mean() if early else (error.square() * weight).mean())
        if run.due:
            run.keep(validate(run.average, pairs))


if __name__ == '__main__':
    main()
