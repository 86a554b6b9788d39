"""Pictures, luma, down-scaling and the two quality figures, as the published Set5/Set14 tables define them."""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import correlate1d

PICTURES = {'.png', '.jpg', '.jpeg', '.bmp', '.tif', '.tiff', '.webp'}
# PIL's filters widen with the reduction, so all of these are antialiased. BICUBIC has a = -0.5, as MATLAB's imresize.
FILTERS = {
    'bicubic': Image.Resampling.BICUBIC,
    'box': Image.Resampling.BOX,
    'lanczos': Image.Resampling.LANCZOS,
    'bilinear': Image.Resampling.BILINEAR,
}


def picture_files(folder):
    folder = Path(folder)
    if not folder.is_dir():
        raise SystemExit(f'no such folder: {folder} (the training pictures are looked for in ../shared/data/train, see --data)')
    files = sorted(f for f in folder.rglob('*') if f.suffix.lower() in PICTURES)
    if not files:
        raise SystemExit(f'no picture in {folder}: expected files ending in {", ".join(sorted(PICTURES))}')
    return files


def crop_to_multiple(picture, ratio):
    width, height = picture.size
    return picture.crop((0, 0, width - width % ratio, height - height % ratio))


def shrink(picture, ratio=2, kind='bicubic'):
    """8-bit RGB, rounded once: PIL rounds 8-bit pictures after each axis, so its filters run on floats here."""
    size = (picture.width // ratio, picture.height // ratio)
    planes = [Image.fromarray(np.asarray(plane, np.float32)).resize(size, FILTERS[kind]) for plane in picture.split()]
    return Image.fromarray((np.clip(np.stack(planes, -1), 0, 255) + 0.5).astype(np.uint8))


def luma(rgb):
    """Full-range BT.601 Y' of 8-bit sRGB-encoded RGB, in [0, 1]: what the networks read and write."""
    return (np.asarray(rgb, np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)) / 255


def studio_luma(rgb):
    """BT.601 luma in 16..235: what PSNR and SSIM are measured on."""
    return 16 + (np.asarray(rgb, np.float64) / 255) @ np.array([65.481, 128.553, 24.966])


def with_luma(luma_plane, rgb):
    """8-bit RGB with the colour difference of `rgb` and another luma, as the renderer recombines them."""
    rgb = np.asarray(rgb, np.float32) / 255
    change = luma_plane - luma(rgb * 255)
    return (np.clip(rgb + change[..., None], 0, 1) * 255 + 0.5).astype(np.uint8)


def psnr(a, b, border):
    error = (a - b)[border:-border, border:-border]
    return float(10 * np.log10(255 ** 2 / max(np.mean(error ** 2), 1e-10)))


def ssim(a, b, border):
    """Wang et al. 2004: 11x11 Gaussian window, sigma 1.5, windows wholly inside the picture."""
    taps = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5 ** 2))
    taps /= taps.sum()
    a, b = (p[border:-border, border:-border] for p in (a, b))

    def mean(p):
        return correlate1d(correlate1d(p, taps, axis=0), taps, axis=1)[5:-5, 5:-5]

    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b, cov = mean(a * a) - mean_a ** 2, mean(b * b) - mean_b ** 2, mean(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    score = (2 * mean_a * mean_b + c1) * (2 * cov + c2) / ((mean_a ** 2 + mean_b ** 2 + c1) * (var_a + var_b + c2))
    return float(score.mean())
