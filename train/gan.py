"""Trains image-gan from image-m: `python3 train/gan.py image-gan`. Stop it at any time; the same command resumes.

The generator keeps image-m's shape and starts from its weights. A discriminator, trained beside it, looks at pairs
(enlarged luma, bicubic enlargement): it must judge whether the detail fits the input, not only whether it looks real.
Its inner features serve as the perceptual loss, so every loss is of our own training. A pull to the truth shrunk by two keeps
what the input does say.
"""

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


class Contest(train.Run):
    """A run whose network is judged by a discriminator that is trained beside it."""

    parts = (*train.Run.parts, 'judge', 'judge_optimiser')

    def set_up(self):
        adam = {'lr': self.recipe['rate'], 'betas': (0.5, 0.99)}
        self.optimiser = torch.optim.Adam(self.network.parameters(), **adam)
        self.judge = Discriminator().to(networks.device_of(self.network), memory_format=torch.channels_last)
        self.judge_optimiser = torch.optim.Adam(self.judge.parameters(), **adam)

    @property
    def decay(self):
        return self.memory if self.step > 1000 else 0.99

    def judge_by(self, loss):
        """One step of the discriminator, at twice the network's rate."""
        rate = train.rate_at(self.step, self.recipe['steps'], self.recipe['rate'])
        self.judge_optimiser.param_groups[0]['lr'] = 2 * rate
        self.judge_optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.judge_optimiser.step()


def main():
    o = train.options(__doc__)
    recipe = train.read_recipe(o.name, o.set)
    run = Contest(o, recipe, memory=0.999)
    generator, judge = run.network, run.judge
    sampler = pictures.load_sampler(recipe, run.seed)
    pairs = [[t.to(o.device) for t in pair] for pair in pictures.validation_pairs(recipe)]
    sums = {}
    while run.goes_on:
        low, target, _ = (torch.from_numpy(a).to(o.device) for a in sampler.batch(recipe['batch']))
        low, target = (t.contiguous(memory_format=torch.channels_last) for t in (low, target))
        base = F.interpolate(low, scale_factor=2, mode='bicubic', align_corners=False)
        made = generator(low)

        real, fake = judge(torch.cat([target, base], 1)), judge(torch.cat([made.detach(), base], 1))
        # Relativistic average hinge: real should score above the mean fake, fake below the mean real.
        judging = F.relu(1 - (real[0] - fake[0].mean())).mean() + F.relu(1 + (fake[0] - real[0].mean())).mean()
        run.judge_by(judging)

        judge.requires_grad_(False)
        fake = judge(torch.cat([made, base], 1))
        truth_score, truth_features = real[0].detach(), [f.detach() for f in real[1]]
        losses = {
            'pixel': (made - target).abs().mean(),
            'consistency': (F.avg_pool2d(made, 2) - F.avg_pool2d(target, 2)).abs().mean(),
            'features': sum((a - b).abs().mean() for a, b in zip(fake[1], truth_features)) / len(truth_features),
            'adversarial': F.relu(1 + (truth_score - fake[0].mean())).mean() + F.relu(1 - (fake[0] - truth_score.mean())).mean(),
        }
        run.descend(sum(WEIGHTS[name] * loss for name, loss in losses.items()))
        judge.requires_grad_(True)

        for name, loss in (*losses.items(), ('judging', judging)):
            sums.setdefault(name, []).append(loss.item())
        if run.due:
            # No best one: the look improves while PSNR falls.
            means = {name: round(float(np.mean(values)), 5) for name, values in sums.items()}
            run.keep(train.validate(run.average, pairs), score=0, **means)
            sums = {}


if __name__ == '__main__':
    main()
