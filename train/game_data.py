"""Sequences for game-*: `python3 train/game_data.py` has a browser render them (perf/sequences.ts) into prepared-game/.

Each is a world of train/scenes, or a scene of perf/scenes (train/scenes/staged.ts), seen for some frames: what
SceneUpscaler has of a frame at render size, and the truth at display size. NAME.npz holds colour [T, h, w, 3] uint8,
surroundings [T, h, w, 13] float16 (prepared, low, high and the second number of drift: see temporal-prepare.frag), truth
[T, H, W, 3] uint8, jitter [T, 2] and reset [T]; rows from the bottom, as WebGL has them.
"""

import argparse
import csv
import json
import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent
SHARED = ROOT.parent.parent / 'shared' / 'data'
PREPARED = ROOT / 'prepared-game'
SIZE = (208, 160)  # display pixels
FRAMES = 32
HELD_OUT = 16      # of the worlds, and of the staged sequences, for validation


class Renderer:
    """A browser that renders worlds, kept open beside us."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(['npx', 'tsx', 'perf/sequences.ts'], cwd=ROOT.parent, text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def render(self, seed, staged=False, model=None):
        """The arrays of one world; with a model (a path), also `history` [T, H, W, 4] float32, which that one makes of it."""
        chance = random.Random(seed)
        ratio = chance.choice([2] * 6 + [1.5, 3, chance.uniform(1.3, 3), chance.uniform(1.3, 3)])
        file = Path(self.folder.name) / 'world'
        job = {'seed': seed, 'staged': staged, 'size': SIZE, 'ratio': ratio, 'frames': FRAMES,
               'step': chance.choice([1 / 60] * 3 + [1 / 30]),
               'assets': {'pictures': [*map(str, pictures())], 'characters': [*map(str, characters())]}, 'file': str(file)}
        self.process.stdin.write(json.dumps({**job, **({'model': str(model)} if model else {})}) + '\n')
        answer = self.process.stdout.readline().strip()
        if answer != 'done':
            raise SystemExit(f'world {seed}: {answer or "the renderer stopped"}')
        about = json.loads(file.with_suffix('.json').read_text())
        small, large = (tuple(about[size][::-1]) for size in ('renderSize', 'displaySize'))
        layout = [('color', np.uint8, (*small, 4))]
        layout += [(name, np.float32, (*small, 4)) for name in ('prepared', 'low', 'high')]
        layout += [('drift', np.uint8, (*small, 4))]
        layout += [('truth', np.uint8, (*large, 4))] + ([('history', np.float32, (*large, 4))] if model else [])
        frames = np.fromfile(file.with_suffix('.bin'), np.dtype(layout))
        gain = (frames['drift'][..., 1:2] - 128.0) / 508  # temporal.glsl
        surroundings = np.concatenate([*(frames[n] for n in ('prepared', 'low', 'high')), gain], -1).astype(np.float16)
        return {'color': frames['color'][..., :3], 'surroundings': surroundings, 'truth': frames['truth'][..., :3],
                'jitter': np.array([f['jitter'] for f in about['frames']], np.float32),
                'reset': np.array([f['reset'] for f in about['frames']]),
                **({'history': frames['history']} if model else {})}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def prepare(seeds, staged):
    PREPARED.mkdir(exist_ok=True)
    renderer = Renderer()
    for seed in seeds:
        file = PREPARED / f'{"staged-" if staged else ""}{seed:05}.npz'
        if not file.is_file():
            np.savez(file, **renderer.render(seed, staged))
            print(file.stem, flush=True)
    renderer.close()


def load(file):
    with np.load(file) as arrays:
        return {name: arrays[name] for name in arrays.files}


def describe(recipe):
    """For the card: what the network has seen, and (file, licence, origin) of all that is in it."""
    used = {path.name for path in pictures()}
    with open(SHARED / 'SOURCES.tsv', newline='') as table:
        rows = [(Path(row['file']).name, row['licence'], row['source']) for row in csv.DictReader(table, delimiter='\t')]
    sources = [row for row in rows if row[0] in used]
    worlds, staged = recorded()
    about = (f'{len(worlds)} worlds of train/scenes and {len(staged)} sequences of four scenes of perf/scenes (crowd, fence, foliage, '
             f'interior) at other times and by other cameras than measured, {FRAMES} frames of {SIZE[0]}x{SIZE[1]} each at ratios from '
             f'1.3 to 3, rendered by three.js in a browser, truth of 16 samples a pixel; surfaces from {len(pictures())} pictures, '
             f'{len(characters())} animated characters (KayKit, CC0), a room of @pmndrs/assets (CC0). {HELD_OUT} of each are held out for '
             'validation')
    return about, sources


def pictures():
    return [file for kind in ('photos', 'textures') for file in sorted((SHARED / 'train' / kind).iterdir())]


def characters():
    return sorted((SHARED / 'scenes' / 'kaykit_characters').glob('*.glb'))


def recorded():
    """The files of worlds, and those of staged sequences."""
    worlds, staged = (sorted(PREPARED.glob(pattern)) for pattern in ('[0-9]*.npz', 'staged-*.npz'))
    if not worlds:
        raise SystemExit(f'no sequences in {PREPARED}: run python3 train/game_data.py first')
    return worlds, staged


def files():
    """Sequences for training, and for validation: the first of the worlds and of the staged ones."""
    worlds, staged = recorded()
    return worlds[HELD_OUT:] + staged[HELD_OUT:], worlds[:HELD_OUT] + staged[:HELD_OUT]


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--first', type=int, default=0)
    parser.add_argument('--count', type=int, default=240)
    parser.add_argument('--staged', type=int, default=160, help='sequences of scenes of perf/scenes, beside the worlds')
    o = parser.parse_args()
    prepare(range(o.first, o.first + o.count), False)
    prepare(range(o.staged), True)
