"""Training data of `screen-s`: `python3 train/screen_data.py` draws pages of text, user interfaces and line art.

Of each page the truth, the truth shrunk by antialiased bicubic, and one other small picture: the page rasterised anew at
half the size, as a screen capture has it, or the truth shrunk by box, bilinear or Lanczos. Photographs prepared by
pictures.py are mixed in, so that a picture inside a page stays one. Validation pages are drawn in families of type that no
training page uses.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

import imaging
import pictures
import screen_draw
import screen_page

PREPARED = pictures.PREPARED / 'screen'
SIZE = (480, 360)  # pixels of truth
# Debian packages with the families that screen_page names, and their licences as their copyright files state them.
FONTS = {
    'fonts-dejavu-core': 'Bitstream Vera', 'fonts-dejavu-extra': 'Bitstream Vera', 'fonts-liberation2': 'OFL-1.1',
    'fonts-noto-core': 'OFL-1.1', 'fonts-noto-mono': 'OFL-1.1', 'fonts-noto-cjk': 'OFL-1.1',
    'fonts-roboto-unhinted': 'Apache-2.0', 'fonts-roboto-slab': 'Apache-2.0', 'fonts-open-sans': 'Apache-2.0',
    'fonts-lato': 'OFL-1.1', 'fonts-firacode': 'OFL-1.1', 'fonts-hack': 'MIT and Bitstream Vera',
    'fonts-cantarell': 'OFL-1.1', 'fonts-linuxlibertine': 'OFL-1.1', 'fonts-ebgaramond': 'OFL-1.1',
    'fonts-go': 'BSD-3-Clause', 'fonts-jetbrains-mono': 'Apache-2.0', 'fonts-play': 'OFL-1.1',
    'fonts-crosextra-caladea': 'OFL-1.1', 'fonts-hosny-amiri': 'OFL-1.1', 'fonts-lohit-deva': 'OFL-1.1',
    'fonts-inconsolata': 'OFL-1.0', 'fonts-comfortaa': 'OFL-1.1',
}
VALIDATION_FONTS = {
    'fonts-karla': 'OFL-1.1', 'fonts-crosextra-carlito': 'OFL-1.1', 'fonts-quicksand': 'OFL-1.1',
    'fonts-sil-gentium-basic': 'OFL-1.1', 'fonts-mononoki': 'OFL-1.1',
}


def check_fonts():
    """Cairo draws a missing family in another one without a word; then the pages would not be what the card says."""
    wanted = {family for fonts in (screen_page.TRAINED_ON, screen_page.KEPT_BACK) for group in fonts.values() for family in group}
    wanted |= {family for family, _ in screen_page.SCRIPTS}
    listed = subprocess.run(['fc-list', ':', 'family'], capture_output=True, text=True, check=True).stdout
    missing = sorted(wanted - {name for line in listed.splitlines() for name in line.split(',')})
    if missing:
        packages = ' '.join(['python3-cairo', *FONTS, *VALIDATION_FONTS])
        raise SystemExit(f'fonts not found: {", ".join(missing)}. Debian: apt-get install {packages}')


def prepare(out, pages, validation_pages, seed):
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    planes = []
    for n in range(pages + validation_pages):
        validation = n >= pages
        fonts = screen_page.KEPT_BACK if validation else screen_page.TRAINED_ON
        page_seed = seed * 1000003 + n
        truth, outlines = screen_draw.draw_page(page_seed, SIZE, 1, fonts)
        truth = Image.fromarray(truth)
        kinds = ['rasterised', 'rasterised', 'box', 'bilinear', 'lanczos'] if outlines else ['box', 'bilinear', 'lanczos']
        other = kinds[rng.integers(len(kinds))]
        if other == 'rasterised':
            shrunk = Image.fromarray(screen_draw.draw_page(page_seed, SIZE, 0.5, fonts)[0])
        else:
            shrunk = imaging.shrink(truth, kind=other)
        high, low = pictures.to_plane(truth), pictures.to_plane(imaging.shrink(truth))
        detail, error = pictures.detail_map(high, low)
        name = f'page-{n:04d}'
        np.savez(out / f'{name}.npz', high=high, bicubic=low, other=pictures.to_plane(shrunk), detail=detail, error=error)
        planes.append({'file': f'{name}.npz', 'picture': name, 'longSide': max(SIZE), 'validation': validation})
    index = {'seed': seed, 'pages': pages, 'planes': planes}
    (out / 'index.json').write_text(json.dumps(index, indent=1))
    print(f'{pages} pages and {validation_pages} for validation in {out}')


class Mixed:
    """Batches of crops of pages, `share` of them of photographs."""

    def __init__(self, pages, photographs, share, seed):
        self.pages, self.photographs, self.share = pages, photographs, share
        self.rng = np.random.default_rng(seed)

    def batch(self, count):
        """(low [N,1,P,P], target [N,1,2P,2P], weight [N,1,1,1]), float32."""
        photos = int(self.rng.binomial(count, self.share))
        parts = [sampler.batch(n) for sampler, n in ((self.pages, count - photos), (self.photographs, photos)) if n > 0]
        return tuple(np.concatenate(arrays) for arrays in zip(*parts))


class Pages(pictures.Sampler):
    """Crops around the most detailed cells of all pages together, which are small text of full contrast."""

    def __init__(self, pages, patch, other_share, keep, floor, seed):
        super().__init__(pages, patch, other_share, keep, seed)
        threshold = np.quantile(np.concatenate([p['detail'].ravel() for p in pages]), 1 - keep)
        self.cells = [np.argwhere(p['detail'] >= threshold) for p in pages]
        chance = np.array([len(cells) for cells in self.cells])
        self.cumulative = np.cumsum(chance / chance.sum())
        weights = np.array([1 / (p['error'] + floor) for p in pages], np.float32)
        self.weights = weights / (weights * chance).sum() * chance.sum()


def load_sampler(recipe, seed):
    """Options: `photographs`, their share of the crops; `otherShare`, of the crops of pages that are not shrunk by bicubic;
    `keep`, the share of the pages' area, most detailed first, that is used; `floor`, the squared error of bicubic below which
    a page's crops gain no more weight: faint pages must not outweigh black on white."""
    options = {'photographs': 0.12, 'otherShare': 0.35, 'keep': 0.75, 'floor': 2e-3, **recipe['options']}
    patch = recipe['patch']
    pages = Pages(pictures.load(PREPARED, False), patch, options['otherShare'], options['keep'], options['floor'], seed)
    photographs = [p for p in pictures.load(pictures.PREPARED, False, drawn=False) if max(p['high'].shape) <= 1000]
    return Mixed(pages, pictures.Sampler(photographs, patch, 0.12, 0.6, seed + 1), options['photographs'], seed + 2)


def validation_pairs(recipe):
    """[(low [1,1,H,W], target [1,1,2H,2W])]: pages in families of type kept back."""
    return pictures.validation_pairs({**recipe, 'options': {'drawn': True, 'prepared': PREPARED}})


def describe(recipe):
    """What the card says of the data, and (name, licence, origin) of each picture and package of fonts."""
    count = json.loads((PREPARED / 'index.json').read_text())['pages']
    about = (f'{count} drawn pages of text, code, tables, buttons, icons, charts, rules and line art, on every ground, '
             f'letters of 8 to 32 px, in the fonts credited ({", ".join(VALIDATION_FONTS)} for validation alone; '
             'Inter, which measures, in none); shrunk by antialiased bicubic or, for a third of the crops, rasterised at the '
             'small size or shrunk by box, bilinear or Lanczos, 8 bit; and, for one crop in eight, ')
    photographs, sources = pictures.describe({**recipe, 'options': {}})
    fonts = sorted({**FONTS, **VALIDATION_FONTS}.items())
    return about + photographs, sources + [(package, licence, 'Debian package of fonts') for package, licence in fonts]


def sheet(file, seed, fonts):
    """Twelve pages as one PNG, to look at."""
    pages = [screen_draw.draw_page(seed + i, SIZE, 1, fonts)[0] for i in range(12)]
    Image.fromarray(np.vstack([np.hstack(pages[i:i + 4]) for i in (0, 4, 8)])).save(file)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', type=Path, default=PREPARED, help='folder inside the one that pictures.py filled')
    parser.add_argument('--pages', type=int, default=1000)
    parser.add_argument('--validation-pages', type=int, default=48)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--sheet', type=Path, help='only draw twelve pages into this PNG, to look at')
    o = parser.parse_args()
    check_fonts()
    if o.sheet:
        sheet(o.sheet, o.seed, screen_page.TRAINED_ON)
    else:
        prepare(o.out, o.pages, o.validation_pages, o.seed)
