"""Draws what screens show: text, code, tables, buttons, icons, charts, rules, dithers, line art. Used by screen_data.py.

Everything is vectors, so `draw_page(seed, scale)` gives the same page at any size: at scale 1 the truth, at 0.5 what an
application would have rasterised on a screen of half the size, with the same sub-pixel positions. Debian's python3-cairo.
"""

import math

import cairo
import numpy as np

# Families of Debian's free fonts; screen_data.py names the packages and their licences. Inter, with which the result
# is measured, is none of them.
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
         'when File Edit View Help Save Open Cancel Settings search window frame pixel render light motion quality small large between '
         'through value number system result report Monday 12:30 2026 100% $4.99 user@mail.org example (see) "quoted" well-known '
         'Jazz fox quick brown vex lazy Why? Hamburgefonstiv WAVE AVA fi ffl Il1| O0Q 8B5S rn m cl d').split()
LETTERS = 'etaoinshrdlcumwfgypbvkjxqz'
NAMES = 'x i n key data index value count result buffer node_list parseLine width get_item MAX_SIZE self fn'.split()
KEYWORDS = 'if for while return const let def class import from else new await function int void'.split()


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


def text(page, x, y, w, h, ground, ink):
    size = page.length(8, 32)
    script = page.pick(SCRIPTS) if page.chance(0.12) else None
    page.font()
    if script:
        page.ink.select_font_face(script[0])
    step = size * page.rng.uniform(1.05, 1.6)
    left, line = x + page.rng.uniform(0, 8), y + size + page.rng.uniform(0, 4)
    while line < y + h:
        if script:
            string = ''.join(chr(page.pick(script[1])) if page.chance(0.85) else ' ' for _ in range(int(2 * w / size)))
        else:
            string = page.words(int(w / size / 2) + 2)
        page.write(left, line, string, size, ink)
        line += step


def code(page, x, y, w, h, ground, ink):
    size = page.length(9, 26)
    page.font('mono')
    palette = [ink] + [np.clip(ink + page.rng.uniform(-0.4, 0.4, 3), 0, 1) for _ in range(5)]
    line = y + size * 1.2
    while line < y + h:
        at = x + 4 + size * 1.2 * page.rng.integers(0, 4)
        while at < x + w and page.chance(0.88):
            kind = page.rng.integers(5)
            token = (page.pick(KEYWORDS) + ' ', page.pick(NAMES), page.pick(list('(){}[];:,.=+-*/<>&|!') + ['=>', '==', '+= ']),
                     str(page.rng.integers(0, 3000)), f"'{page.pick(WORDS)}' ")[kind]
            at += page.write(at, line, token, size, palette[kind])
        line += size * 1.35


def table(page, x, y, w, h, ground, ink):
    size, page_rule = page.length(8, 20), page.chance(0.7)
    row, column = round(size * page.rng.uniform(1.4, 2.2)), round(size * page.rng.uniform(4, 9))
    soft = ground + (ink - ground) * page.rng.uniform(0.05, 0.6)
    page.font()
    for r in range(int(h / row) + 1):
        if r % 2 and page_rule:
            page.ink.set_source_rgb(*(ground + (ink - ground) * 0.06))
            page.ink.rectangle(x, y + r * row, w, row)
            page.ink.fill()
        for c in range(int(w / column) + 1):
            cell = page.pick(WORDS) if c == 0 else f'{page.rng.normal(0, 500):.{page.rng.integers(0, 3)}f}'
            page.write(x + c * column + 4, y + r * row + row * 0.7, cell, size, ink)
        page.ink.set_source_rgb(*soft)
        page.ink.rectangle(x, y + r * row, w, 1)
        page.ink.fill()
    for c in range(int(w / column) + 1 if page_rule else 0):
        page.ink.rectangle(x + c * column, y, 1, h)
        page.ink.fill()


def rounded(page, x, y, w, h, radius):
    ink = page.ink
    radius = min(radius, w / 2, h / 2)
    ink.new_sub_path()
    left, right, top, bottom = x + radius, x + w - radius, y + radius, y + h - radius
    for i, (cx, cy) in enumerate(((right, top), (right, bottom), (left, bottom), (left, top))):
        ink.arc(cx, cy, radius, (i - 1) * math.pi / 2, i * math.pi / 2)
    ink.close_path()


def buttons(page, x, y, w, h, ground, ink):
    top = y + 4
    page.font('sans')
    size = page.length(8, 24)
    tall, radius, shadow = size * page.rng.uniform(1.5, 2.4), page.rng.choice([0, 2, 4, 6, 40]), page.chance(0.4)
    while top < y + h:
        left = x + 4
        while left < x + w:
            face, label = page.colours() if page.chance(0.5) else (ground, ink)
            string = page.words(page.rng.integers(1, 3))
            wide = round(size * 0.55 * len(string) + size * 1.5)
            spread = 6 if shadow else 0
            for i in range(spread):
                page.ink.set_source_rgba(0, 0, 0, 0.05)
                rounded(page, left - 3 + i * 0.5, top - 1 + i * 0.5, wide + 6 - i, tall + 6 - i, radius + 3)
                page.ink.fill()
            rounded(page, left + 0.5, top + 0.5, wide, round(tall), radius)
            page.ink.set_source_rgb(*face)
            page.ink.fill_preserve()
            page.ink.set_source_rgb(*(face + (label - face) * page.rng.uniform(0.1, 1)))
            page.ink.set_line_width(page.pick([1, 1, 1, 2, 1.5]))
            page.ink.stroke()
            page.write(left + size * 0.75, top + tall * 0.68, string, size, label)
            left += wide + page.length(4, 30)
        top += round(tall) + page.length(4, 30)


def curve(page, x, y, w, h):
    """A random path of straight lines, arcs or Bezier curves within the box."""
    ink, rng, kind = page.ink, page.rng, page.rng.integers(5)
    point = lambda: (x + w * rng.random(), y + h * rng.random())
    if kind == 0:
        ink.new_sub_path()
        ink.arc(x + w / 2, y + h / 2, min(w, h) * rng.uniform(0.2, 0.48), 0, math.tau if page.chance(0.6) else rng.uniform(1, 6))
    elif kind == 1:
        left, top = round(x) + page.pick([0, 0.5]), round(y) + page.pick([0, 0.5])
        rounded(page, left, top, round(w * 0.8), round(h * 0.8), page.pick([0, 0, 2, 5]))
    else:
        ink.move_to(*point())
        for _ in range(rng.integers(1, 5)):
            ink.curve_to(*point(), *point(), *point()) if kind == 2 else ink.line_to(*point())
        if page.chance(0.3):
            ink.close_path()


def icons(page, x, y, w, h, ground, ink):
    side, line = page.length(12, 48), page.length(0.8, 4)
    page.ink.set_line_cap(page.pick([cairo.LINE_CAP_ROUND, cairo.LINE_CAP_BUTT]))
    page.ink.set_line_join(page.pick([cairo.LINE_JOIN_ROUND, cairo.LINE_JOIN_MITER]))
    for top in np.arange(y + 3, y + h, side * 1.25):
        for left in np.arange(x + 3, x + w, side * 1.25):
            page.ink.set_source_rgb(*ink)
            page.ink.set_line_width(line)
            for _ in range(page.rng.integers(1, 4)):
                curve(page, left, top, side, side)
            page.ink.fill() if page.chance(0.15) else page.ink.stroke()


def line_art(page, x, y, w, h, ground, ink):
    page.ink.set_line_cap(cairo.LINE_CAP_ROUND)
    for _ in range(page.rng.integers(4, 26)):
        page.ink.set_source_rgb(*(ink if page.chance(0.6) else page.rng.uniform(0, 1, 3)))
        page.ink.set_line_width(page.length(0.6, 6))
        page.ink.set_dash(page.rng.uniform(2, 10, 2) if page.chance(0.1) else [])
        curve(page, x, y, w, h)
        page.ink.fill() if page.chance(0.12) else page.ink.stroke()
    page.ink.set_dash([])


def rules(page, x, y, w, h, ground, ink):
    """Parallel lines of any angle, whole-pixel rules, grids, checkerboards."""
    kind, step, line = page.rng.integers(4), page.length(2, 24), page.length(0.7, 4)
    page.ink.set_source_rgb(*ink)
    if kind == 0:
        page.ink.set_line_width(line)
        angle = page.rng.uniform(0, math.pi)
        dx, dy, far = math.cos(angle), math.sin(angle), w + h
        for i in np.arange(-far, far, step + line):
            page.ink.move_to(x + w / 2 - dy * i - dx * far, y + h / 2 + dx * i - dy * far)
            page.ink.line_to(x + w / 2 - dy * i + dx * far, y + h / 2 + dx * i + dy * far)
        page.ink.stroke()
    elif kind == 3:
        cell = page.pick([1, 2, 2, 3, 4, 6, 8])
        for top in range(0, int(h), cell):
            for left in range(top // cell % 2 * cell, int(w), 2 * cell):
                page.ink.rectangle(x + left, y + top, cell, cell)
        page.ink.fill()
    else:
        line, step = page.pick([1, 1, 2, 3]), round(step) + 2
        for i in range(0, int(h), step):
            page.ink.rectangle(x, y + i, w, line)
        for i in range(0, int(w) if kind == 2 else 0, step):
            page.ink.rectangle(x + i, y, line, h)
        page.ink.fill()


def chart(page, x, y, w, h, ground, ink):
    rng = page.rng
    soft, count = ground + (ink - ground) * 0.2, rng.integers(4, 20)
    page.ink.set_source_rgb(*soft)
    for i in range(1, 6):
        page.ink.rectangle(x, round(y + h * i / 6), w, 1)
    page.ink.fill()
    page.font('sans')
    for series in range(rng.integers(1, 4)):
        values = np.clip(0.5 + np.cumsum(rng.normal(0, 0.15, count)), 0.02, 0.98)
        colour, bars = rng.uniform(0, 1, 3), page.chance(0.35)
        page.ink.set_source_rgb(*colour)
        page.ink.set_line_width(page.length(1, 4))
        for i, value in enumerate(values):
            at = x + w * (i + 0.5) / count
            if bars:
                page.ink.rectangle(round(at) + series * 3, round(y + h * (1 - value)), max(1, w / count * 0.6), h * value)
            else:
                page.ink.line_to(at, y + h * (1 - value))
        page.ink.fill() if bars else page.ink.stroke()
    for i in range(count):
        page.write(x + w * i / count, y + h - 3, str(rng.integers(0, 1000)), page.length(8, 12) if i == 0 else 9, ink)


PANELS = [text, code, table, buttons, icons, line_art, rules, chart]
SHARES = [0.42, 0.12, 0.09, 0.11, 0.09, 0.07, 0.04, 0.06]


def fill(page, x, y, w, h, depth):
    """Splits the box a few times; each part gets a ground and something drawn on it, clipped to it."""
    if depth > 0 and min(w, h) > 90 and page.chance(0.85):
        part = round(page.rng.uniform(0.3, 0.7) * (w if w > h else h))
        if w > h:
            fill(page, x, y, part, h, depth - 1), fill(page, x + part, y, w - part, h, depth - 1)
        else:
            fill(page, x, y, w, part, depth - 1), fill(page, x, y + part, w, h - part, depth - 1)
        return
    ground, ink = page.colours()
    page.ink.save()
    page.ink.rectangle(x, y, w, h)
    page.ink.clip()
    page.ink.set_source_rgb(*ground)
    if page.chance(0.08):  # a gradient under it
        gradient = cairo.LinearGradient(x, y, x + w * page.rng.random(), y + h)
        gradient.add_color_stop_rgb(0, *ground)
        gradient.add_color_stop_rgb(1, *np.clip(ground + page.rng.uniform(-0.3, 0.3, 3), 0, 1))
        page.ink.set_source(gradient)
    page.ink.paint()
    PANELS[page.rng.choice(len(PANELS), p=SHARES)](page, x, y, w, h, ground, ink)
    page.ink.restore()


def draw_page(seed, size, scale=1, fonts=TRAINED_ON):
    """(uint8 RGB [height*scale, width*scale, 3], whether it is all outlines: then any scale shows the same shapes)."""
    page = Page(seed, size, scale, fonts)
    fill(page, 0, 0, *size, depth=int(page.rng.integers(1, 4)))
    page.surface.flush()
    rows = np.frombuffer(page.surface.get_data(), np.uint8).reshape(page.surface.get_height(), page.surface.get_stride() // 4, 4)
    return rows[:, :page.surface.get_width(), 2::-1].copy(), page.text_kind == 'outline'
