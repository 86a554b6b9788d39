"""Training pictures: `python3 train/pictures.py` turns folders of them into pairs of luma planes that training crops from.

Each picture is used at several sizes (a photograph shrunk to 560 pixels has the crisp edges that its full size lacks),
some of them turned by any angle and with red, green and blue mixed otherwise than luma does, so that few pictures go
far. Each is shrunk by 2 (or --scale 3) with antialiased bicubic, and once more with another filter. Everything is 8 bit before luma is
taken, as at the time of use. The validation pictures are whole pictures that training never sees, as they are.
"""

import argparse
import json
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import imaging
import synthetic

ROOT = Path(__file__).resolve().parent
DEFAULT_DATA = ROOT.parent.parent / 'shared' / 'data' / 'train'
PREPARED = ROOT / 'prepared'
VALIDATION_SIDES = (None, 1400, 1000, 720, 520)    # long sides in pixels; None: as it is
TRAINING_SIDES = (280, 1400)           # from and to, evenly in the logarithm
LONGEST = 2240                         # larger pictures are shrunk to it: at full size they are soft, and fill the memory
COPIES = 16                            # sizes drawn for each picture, besides its own
OTHER_FILTERS = ('lanczos', 'box', 'bilinear')
CELL = 16  # LR pixels: the grid on which the detail of a picture is scored


def prepared(scale):
    """The folder of pictures shrunk by that."""
    return PREPARED if scale == 2 else PREPARED.with_name(f'{PREPARED.name}-x{scale}')


def options_of(recipe, **defaults):
    """A recipe's options for pictures, with defaults for those it does not name."""
    options = {'scale': 2, 'drawn': False, **defaults, **recipe['options']}
    return {'prepared': prepared(options['scale']), **options}


def is_validation(name):
    """About one picture in nine, by a hash of its name, so that adding pictures moves none between the splits."""
    return zlib.crc32(name.encode()) % 9 == 0


def turned(picture, rng):
    """The largest upright rectangle of the picture's own shape inside the picture turned by a random angle."""
    angle = float(rng.uniform(-45, 45))
    width, height = picture.size
    sine, cosine = abs(np.sin(np.radians(angle))), abs(np.cos(np.radians(angle)))
    scale = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    w, h = int(width * scale), int(height * scale)
    left, top = (width - w) // 2, (height - h) // 2
    return picture.rotate(angle, Image.Resampling.BICUBIC).crop((left, top, left + w, top + h))


def mixed(picture, rng):
    """The same picture in other colours: each channel a random mix of the three."""
    mix = rng.dirichlet((0.7, 0.7, 0.7), 3)
    return Image.fromarray((np.asarray(picture, np.float32) @ mix.T + 0.5).astype(np.uint8))


def variants(picture, rng):
    """The picture as it is and at random sizes, turned where there are pixels to spare."""
    yield picture
    for _ in range(COPIES):
        side = np.exp(rng.uniform(*np.log(TRAINING_SIDES)))
        if side > 0.85 * max(picture.size):
            continue
        copy = turned(picture, rng) if side < 0.5 * max(picture.size) and rng.random() < 0.5 else picture
        copy = mixed(copy, rng) if rng.random() < 0.5 else copy
        kind = ('bicubic', 'lanczos', 'box')[rng.integers(3)]
        scale = side / max(copy.size)
        yield copy.resize([round(s * scale) for s in copy.size], imaging.FILTERS[kind])


def validation_variants(picture):
    for side in VALIDATION_SIDES:
        if side is None:
            yield picture
        elif (scale := side / max(picture.size)) <= 0.85:
            yield picture.resize([round(s * scale) for s in picture.size], imaging.FILTERS['bicubic'])


def to_plane(picture):
    """Luma in 16 bits: the luma of 8-bit RGB has finer steps than 1/255."""
    return (imaging.luma(picture) * 65535 + 0.5).astype(np.uint16)


def detail_map(high, low, scale=2):
    """What bicubic enlargement gets wrong: mean |error| per CELL of LR pixels (flat sky and blur teach nothing), and
    the mean squared error of the picture."""
    size = (high.shape[1], high.shape[0])
    enlarged = np.asarray(Image.fromarray(low.astype(np.float32) / 65535).resize(size, Image.Resampling.BICUBIC))
    error = np.abs(enlarged - high.astype(np.float32) / 65535)
    squared = np.float32(np.mean(error ** 2))
    rows, columns = low.shape[0] // CELL, low.shape[1] // CELL
    side = CELL * scale
    return error[:rows * side, :columns * side].reshape(rows, side, columns, side).mean((1, 3)), squared


def prepare(folders, out, scale, drawn, seed):
    rng = np.random.default_rng(seed)
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob('*.npz'):
        old.unlink()
    sources = [(f, f.name) for folder in folders for f in imaging.picture_files(folder)]
    sources += [(i, f'drawn-{i:03d}') for i in range(drawn)]
    index = {'seed': seed, 'scale': scale, 'copies': COPIES, 'sides': TRAINING_SIDES, 'folders': [str(f) for f in folders],
             'drawn': drawn, 'planes': []}
    for source, name in sources:
        picture = Image.open(source).convert('RGB') if isinstance(source, Path) else synthetic.draw_picture(seed + source)
        picture.thumbnail((LONGEST, LONGEST), imaging.FILTERS['lanczos'])
        validation = is_validation(name)
        for copy in validation_variants(picture) if validation else variants(picture, rng):
            copy = imaging.crop_to_multiple(copy, scale)
            other = OTHER_FILTERS[rng.integers(len(OTHER_FILTERS))]
            high, low = to_plane(copy), to_plane(imaging.shrink(copy, scale))
            file = f'{len(index["planes"]):04d}.npz'
            detail, error = detail_map(high, low, scale)
            np.savez(out / file, high=high, bicubic=low, other=to_plane(imaging.shrink(copy, scale, other)), detail=detail, error=error)
            index['planes'].append({'file': file, 'picture': name, 'longSide': max(copy.size), 'validation': validation})
        print(f'{name}{" (validation)" if validation else ""}', flush=True)
    (out / 'index.json').write_text(json.dumps(index, indent=1))


def load(prepared, validation, drawn=True):
    file = prepared / 'index.json'
    if not file.is_file():
        raise SystemExit(f'no prepared data in {prepared}: run  python3 train/pictures.py  first')
    planes = []
    for entry in json.loads(file.read_text())['planes']:
        if entry['validation'] == validation and (drawn or not entry['picture'].startswith('drawn-')):
            with np.load(prepared / entry['file']) as arrays:
                planes.append({k: arrays[k] for k in arrays.files})
    return planes


def corner_around(cell, patch, shape, rng):
    """The top left (y, x) of a crop in which the cell lies anywhere, as far as the edge of a plane of that shape lets it."""
    return [int(np.clip(c * CELL - rng.integers(0, patch - CELL + 1), 0, side - patch)) for c, side in zip(cell, shape)]


def with_own_edge(low, high):
    """The crop `low` of a picture shrunk by bicubic, as if `high`, the same crop of the picture, were a whole one: nothing beyond
    it counts. Both [H,W] or larger in 16 bits; what lies more than two pixels inside is the same either way."""
    size = low.shape[1], low.shape[0]
    alone = np.asarray(Image.fromarray(high.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)).clip(0, 65535)
    alone[2:-2, 2:-2] = low[2:-2, 2:-2]
    return alone


class Sampler:
    """Random crops, dihedrally turned, one in two inverted: batches (low [N,1,P,P], target [N,1,2P,2P], or 3,
    weight [N,1,1,1]) of float32.

    The weight of a crop is one over the squared error of bicubic on its picture. The figure is the mean over pictures
    of 10 log10 of their squared error, so an L2 loss weighted thus is that figure to first order: without it the few
    hardest pictures would outweigh all others.
    """

    def __init__(self, planes, patch, other_share, keep, seed):
        self.planes = planes = [p for p in planes if min(p['bicubic'].shape) >= patch]
        self.scale = planes[0]['high'].shape[0] // planes[0]['bicubic'].shape[0]
        self.patch, self.other_share = patch, other_share
        self.rng = np.random.default_rng(seed)
        # Of each picture the most detailed cells, so that soft pictures keep their part.
        self.cells = [np.argwhere(p['detail'] >= np.quantile(p['detail'], 1 - keep)) for p in planes]
        # Between even (small copies, which are crisp, would crowd out full size) and by area (the reverse).
        chance = np.array([len(cells) ** 0.5 for cells in self.cells])
        self.cumulative = np.cumsum(chance / chance.sum())
        weights = np.array([1 / (p['error'] + 2e-5) for p in planes], np.float32)  # 2e-5: 47 dB, enough of a weight
        self.weights = weights / (weights * chance).sum() * chance.sum()

    def batch(self, count):
        rng, patch, scale = self.rng, self.patch, self.scale
        low = np.empty((count, 1, patch, patch), np.float32)
        target = np.empty((count, 1, scale * patch, scale * patch), np.float32)
        weight = np.empty((count, 1, 1, 1), np.float32)
        for n in range(count):
            i = min(np.searchsorted(self.cumulative, rng.random()), len(self.planes) - 1)
            plane, (cy, cx) = self.planes[i], self.cells[i][rng.integers(len(self.cells[i]))]
            kind = 'other' if rng.random() < self.other_share else 'bicubic'
            y, x = corner_around((cy, cx), patch, plane[kind].shape, rng)
            lr = plane[kind][y:y + patch, x:x + patch]
            hr = plane['high'][scale * y:scale * (y + patch), scale * x:scale * (x + patch)]
            lr = with_own_edge(lr, hr) if kind == 'bicubic' else lr
            turns, flip, invert = rng.integers(4), rng.integers(2), rng.integers(2)
            lr, hr = np.rot90(lr, turns), np.rot90(hr, turns)
            if flip:
                lr, hr = lr[:, ::-1], hr[:, ::-1]
            if invert:
                lr, hr = 65535 - lr, 65535 - hr
            low[n, 0], target[n, 0], weight[n] = lr, hr, self.weights[i]
        return low / 65535, target / 65535, weight


def load_sampler(recipe, seed):
    """Options: `keep`, the share of the picture area, most detailed first, that is used; `otherShare`, of the crops shrunk
    by another filter than bicubic; `drawn`, whether drawn pictures are used; `scale`, 2 or 3."""
    options = options_of(recipe, keep=0.75, otherShare=0.12)
    planes = load(Path(options['prepared']), False, options['drawn'])
    return Sampler(planes, recipe['patch'], options['otherShare'], options['keep'], seed)


def validation_pairs(recipe, side=240, tries=8):
    """The most detailed crop of each of the pictures that training never sees: [(low [1,1,H,W], target [1,1,2H,2W])], or 3."""
    options = options_of(recipe)
    rng = np.random.default_rng(0)
    pairs = []
    for plane in load(Path(options['prepared']), True, options['drawn']):
        if plane['error'] < 1e-5:  # bicubic already reaches 50 dB: nothing there tells networks apart
            continue
        low, high = plane['bicubic'], plane['high']
        scale = len(high) // len(low)
        h, w = (min(side, s) // 8 * 8 for s in low.shape)  # networks that halve need even sides
        corners = [(rng.integers(0, low.shape[0] - h + 1), rng.integers(0, low.shape[1] - w + 1)) for _ in range(tries)]
        y, x = max(corners, key=lambda c: np.abs(np.diff(low[c[0]:c[0] + h, c[1]:c[1] + w].astype(np.float32))).mean())
        b = high[scale * y:scale * (y + h), scale * x:scale * (x + w)]
        a, b = with_own_edge(low[y:y + h, x:x + w], b) / 65535, b.astype(np.float32) / 65535
        pairs.append((torch.from_numpy(a)[None, None], torch.from_numpy(b)[None, None]))
    return pairs


def credited(folders, used):
    """(file name, licence, origin) of the files in use, by name, from SOURCES.tsv beside each folder."""
    sources = []
    for folder in map(Path, folders):
        table = folder.resolve().parent / 'SOURCES.tsv'
        if not table.is_file():
            raise SystemExit(f'no {table}: the card must say whose pictures were used')
        rows = [line.split('\t') for line in table.read_text().splitlines()[1:]]
        sources += [(Path(file).name, licence, origin) for file, licence, origin in rows if Path(file).name in used]
    return sources


def describe(recipe):
    """What the card says of the data, and (file name, licence, origin) of each picture."""
    options = options_of(recipe)
    # The numbers before a folder told its own.
    index = {'copies': 7, 'sides': (380, 1800), **json.loads((Path(options['prepared']) / 'index.json').read_text())}
    least, most = index['sides']
    used = {plane['picture'] for plane in index['planes'] if not plane['picture'].startswith('drawn-')}
    about = (f'{len(used)} pictures (CC0, public domain, or credited; SOURCES.tsv of the data names each), as they are and at '
             f'{index["copies"]} random sizes (long side {least} to {most} px), some turned or with colours mixed; shrunk by '
             'antialiased bicubic or, seldom, box, Lanczos or bilinear, 8 bit; one picture in nine held out for validation')
    about += f'; {index["drawn"]} drawn ones of text and shapes' if options['drawn'] else ''
    return about, credited(index['folders'], used)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', type=Path, nargs='+', default=[DEFAULT_DATA], help='folders of pictures, searched recursively')
    parser.add_argument('--out', type=Path, help='default: train/prepared, or train/prepared-x3')
    parser.add_argument('--scale', type=int, choices=(2, 3), default=2, help='by how much they are shrunk')
    parser.add_argument('--drawn', type=int, default=40, help='how many pictures of text and shapes to draw')
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()
    prepare(arguments.data, arguments.out or prepared(arguments.scale), arguments.scale, arguments.drawn, arguments.seed)
