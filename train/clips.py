"""Short clips to train on, as [frames, height, width, 3] of 8 bits: cut from real ones, or made from pictures and shapes.

Pictures become clips by a slow camera (the window they are shrunk through moves and grows by fractions of a pixel), a
part that moves on its own, leaves that wave, captions, grain, a hard cut, a fade: enough that an encoder predicts, skips and leaves residuals.
"""

import subprocess

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw, ImageFilter

import synthetic

FRAMES = 12
SIZES = ((640, 360), (640, 480), (480, 360), (852, 480))
CARTOON_SCALE = 3  # drawn larger and box-filtered down


def read_clip(file, start, stop, size=None):
    """Frames start to stop of a video file, as a browser shows them (8-bit RGB), resized if asked (antialiased)."""
    scale = f'scale={size[0]}:{size[1]}:flags=bicubic+accurate_rnd+full_chroma_int' if size else \
        'scale=flags=bicubic+accurate_rnd+full_chroma_int'
    probe = subprocess.run(['ffprobe', '-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height',
                            '-of', 'csv=p=0', str(file)], check=True, capture_output=True, text=True).stdout
    width, height = size or (int(n) for n in probe.strip().split(','))
    raw = subprocess.run(['ffmpeg', '-v', 'error', '-threads', '1', '-i', str(file), '-vf',
                          f'trim=start_frame={start}:end_frame={stop},{scale}', '-fps_mode', 'passthrough',
                          '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], check=True, capture_output=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)
    return frames[:, :height - height % 4, :width - width % 4]


class Camera:
    """A window over a picture: where it is in each frame, in pixels of the picture."""

    def __init__(self, picture, size, rng):
        most = min(picture.width / size[0], picture.height / size[1])
        self.scale = most * rng.uniform(0.45, 1) if most > 1.3 else most  # picture pixels per frame pixel
        self.picture, self.size = picture, size
        self.zoom = rng.uniform(0.996, 1.004) if rng.random() < 0.5 else 1.0
        speed = rng.uniform(0, 4) if rng.random() < 0.8 else 0.0
        angle = rng.uniform(0, 2 * np.pi)
        self.move = speed * self.scale * np.array([np.cos(angle), np.sin(angle)])
        self.at = np.array([rng.uniform(0, max(picture.width - size[0] * self.scale, 0)),
                            rng.uniform(0, max(picture.height - size[1] * self.scale, 0))])
        self.kind = (Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX)[rng.integers(3)]

    def frame(self, t):
        scale = min(self.scale * self.zoom ** t, self.picture.width / self.size[0], self.picture.height / self.size[1])
        w, h = self.size[0] * scale, self.size[1] * scale
        x, y = np.clip(self.at + self.move * t, 0, np.maximum((self.picture.width - w, self.picture.height - h), 0))
        box = (x, y, min(x + w, self.picture.width), min(y + h, self.picture.height))
        return self.picture.resize(self.size, self.kind, box=box)


def blob(size, rng):
    """A soft-edged mask of an ellipse or a bar: what moves on its own."""
    mask = Image.new('L', size)
    w, h = (int(s * rng.uniform(0.2, 0.5)) for s in size)
    x, y = (int(rng.uniform(0, s - e)) for s, e in zip(size, (w, h)))
    shape = ImageDraw.Draw(mask)
    (shape.ellipse if rng.random() < 0.6 else shape.rectangle)((x, y, x + w, y + h), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2)))


def caption(size, rng):
    """(mask, colour) of a line of text near the bottom, with a dark rim as subtitles have."""
    font = synthetic.load_font(synthetic.FONTS[rng.integers(2)], int(size[1] * rng.uniform(0.03, 0.07)) * 2)
    layer = Image.new('RGBA', (size[0] * 2, size[1] * 2))
    text = ' '.join(rng.choice(synthetic.WORDS, rng.integers(2, 7)))
    ImageDraw.Draw(layer).text((size[0] * rng.uniform(0.1, 0.6), size[1] * rng.uniform(0.2, 1.75)), text, font=font,
                               fill=(255, 255, 255 if rng.random() < 0.7 else 80), stroke_width=3, stroke_fill=(0, 0, 0))
    return layer.resize(size, Image.Resampling.BOX)


def waves(size, rng):
    """Leaves in wind, or water: a function of frames and their number that moves parts of it to and fro, each otherwise.

    Encoders predict this badly, and what they leave of it at coarse rates lies in wrong places.
    """
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turns = 2 * np.pi * rng.uniform(1 / 80, 1 / 20, (2, 3)) * rng.choice((-1, 1), (2, 3))  # radians a pixel
    phases = [[turns[0, k] * x + turns[1, k] * y + rng.uniform(0, 2 * np.pi) for k in range(3)] for _ in 'xy']
    speeds = rng.uniform(0.2, 1, 3)  # radians a frame
    where = Image.fromarray(rng.uniform(-0.5, 1, (4, 6)).astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
    reach = np.clip(np.asarray(where), 0, 1) * rng.uniform(0.2, 0.8)

    def moved(frame, t):
        at = [a + reach * sum(np.sin(p + s * t) for p, s in zip(waves, speeds)) for a, waves in zip((x, y), phases)]
        grid = np.stack([(2 * a + 1) / n - 1 for a, n in zip(at, size)], -1).astype(np.float32)
        planes = torch.from_numpy(np.asarray(frame, np.float32)).permute(2, 0, 1)
        planes = F.grid_sample(planes[None], torch.from_numpy(grid)[None], 'bicubic', 'border', align_corners=False)[0]
        return Image.fromarray((planes.clamp(0, 255) + 0.5).byte().permute(1, 2, 0).numpy())

    return moved


def grained(frames, rng):
    """Sensor noise: new in each frame, mostly in luma, a little blurred as a camera's own processing leaves it."""
    strength, soft = rng.uniform(0.8, 3.0), rng.random() < 0.5
    noisy = np.empty_like(frames)
    for n, frame in enumerate(frames):
        noise = rng.normal(0, strength, frame.shape[:2])
        if soft:
            noise = (noise + np.roll(noise, 1, 0) + np.roll(noise, 1, 1) + np.roll(noise, (1, 1), (0, 1))) / 2
        noisy[n] = np.clip(frame + noise[..., None] + 0.5, 0, 255)
    return noisy


def from_pictures(pictures, size, rng, frames=FRAMES):
    """A clip over one picture; now and then it waves, part of another one moves before it, a cut or a fade leads to another, there
    is a caption."""
    large = [p for p in pictures if p.width >= size[0] and p.height >= size[1]]
    picture, other = (large[rng.integers(len(large))].convert('RGB') for _ in range(2))
    camera, second = Camera(picture, size, rng), Camera(other, size, rng)
    kind = rng.random()
    cut = rng.integers(3, frames - 3) if kind < 0.15 else frames
    mask = blob(size, rng) if 0.15 <= kind < 0.45 else None
    fade = rng.uniform(0, 1, 2) if 0.45 <= kind < 0.6 else None  # share of the other picture in the first and last frame
    waving = waves(size, rng) if rng.random() < 0.2 else None
    drift = rng.uniform(-4, 4, 2)
    words = caption(size, rng) if rng.random() < 0.2 else None
    soft = rng.uniform(0.4, 0.9) if rng.random() < 0.2 else 0
    result = []
    for t in range(frames):
        frame = (camera if t < cut else second).frame(t)
        if waving:
            frame = waving(frame, t)
        if fade is not None:
            frame = Image.blend(frame, second.frame(t), float(np.interp(t, (0, frames - 1), fade)))
        if mask:
            shift = (1, 0, -drift[0] * t, 0, 1, -drift[1] * t)
            frame.paste(second.frame(0).transform(size, Image.Transform.AFFINE, shift, Image.Resampling.BICUBIC), None,
                        mask.transform(size, Image.Transform.AFFINE, shift, Image.Resampling.BICUBIC))
        if soft:
            frame = frame.filter(ImageFilter.GaussianBlur(soft))
        if words:
            frame.paste(words, None, words)
        result.append(np.asarray(frame))
    result = np.stack(result)
    return grained(result, rng) if rng.random() < 0.3 else result


def gradient(size, rng):
    """Between three colours, straight across: what shows bands."""
    ends = np.array([synthetic.colour(rng) for _ in range(3)], np.float64)
    ends = ends[:1] + (ends - ends[:1]) * rng.uniform(0.1, 1)
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:size[1], 0:size[0]]
    along = x * np.cos(angle) / size[0] + y * np.sin(angle) / size[1]
    along = (along - along.min()) / (along.max() - along.min())
    return np.stack([np.interp(along, (0, rng.uniform(0.3, 0.7), 1), ends[:, c]) for c in range(3)], -1)


def cartoon(size, rng, frames=FRAMES):
    """Flat shaded figures with ink outlines that move, turn and grow before a gradient; sometimes a caption."""
    big = tuple(s * CARTOON_SCALE for s in size)
    ground = Image.fromarray((gradient(big, rng) + 0.5).astype(np.uint8))
    ink = tuple(int(c) for c in rng.integers(0, 60, 3)) if rng.random() < 0.7 else None
    figures = []
    for _ in range(rng.integers(5, 16)):
        corners = rng.integers(3, 40)
        angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
        rough = rng.uniform(0, 0.5)
        radii = (1 + rough * rng.uniform(-1, 1, corners)) * rng.uniform(0.03, 0.25) * big[1]
        figures.append({
            'angles': angles, 'radii': radii, 'at': rng.uniform(0, 1, 2) * big, 'move': rng.normal(0, 2.5, 2) * CARTOON_SCALE,
            'turn': rng.normal(0, 0.01), 'grow': rng.uniform(0.995, 1.005), 'fill': synthetic.colour(rng),
            'shade': rng.uniform(0.6, 0.9), 'line': int(rng.integers(1, 4) * CARTOON_SCALE * 0.7)})
    words = caption(size, rng) if rng.random() < 0.3 else None
    result = []
    for t in range(frames):
        frame = ground.copy()
        draw = ImageDraw.Draw(frame)
        for f in figures:
            angles, radii = f['angles'] + f['turn'] * t, f['radii'] * f['grow'] ** t
            points = f['at'] + f['move'] * t + np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None]
            outline = [tuple(p) for p in points]
            draw.polygon(outline, fill=f['fill'])
            centre = points.mean(0)
            draw.polygon([tuple(p) for p in centre + (points - centre) * 0.6 + radii.mean() * 0.15],
                         fill=tuple(int(c * f['shade']) for c in f['fill']))  # the shaded side
            if ink:
                draw.line([*outline, outline[0]], fill=ink, width=f['line'], joint='curve')
        frame = frame.resize(size, Image.Resampling.BOX)
        if words:
            frame.paste(words, None, words)
        result.append(np.asarray(frame))
    return np.stack(result)
