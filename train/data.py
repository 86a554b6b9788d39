"""Training data: `python3 train/data.py` turns folders of pictures into pairs of luma planes that training crops from.

Each picture is used at several sizes (a photograph shrunk to 560 pixels has the crisp edges that its full size lacks),
each size shrunk by 2 with antialiased bicubic, and once more with another filter. Everything is 8 bit before luma is
taken, as at the time of use. The validation pictures are whole pictures that training never sees.
"""

import argparse
import json
import zlib
from bisect import bisect
from pathlib import Path

import numpy as np
from PIL import Image

import imaging
import synthetic

ROOT = Path(__file__).resolve().parent
DEFAULT_DATA = ROOT.parent.parent / 'shared' / 'data' / 'train'
PREPARED = ROOT / 'prepared'
LONG_SIDES = (None, 1400, 1000, 720, 520)  # None: as it is
SIZE_STEPS = (600, 860, 1200, 1700)    # what counts as the same size when sizes are drawn evenly
OTHER_FILTERS = ('lanczos', 'box', 'bilinear')
CELL = 16  # LR pixels: the grid on which the detail of a picture is scored


def is_validation(name):
    """About one picture in nine, by a hash of its name, so that adding pictures moves none between the splits."""
    return zlib.crc32(name.encode()) % 9 == 0


def at_size(picture, long_side, rng):
    if long_side is None:
        return picture
    scale = long_side / max(picture.size)
    if scale > 0.85:
        return None
    kind = ('bicubic', 'lanczos', 'box')[rng.integers(3)]
    return picture.resize([round(s * scale) for s in picture.size], imaging.FILTERS[kind])


def to_plane(picture):
    """Luma in 16 bits: the luma of 8-bit RGB has finer steps than 1/255."""
    return (imaging.luma(picture) * 65535 + 0.5).astype(np.uint16)


def detail_map(high, low):
    """What bicubic enlargement gets wrong: mean |error| per CELL of LR pixels (flat sky and blur teach nothing), and
    the mean squared error of the picture."""
    size = (high.shape[1], high.shape[0])
    enlarged = np.asarray(Image.fromarray(low.astype(np.float32) / 65535).resize(size, Image.Resampling.BICUBIC))
    error = np.abs(enlarged - high.astype(np.float32) / 65535)
    squared = np.float32(np.mean(error ** 2))
    rows, columns = low.shape[0] // CELL, low.shape[1] // CELL
    return error[:rows * CELL * 2, :columns * CELL * 2].reshape(rows, CELL * 2, columns, CELL * 2).mean((1, 3)), squared


def prepare(folders, out, drawn, seed):
    rng = np.random.default_rng(seed)
    out.mkdir(parents=True, exist_ok=True)
    sources = [(f, f.name) for folder in folders for f in imaging.picture_files(folder)]
    sources += [(i, f'drawn-{i:03d}') for i in range(drawn)]
    index = {'seed': seed, 'folders': [str(f) for f in folders], 'drawn': drawn, 'planes': []}
    for source, name in sources:
        picture = Image.open(source).convert('RGB') if isinstance(source, Path) else synthetic.draw_picture(seed + source)
        validation = is_validation(name)
        for long_side in LONG_SIDES:
            scaled = at_size(picture, long_side, rng)
            if scaled is None or (validation and long_side in (None, 1400)):
                continue
            scaled = imaging.crop_to_multiple(scaled, 2)
            other = OTHER_FILTERS[rng.integers(len(OTHER_FILTERS))]
            high = to_plane(scaled)
            low = to_plane(imaging.shrink(scaled))
            stem = f'{len(index["planes"]):04d}'
            detail, error = detail_map(high, low)
            np.savez(out / f'{stem}.npz', high=high, bicubic=low, other=to_plane(imaging.shrink(scaled, kind=other)),
                     detail=detail, error=error)
            index['planes'].append({'file': f'{stem}.npz', 'picture': name, 'longSide': max(scaled.size),
                                    'validation': validation, 'other': other})
        print(f'{name}{" (validation)" if validation else ""}', flush=True)
    (out / 'index.json').write_text(json.dumps(index, indent=1))


def load(prepared, validation, drawn=True):
    file = prepared / 'index.json'
    if not file.is_file():
        raise SystemExit(f'no prepared data in {prepared}: run  python3 train/data.py  first')
    planes = []
    for entry in json.loads(file.read_text())['planes']:
        if entry['validation'] == validation and (drawn or not entry['picture'].startswith('drawn-')):
            with np.load(prepared / entry['file']) as arrays:
                planes.append((entry, {k: arrays[k] for k in arrays.files}))
    return planes


class Sampler:
    """Random crops, dihedrally turned: batches (low [N,1,P,P], target [N,4,P,P], weight [N,1,1,1]) of float32.

    The weight of a crop is one over the squared error of bicubic on its picture. The figure is the mean over pictures
    of 10 log10 of their squared error, so an L2 loss weighted thus is that figure to first order: without it the few
    hardest pictures would outweigh all others.
    """

    def __init__(self, planes, patch, other_share=0.12, keep=0.6, seed=0, even=0.0):
        self.planes = [p for _, p in planes]
        self.patch, self.other_share = patch, other_share
        self.rng = np.random.default_rng(seed)
        cells = [(i, y, x, p['detail'][y, x]) for i, p in enumerate(self.planes)
                 for y in range(p['detail'].shape[0]) for x in range(p['detail'].shape[1])]
        threshold = np.quantile([c[3] for c in cells], 1 - keep)
        self.cells = np.array([c[:3] for c in cells if c[3] >= threshold], np.int32)
        # By area three crops in four would come from the two largest sizes, which are soft. `even` 1 draws each of the
        # sizes equally often, 0 by area.
        size = np.array([bisect(SIZE_STEPS, entry['longSide']) for entry, _ in planes])[self.cells[:, 0]]
        chance = (1.0 / np.bincount(size)[size]) ** even
        self.cumulative = np.cumsum(chance / chance.sum())
        weights = np.array([1 / (p['error'] + 1e-4) for p in self.planes], np.float32)  # 1e-4: 40 dB, enough of a weight
        self.weights = weights / weights[self.cells[:, 0]].mean()

    def batch(self, count):
        rng, patch = self.rng, self.patch
        low = np.empty((count, 1, patch, patch), np.float32)
        target = np.empty((count, 4, patch, patch), np.float32)
        weight = np.empty((count, 1, 1, 1), np.float32)
        for n in range(count):
            i, cy, cx = self.cells[min(np.searchsorted(self.cumulative, rng.random()), len(self.cells) - 1)]
            plane = self.planes[i]
            source = plane['other' if rng.random() < self.other_share else 'bicubic']
            # The chosen cell lies anywhere inside the crop, as far as the picture's edge lets it.
            y = int(np.clip(cy * CELL - rng.integers(0, patch - CELL + 1), 0, source.shape[0] - patch))
            x = int(np.clip(cx * CELL - rng.integers(0, patch - CELL + 1), 0, source.shape[1] - patch))
            lr = source[y:y + patch, x:x + patch]
            hr = plane['high'][2 * y:2 * (y + patch), 2 * x:2 * (x + patch)]
            turns, flip = rng.integers(4), rng.integers(2)
            lr, hr = np.rot90(lr, turns), np.rot90(hr, turns)
            if flip:
                lr, hr = lr[:, ::-1], hr[:, ::-1]
            low[n, 0], weight[n] = lr, self.weights[i]
            target[n] = hr.reshape(patch, 2, patch, 2).transpose(1, 3, 0, 2).reshape(4, patch, patch)
        return low / 65535, target / 65535, weight


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', type=Path, nargs='+', default=[DEFAULT_DATA], help='folders of pictures, searched recursively')
    parser.add_argument('--out', type=Path, default=PREPARED)
    parser.add_argument('--drawn', type=int, default=40, help='how many pictures of text and shapes to draw')
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()
    prepare(arguments.data, arguments.out, arguments.drawn, arguments.seed)
