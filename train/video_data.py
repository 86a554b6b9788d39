"""Training clips: `python3 train/video_data.py` makes clips, shrinks them by 2, encodes and decodes them, and keeps the luma
of a few frames: the truth, the small frame as it is, and the small frame out of two encoders at two rates.

Half of the encodings are the browser's own (perf/encode.ts), as the networks meet them; half are ffmpeg's, as files on
the web hold them. The clips held out are whole clips and scenes that training never sees. It may be stopped and goes on.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import clips
import encoders
import imaging
import pictures
import synthetic

ROOT = Path(__file__).resolve().parent
SHARED = ROOT.parent.parent / 'shared' / 'data'
PREPARED = ROOT / 'prepared-video'
KEPT = 3  # frames of each clip
# Scenes of real clips: file, first and last frame, held out for validation. Both webcam clips show the same person.
SCENES = [('bbb_480p_30s.mp4', 40, 283, False), ('bbb_480p_30s.mp4', 286, 376, False), ('intel_car-detection.mp4', 0, 360, False),
          ('bbb_480p_30s.mp4', 384, 550, True), ('bbb_480p_30s.mp4', 600, 715, True),
          ('intel_asl_webcam_book.mkv', 0, 100, True), ('intel_asl_webcam_walk.mkv', 0, 80, True)]


def shrunk(frames):
    return np.stack([np.asarray(imaging.shrink(Image.fromarray(f))) for f in frames])


def real_clip(scene, rng):
    """Frames of a real scene: as they are, or shrunk by up to 2 so that the truth is cleaner than its own encoder left it."""
    file, start, stop, _ = scene
    step = int(rng.integers(1, 4)) if stop - start > 4 * clips.FRAMES else 1
    first = int(rng.integers(start, stop - step * clips.FRAMES))
    frames = clips.read_clip(SHARED / 'video' / file, first, first + step * clips.FRAMES)[::step]
    if rng.random() < 0.6:
        scale = rng.uniform(1.25, 2)
        size = [round(n / scale / 4) * 4 for n in frames.shape[2:0:-1]]
        frames = np.stack([np.asarray(Image.fromarray(f).resize(size, Image.Resampling.BICUBIC)) for f in frames])
    return frames


class Still:
    """A picture of which no more than its size is read until it is used: all of them would fill the memory."""

    def __init__(self, file):
        self.file = file
        with Image.open(file) as picture:
            self.width, self.height = picture.size

    def convert(self, mode):
        return Image.open(self.file).convert(mode)


def picture_files(folders, validation):
    """The pictures in these folders that are held out, or the others."""
    return [f for folder in folders for f in imaging.picture_files(folder) if pictures.is_validation(f.name) == validation]


def make_clip(number, stills, validation, rng):
    """(what it shows, frames)."""
    kind = number % 10
    if kind in (0, 5) or (validation and kind == 3):
        scenes = [s for s in SCENES if s[3] == validation]
        scene = scenes[number // 3 % len(scenes)] if validation else scenes[rng.integers(len(scenes))]
        return scene[0], real_clip(scene, rng)
    size = clips.SIZES[rng.integers(len(clips.SIZES))]
    if kind == 7:
        return 'cartoon', clips.cartoon(size, rng)
    if kind == 8:
        frames = clips.from_pictures([synthetic.draw_picture(int(rng.integers(1 << 31)), 960)], size, rng)
        return 'drawn', frames
    frames = clips.from_pictures(stills, size, rng)
    if rng.random() < 0.3:  # truth as the web has it: encoded once already
        frames = encoders.ffmpeg(frames, ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', str(rng.integers(15, 22))])
    return 'pictures', frames


def keep(frames, kept, encodings, browser):
    """The luma that is stored: high [K,2H,2W], low [1 + encodings, K,H,W] (first as it is), and what bicubic gets wrong."""
    small = shrunk(frames)
    lows = [small, *(encode(small, browser) for _, encode in encodings)]
    high = np.stack([pictures.to_plane(frames[k]) for k in kept])
    low = np.stack([[pictures.to_plane(l[k]) for k in kept] for l in lows])
    scores = [[pictures.detail_map(h, l) for h, l in zip(high, planes)] for planes in low]
    return {'high': (high / 257 + 0.5).astype(np.uint8), 'low': low,
            'detail': np.stack([np.mean([row[k][0] for row in scores], 0) for k in range(len(kept))]),
            'error': np.array([[s[1] for s in row] for row in scores], np.float32)}


def prepare(folders, out, count, held_out, seed):
    out.mkdir(parents=True, exist_ok=True)
    file = out / 'index.json'
    index = json.loads(file.read_text()) if file.is_file() else {'seed': seed, 'folders': [str(f) for f in folders], 'clips': []}
    browser = encoders.Browser()
    for validation, total in ((True, held_out), (False, count)):
        stills = [Still(f) for f in picture_files(folders, validation)]
        done = sum(c['validation'] == validation for c in index['clips'])
        for number in range(done, total):
            rng = np.random.default_rng((seed, validation, number))
            what, frames = make_clip(number, stills, validation, rng)
            encodings = [encoders.draw_encoding(rng) for _ in range(2)]
            if validation:  # the rates that are asked for, on every clip
                encodings = [(f'browser h264 {q}', lambda f, b, q=q: b.encode(f, 'h264', q)) for q in (23, 28)] + encodings[:1]
            kept = [clips.FRAMES - 1] if validation else sorted(rng.choice(np.arange(1, clips.FRAMES), KEPT, replace=False))
            name = f'{"held" if validation else "clip"}-{number:04d}.npz'
            np.savez(out / name, **keep(frames, kept, encodings, browser))
            index['clips'].append({'file': name, 'shows': what, 'validation': validation,
                                   'encodings': ['none', *(n for n, _ in encodings)]})
            file.write_text(json.dumps(index, indent=1))
            print(name, what, *(n for n, _ in encodings), sep=', ', flush=True)
    browser.close()


def load(prepared, validation):
    file = prepared / 'index.json'
    if not file.is_file():
        raise SystemExit(f'no prepared clips in {prepared}: run  python3 train/video_data.py  first')
    for entry in json.loads(file.read_text())['clips']:
        if entry['validation'] == validation:
            with np.load(prepared / entry['file']) as arrays:
                yield entry, {k: arrays[k] for k in arrays.files}


class Sampler:
    """Random crops, dihedrally turned: batches (low [N,1,P,P], target [N,1,2P,2P], weight [N,1,1,1]) of float32.

    The weight is one over the squared error of bicubic on the frame out of that encoder, so that every frame and every
    rate counts for the mean PSNR alike; `coarse` adds up to as much again where most of that error is the encoder's, since
    there least can be gained and bicubic is easily fallen below.
    """

    def __init__(self, prepared, patch, keep, clean, coarse, seed):
        self.patch, self.clean = patch, clean
        self.rng = np.random.default_rng(seed)
        self.clips = [c for _, c in load(prepared, validation=False)]
        detail = [c['detail'] for c in self.clips]
        threshold = np.quantile(np.concatenate([d.ravel() for d in detail]), 1 - keep)
        cells = [np.insert(np.argwhere(d >= threshold), 0, i, 1) for i, d in enumerate(detail)]
        self.cells = np.concatenate(cells).astype(np.int32)
        self.weights = [(1 + coarse * (1 - np.minimum(c['error'][:1] / c['error'], 1))) / (c['error'] + 2e-5)  # 2e-5: 47 dB
                        for c in self.clips]
        self.mean = np.mean([w.mean() for w in self.weights])

    def batch(self, count):
        rng, patch = self.rng, self.patch
        low = np.empty((count, 1, patch, patch), np.float32)
        target = np.empty((count, 1, 2 * patch, 2 * patch), np.float32)
        weight = np.empty((count, 1, 1, 1), np.float32)
        for n in range(count):
            i, k, cy, cx = self.cells[rng.integers(len(self.cells))]
            clip = self.clips[i]
            e = 0 if rng.random() < self.clean else rng.integers(1, len(clip['low']))
            y, x = pictures.corner_around((cy, cx), patch, clip['low'].shape[2:], rng)
            lr = clip['low'][e, k, y:y + patch, x:x + patch]
            hr = clip['high'][k, 2 * y:2 * (y + patch), 2 * x:2 * (x + patch)]
            turns = rng.integers(4)
            lr, hr = np.rot90(lr, turns), np.rot90(hr, turns)
            if rng.random() < 0.5:
                lr, hr = lr[:, ::-1], hr[:, ::-1]
            low[n, 0], weight[n] = lr, self.weights[i][e, k] / self.mean
            target[n, 0] = hr
        return low / 65535, target / 255, weight


def load_sampler(recipe, seed):
    """Options: `keep`, the share of the area, most detailed first, that is used; `clean`, of the crops not encoded;
    `coarse`, the additional weight of frames that lost most."""
    options = {'keep': 0.8, 'clean': 0.3, 'coarse': 0, 'prepared': PREPARED, **recipe['options']}
    return Sampler(Path(options['prepared']), recipe['patch'], options['keep'], options['clean'], options['coarse'], seed)


def validation_pairs(recipe, side=240):
    """Of each held-out clip the middle of a frame, not encoded and out of each encoder: [(low, target)] as train.validate."""
    pairs = []
    for _, clip in load(Path({'prepared': PREPARED, **recipe['options']}['prepared']), validation=True):
        h, w = (min(side, s) // 2 * 2 for s in clip['low'].shape[2:])
        y, x = (clip['low'].shape[2] - h) // 2, (clip['low'].shape[3] - w) // 2
        high = clip['high'][0, 2 * y:2 * (y + h), 2 * x:2 * (x + w)].astype(np.float32) / 255
        for plane in clip['low'][:, 0, y:y + h, x:x + w].astype(np.float32) / 65535:
            pairs.append((torch.from_numpy(plane)[None, None], torch.from_numpy(high)[None, None]))
    return pairs


def describe(recipe):
    """What the card says of the data, and (file name, licence, origin) of each picture and clip."""
    index = json.loads((Path({'prepared': PREPARED, **recipe['options']}['prepared']) / 'index.json').read_text())
    used = {f.name for f in picture_files(index['folders'], validation=False)}
    used |= {file for file, *_, validation in SCENES if not validation}
    clips_used = sum(not c['validation'] for c in index['clips'])
    held = ', '.join(f'{file} frames {start} to {stop}' for file, start, stop, validation in SCENES if validation)
    about = (f'{clips_used} clips of {clips.FRAMES} frames, {KEPT} frames of each: cut from the films credited, or made from '
             'pictures by a moving camera, moving parts, waves, captions, grain, fades and cuts, or drawn (cartoons, text); shrunk by antialiased bicubic; '
             'as they are, and out of two encoders each at rates from fine to coarse: H.264, VP9 and AV1 of a browser, x264, '
             f'libvpx, SVT-AV1 and MJPEG of ffmpeg. Held out: {held}, and one picture in nine')
    return about, pictures.credited(index['folders'], used)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', type=Path, nargs='+', default=[pictures.DEFAULT_DATA], help='folders of pictures, searched recursively')
    parser.add_argument('--out', type=Path, default=PREPARED)
    parser.add_argument('--clips', type=int, default=450)
    parser.add_argument('--held-out', type=int, default=30)
    parser.add_argument('--seed', type=int, default=1)
    o = parser.parse_args()
    prepare(o.data, o.out, o.clips, o.held_out, o.seed)
