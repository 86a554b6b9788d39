"""Frames through real encoders and back: the browser's own, and ffmpeg's. For video_data.py."""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent


class Browser:
    """The encoders of the browser that measures, kept open beside us."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(['npx', 'tsx', 'perf/encode.ts'], cwd=ROOT.parent, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def encode(self, frames, codec, crf):
        source, result = (Path(self.folder.name) / name for name in ('in.raw', 'out.raw'))
        np.concatenate([frames, np.full_like(frames[..., :1], 255)], -1).tofile(source)
        job = {'input': str(source), 'output': str(result), 'width': frames.shape[2], 'height': frames.shape[1],
               'codec': codec, 'crf': crf}
        self.process.stdin.write(json.dumps(job) + '\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer.isdigit():
            raise SystemExit(f'the browser could not encode {job}: {answer or "it closed"}')
        return np.fromfile(result, np.uint8).reshape(*frames.shape[:3], 4)[..., :3]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ffmpeg(frames, arguments, full_range=False):
    """The frames through one of ffmpeg's encoders and back, 4:2:0 and BT.601 as browsers take RGB."""
    height, width = frames.shape[1:3]
    kind, levels = ('yuvj420p', 'pc') if full_range else ('yuv420p', 'tv')
    exact = 'flags=bicubic+accurate_rnd+full_chroma_int'
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / 'clip.mkv')
        common = ['ffmpeg', '-v', 'error', '-y', '-threads', '1']
        raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24']
        subprocess.run([*common, *raw, '-s', f'{width}x{height}', '-r', '30', '-i', '-', '-vf',
                        f'scale=out_color_matrix=bt601:out_range={levels}:{exact},format={kind}', *arguments, file],
                       input=frames.tobytes(), check=True, stderr=subprocess.DEVNULL)
        decoded = subprocess.run([*common, '-i', file, '-vf', f'scale=in_color_matrix=bt601:in_range={levels}:{exact}',
                                  '-fps_mode', 'passthrough', *raw, '-'], check=True, capture_output=True).stdout
    return np.frombuffer(decoded, np.uint8).reshape(-1, height, width, 3)


def x264(rng):
    preset = ('ultrafast', 'veryfast', 'medium')[rng.integers(3)]
    profile = ('baseline', 'main', 'high')[rng.integers(1 if preset == 'ultrafast' else 3)]
    rate = ['-crf', str(rng.integers(18, 34))] if rng.random() < 0.6 else ['-qp', str(rng.integers(18, 36))]
    return ['-c:v', 'libx264', '-preset', preset, '-profile:v', profile, *rate]


def draw_encoding(rng):
    """(name, function of frames and browser): one encoder at one rate."""
    kind = rng.random()
    if kind < 0.36:
        crf = int(rng.integers(18, 36))
        return f'browser h264 {crf}', lambda frames, browser: browser.encode(frames, 'h264', crf)
    if kind < 0.56:
        codec, crf = ('vp9', 'av1')[rng.integers(2)], int(rng.integers(18, 48))
        return f'browser {codec} {crf}', lambda frames, browser: browser.encode(frames, codec, crf)
    if kind < 0.80:
        arguments = x264(rng)
    elif kind < 0.86:
        speed = ['-deadline', 'realtime', '-cpu-used', '7'] if rng.random() < 0.5 else ['-deadline', 'good', '-cpu-used', '4']
        arguments = ['-c:v', 'libvpx-vp9', *speed, '-b:v', '0', '-crf', str(rng.integers(20, 48))]
    elif kind < 0.92:
        arguments = ['-c:v', 'libsvtav1', '-preset', '10', '-crf', str(rng.integers(22, 52))]
    else:
        arguments = ['-c:v', 'mjpeg', '-q:v', str(rng.integers(2, 13))]
    return ' '.join(arguments[1:]), lambda frames, _: ffmpeg(frames, arguments, arguments[1] == 'mjpeg')
