"""Draws the logs of runs as a picture: `python3 train/plot.py image-m image-s` writes train/runs/plot.png."""

import argparse
import json
from pathlib import Path

import matplotlib
import train

matplotlib.use('Agg')
from matplotlib import pyplot  # noqa: E402  (after the choice of what draws it)

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('runs', nargs='+', help='folders in train/runs')
    parser.add_argument('--out', type=Path, default=train.RUNS / 'plot.png')
    o = parser.parse_args()
    figure, (top, bottom) = pyplot.subplots(2, 1, sharex=True, figsize=(9, 8), layout='constrained')
    for run in o.runs:
        file = train.RUNS / run / 'log.jsonl'
        if not file.is_file():
            raise SystemExit(f'no log {file}')
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        steps = [line['step'] for line in lines]
        top.plot(steps, [line['validation'] for line in lines], label=run)
        bottom.semilogy(steps, [line.get('pixel', line['loss']) for line in lines], label=run)
    top.set_ylabel('validation PSNR, dB')
    bottom.set_ylabel('loss (L1, then weighted L2)')
    bottom.set_xlabel('steps')
    for axes in (top, bottom):
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(o.out, dpi=110)
    print(o.out)
