"""Trains image-gan from image-m: `python3 train/gan.py image-gan`. Stop it at any time; the same command resumes.

The generator keeps image-m's shape and starts from its weights. A discriminator, trained beside it, looks at pairs
(enlarged luma, bicubic enlargement): it must judge whether the detail fits the input, not only whether it looks real.
Its inner features serve as the perceptual loss, so every loss is of our own training. A pull to the truth shrunk by two keeps
what the input does say.
"""

import json
import time
from copy import deepcopy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm

import networks
import pictures
import train

WEIGHTS = {'pixel': 1.0, 'consistency': 2.0, 'features': 0.6, 'adversarial': 0.012}


class Discriminator(nn.Module):
    """[N, 2, H, W] to a map of scores, one for each 8x8 pixels, with the features on the way."""

    def __init__(self, width=16):
        super().__init__()
        sizes = [(2, width, 1), (width, width, 2), (width, 2 * width, 1), (2 * width, 2 * width, 2), (2 * width, 4 * width, 2)]
        self.convs = nn.ModuleList(spectral_norm(nn.Conv2d(i, o, 3, s, 1)) for i, o, s in sizes)
        self.score = spectral_norm(nn.Conv2d(4 * width, 1, 3, 1, 1))

    def forward(self, x):
        features = []
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.2)
            features.append(x)
        return self.score(x), features


def main():
    o = train.options()
    recipe = train.read_recipe(o.name, o.set)
    torch.set_num_threads(o.threads)
    torch.manual_seed(recipe['seed'])
    folder = train.RUNS / (o.run or o.name)
    folder.mkdir(parents=True, exist_ok=True)
    generator = networks.create(recipe['shape']).to(o.device, memory_format=torch.channels_last)
    generator.load_state_dict(torch.load(train.ROOT.parent / recipe['start'], map_location=o.device)['average'])
    average = deepcopy(generator).requires_grad_(False)
    judge = Discriminator().to(o.device, memory_format=torch.channels_last)
    adam = {'betas': (0.5, 0.99)}
    optimisers = [torch.optim.Adam(generator.parameters(), lr=recipe['rate'], **adam),
                  torch.optim.Adam(judge.parameters(), lr=2 * recipe['rate'], **adam)]
    parts = {'network': generator, 'average': average, 'judge': judge, 'optimiser0': optimisers[0], 'optimiser1': optimisers[1]}
    step, last = 0, folder / 'last.pt'
    if last.is_file():
        state = torch.load(last, map_location=o.device)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        step = state['step']
    sampler = pictures.load_sampler(recipe, recipe['seed'] * 1000003 + step)
    pairs = [[t.to(o.device) for t in pair] for pair in pictures.validation_pairs(recipe)]
    started, first, sums = time.time(), step, {}
    while step < recipe['steps']:
        for optimiser, factor in zip(optimisers, (1, 2)):
            optimiser.param_groups[0]['lr'] = factor * train.rate_at(step, recipe['steps'], recipe['rate'])
        low, target, _ = (torch.from_numpy(a).to(o.device) for a in sampler.batch(recipe['batch']))
        low, target = (t.contiguous(memory_format=torch.channels_last) for t in (low, target))
        base = F.interpolate(low, scale_factor=2, mode='bicubic', align_corners=False)
        made = generator(low)

        real, fake = judge(torch.cat([target, base], 1)), judge(torch.cat([made.detach(), base], 1))
        # Relativistic average hinge: real should score above the mean fake, fake below the mean real.
        judging = F.relu(1 - (real[0] - fake[0].mean())).mean() + F.relu(1 + (fake[0] - real[0].mean())).mean()
        optimisers[1].zero_grad(set_to_none=True)
        judging.backward()
        optimisers[1].step()

        judge.requires_grad_(False)
        fake = judge(torch.cat([made, base], 1))
        truth_score, truth_features = real[0].detach(), [f.detach() for f in real[1]]
        losses = {
            'pixel': (made - target).abs().mean(),
            'consistency': (F.avg_pool2d(made, 2) - F.avg_pool2d(target, 2)).abs().mean(),
            'features': sum((a - b).abs().mean() for a, b in zip(fake[1], truth_features)) / len(truth_features),
            'adversarial': F.relu(1 + (truth_score - fake[0].mean())).mean() + F.relu(1 - (fake[0] - truth_score.mean())).mean(),
        }
        optimisers[0].zero_grad(set_to_none=True)
        sum(WEIGHTS[name] * loss for name, loss in losses.items()).backward()
        optimisers[0].step()
        judge.requires_grad_(True)

        step += 1
        with torch.no_grad():
            for a, p in zip(average.parameters(), generator.parameters()):
                a.lerp_(p, 0.001 if step > 1000 else 0.01)
        for name, loss in (*losses.items(), ('judging', judging)):
            sums.setdefault(name, []).append(loss.item())
        if step % recipe['every'] == 0 or step == recipe['steps']:
            score = train.validate(average, pairs)
            history = [{'fromStep': 0, 'recipe': recipe}]
            state = {'name': o.name, 'recipe': recipe, 'step': step, 'score': score, 'history': history,
                     **{name: part.state_dict() for name, part in parts.items()}}
            train.save(last, state)
            line = {'step': step, 'validation': round(score, 4), **{k: round(float(np.mean(v)), 5) for k, v in sums.items()},
                    'stepsPerSecond': round((step - first) / (time.time() - started), 2)}
            sums = {}
            print(json.dumps(line), flush=True)
            with open(folder / 'log.jsonl', 'a') as log:
                log.write(json.dumps(line) + '\n')


if __name__ == '__main__':
    main()
