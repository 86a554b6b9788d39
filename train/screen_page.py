"""One page of a screen as vectors: its surface, its random numbers, its colours and how its text is rasterised.

Debian's python3-cairo. The families are those of Debian's free fonts; screen_data.py names the packages and their
licences. Inter, with which the result is measured, is none of them.
"""

import math

import cairo
import numpy as np

SANS = ['DejaVu Sans', 'DejaVu Sans Condensed', 'Liberation Sans', 'Noto Sans', 'Noto Sans Display', 'Roboto', 'Roboto Light',
        'Roboto Medium', 'Roboto Black', 'Roboto Condensed', 'Open Sans', 'Open Sans Light', 'Open Sans Semibold', 'Lato',
        'Lato Light', 'Lato Semibold', 'Lato Black', 'Cantarell', 'Go', 'Play', 'Comfortaa', 'Linux Biolinum O']
SERIF = ['DejaVu Serif', 'Liberation Serif', 'Noto Serif', 'Roboto Slab', 'Linux Libertine O', 'EB Garamond', 'Caladea', 'Amiri']
MONO = ['DejaVu Sans Mono', 'Liberation Mono', 'Noto Mono', 'Fira Code', 'Hack', 'JetBrains Mono', 'Go Mono', 'Inconsolata']
# Only validation pages are set in these.
KEPT_BACK = {'sans': ['Karla', 'Karla Medium', 'Carlito', 'Quicksand'], 'serif': ['Gentium Basic'], 'mono': ['mononoki']}
TRAINED_ON = {'sans': SANS, 'serif': SERIF, 'mono': MONO}
SCRIPTS = [  # a family and the characters taken from it: shapes, not words
    ('DejaVu Sans', range(0x410, 0x450)), ('Noto Serif', range(0x3b1, 0x3ca)), ('Noto Sans CJK JP', range(0x4e00, 0x5a00)),
    ('Noto Sans CJK JP', range(0x3042, 0x3094)), ('Noto Sans CJK KR', range(0xac00, 0xb400)),
    ('Noto Naskh Arabic', range(0x627, 0x64b)), ('Lohit Devanagari', range(0x905, 0x93a)),
    ('Noto Sans Hebrew', range(0x5d0, 0x5eb)), ('Noto Sans Georgian', range(0x10d0, 0x10f1)),
]
WORDS = ('the of and to in is was for that with as on by at from are this be it an or not have which one all can had would so if '
         'when File Edit View Help Save Open Cancel Settings search window frame pixel render light motion quality small '
         'large between through value number system result report Monday 12:30 2026 100% $4.99 user@mail.org example (see) '
         '"quoted" well-known Jazz fox quick brown vex lazy Why? Hamburgefonstiv WAVE AVA fi ffl Il1| O0Q 8B5S rn m cl d').split()
LETTERS = 'etaoinshrdlcumwfgypbvkjxqz'


class Page:
    """A cairo surface, the random numbers that decide what is on it, and how this page's text is rasterised."""

    def __init__(self, seed, size, scale, fonts):
        self.rng, self.fonts, self.scale = np.random.default_rng(seed), fonts, scale
        self.size = size  # (width, height) of the truth, pixels: the unit of everything drawn
        self.surface = cairo.ImageSurface(cairo.FORMAT_RGB24, round(size[0] * scale), round(size[1] * scale))
        self.ink = cairo.Context(self.surface)
        self.ink.scale(scale, scale)
        kinds = ['outline', 'slight', 'full', 'unhinted', 'subpixel', 'aliased']
        self.text_kind = kinds[self.rng.choice(6, p=[0.62, 0.1, 0.08, 0.1, 0.06, 0.04])]
        # Shapes without antialiasing, as old toolkits and pixel art have them.
        self.ink.set_antialias(cairo.ANTIALIAS_NONE if self.rng.random() < 0.06 else cairo.ANTIALIAS_BEST)
        self.bolder = self.rng.uniform(0.05, 0.35) if self.rng.random() < 0.25 else 0  # pixels: rasterisers that darken text
        options = cairo.FontOptions()
        options.set_hint_metrics(cairo.HINT_METRICS_OFF)
        options.set_hint_style({'slight': cairo.HINT_STYLE_SLIGHT, 'full': cairo.HINT_STYLE_FULL,
                                'aliased': cairo.HINT_STYLE_FULL}.get(self.text_kind, cairo.HINT_STYLE_NONE))
        options.set_antialias({'subpixel': cairo.ANTIALIAS_SUBPIXEL, 'aliased': cairo.ANTIALIAS_NONE}
                              .get(self.text_kind, cairo.ANTIALIAS_GRAY))
        self.ink.set_font_options(options)

    def chance(self, share):
        return self.rng.random() < share

    def pick(self, things):
        return things[self.rng.integers(len(things))]

    def length(self, low, high):
        """Log-uniform, and in every second case whole pixels: most of a screen is laid out on the grid."""
        value = math.exp(self.rng.uniform(math.log(low), math.log(high)))
        return float(round(value)) if self.chance(0.5) else value

    def colours(self):
        """(ground, ink): dark on light, light on dark, and colour on colour, at least 0.2 apart in luma."""
        rng, kind = self.rng, self.rng.random()
        for _ in range(20):
            if kind < 0.37:
                ground, ink = rng.uniform(0.85, 1, 3), rng.uniform(0, 0.35, 3)
            elif kind < 0.72:
                ground, ink = rng.uniform(0, 0.2, 3), rng.uniform(0.6, 1, 3)
            else:
                ground, ink = rng.uniform(0, 1, 3), rng.uniform(0, 1, 3)
            if self.chance(0.5):  # grey, up to pure black and white
                ground, ink = np.full(3, ground[0]), np.full(3, ink[0])
                if self.chance(0.5) and kind < 0.72:
                    ground, ink = np.round(ground), np.round(ink)
            if abs((ground - ink) @ [0.299, 0.587, 0.114]) > 0.2:
                break
        return ground, ink

    def font(self, style=None):
        style = style or ('sans', 'serif', 'mono')[self.rng.choice(3, p=[0.6, 0.2, 0.2])]
        slant = cairo.FONT_SLANT_ITALIC if self.chance(0.12) else cairo.FONT_SLANT_NORMAL
        weight = cairo.FONT_WEIGHT_BOLD if self.chance(0.22) else cairo.FONT_WEIGHT_NORMAL
        self.ink.select_font_face(self.pick(self.fonts[style]), slant, weight)

    def write(self, x, y, string, size, colour):
        """Returns the advance in pixels."""
        ink = self.ink
        ink.set_source_rgb(*colour)
        ink.set_font_size(size)
        if self.text_kind == 'outline':
            ink.move_to(x, y)
            ink.text_path(string)
            if self.bolder:
                ink.set_line_width(self.bolder)
                ink.stroke_preserve()
            ink.fill()
        else:
            ink.move_to(round(x), round(y))
            ink.show_text(string)
        return ink.text_extents(string).x_advance

    def words(self, count):
        made = []
        for _ in range(count):
            if self.chance(0.65):
                made.append(self.pick(WORDS))
            elif self.chance(0.7):
                drawn = self.rng.exponential(6, self.rng.integers(1, 10)).astype(int) % 26
                word = ''.join(LETTERS[i] for i in drawn)
                made.append(word.capitalize() if self.chance(0.3) else word)
            else:
                made.append(''.join(chr(c) for c in self.rng.integers(33, 127, self.rng.integers(1, 9))))
        return ' '.join(made)
