"""Draws what screens show: text, code, tables, buttons, icons, charts, rules, dithers, line art. Used by screen_data.py.

Everything is vectors, so `draw_page(seed, scale)` gives the same page at any size: at scale 1 the truth, at 0.5 what an
application would have rasterised on a screen of half the size, with the same sub-pixel positions.
"""

import math

import cairo
import numpy as np

from screen_page import SCRIPTS, TRAINED_ON, WORDS, Page

NAMES = 'x i n key data index value count result buffer node_list parseLine width get_item MAX_SIZE self fn'.split()
KEYWORDS = 'if for while return const let def class import from else new await function int void'.split()


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
