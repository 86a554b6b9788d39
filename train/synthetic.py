"""Drawn pictures: text, lines, bars and polygons. Photographs hold few of the hard edges that screens are made of."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

WORDS = ('render small show large frame pixel edge light stone river window paper signal motion detail quiet '
         'north garden market circle number seven Upscale Quality 1920x1080 33.67 (a+b) #42 OK?').split()
FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSerif.ttf', 'DejaVuSerif-Bold.ttf', 'DejaVuSansMono.ttf']


def load_font(name, size):
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        raise SystemExit(f'font {name} not found: install it (Debian: fonts-dejavu-core) or prepare with --drawn 0')


def colour(rng):
    return tuple(int(c) for c in rng.integers(0, 256, 3))


def draw_picture(seed, size=640):
    """One RGB picture, drawn at 4x and box-filtered down, so that its edges are antialiased as a browser's are."""
    rng = np.random.default_rng(seed)
    scale = 4
    side = size * scale
    picture = Image.new('RGB', (side, side), colour(rng))
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.integers(6, 14)):
        x, y = rng.integers(-side // 8, side, 2)
        w, h = rng.integers(side // 16, side // 2, 2)
        kind = rng.integers(0, 5)
        if kind == 0:
            draw.ellipse((x, y, x + w, y + h), fill=colour(rng))
        elif kind == 1:
            draw.polygon([tuple(int(v) for v in rng.integers((x, y), (x + w, y + h))) for _ in range(4)], fill=colour(rng))
        elif kind == 2:
            draw.rectangle((x, y, x + w, y + h), fill=colour(rng), outline=colour(rng), width=int(rng.integers(1, 5)) * scale)
        elif kind == 3:  # parallel lines, of any angle, down to one pixel wide
            step, width = rng.integers(2, 9, 2) * scale
            ink, slope = colour(rng), rng.uniform(-1, 1)
            for i in range(int(rng.integers(5, 30))):
                draw.line((x + i * (step + width), y, x + i * (step + width) + slope * h, y + h), fill=ink, width=int(width) // 2 + 1)
        else:
            font = load_font(FONTS[rng.integers(len(FONTS))], int(rng.integers(9, 40)) * scale)
            lines = [' '.join(rng.choice(WORDS, rng.integers(2, 7))) for _ in range(rng.integers(1, 7))]
            draw.multiline_text((x, y), '\n'.join(lines), fill=colour(rng), font=font)
    return picture.resize((size, size), Image.Resampling.BOX)
