"""Measures ONNX files on folders of pictures: `python3 train/evaluate.py models/image-s.onnx --sets Set5 Set14`.

The protocol of the published tables, x2 or as much as the network enlarges: truth cropped to a multiple of it, shrunk by
antialiased bicubic to 8-bit RGB, luma through the network, colour difference by bicubic, PSNR and SSIM on BT.601 luma of
the 8-bit result, as many pixels of border cropped. Sets measure; nothing is trained on them and nothing is chosen by them.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import imaging
from onnxgraph import Graph

EVALUATION = Path(__file__).resolve().parent.parent.parent / 'shared' / 'data' / 'eval'


def run(graph, plane, device='cpu'):
    """Luma [H,W] to luma [2H,2W], or 3. The edge is repeated to even sizes, as the engine does, for networks that halve."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, height % 2), (0, width % 2)), mode='edge')
    out = graph(torch.from_numpy(padded)[None, None].to(device))[0, 0].clamp(0, 1).cpu().numpy()
    scale = out.shape[0] // padded.shape[0]
    return out[:scale * height, :scale * width]


def measure(graph, folder, device='cpu'):
    """{'psnr', 'ssim', 'rows'} of a network, or of bicubic x2 where graph is None."""
    scale = graph(torch.zeros(1, 1, 8, 8, device=device)).shape[-1] // 8 if graph else 2
    rows = []
    for file in imaging.picture_files(folder):
        truth = imaging.crop_to_multiple(Image.open(file).convert('RGB'), scale)
        low = imaging.shrink(truth, scale)
        enlarged = low.resize(truth.size, Image.Resampling.BICUBIC)
        if graph:
            enlarged = imaging.with_luma(run(graph, imaging.luma(low), device), enlarged)
        a, b = imaging.studio_luma(truth), imaging.studio_luma(enlarged)
        rows.append({'item': file.name, 'psnr': imaging.psnr(a, b, scale), 'ssim': imaging.ssim(a, b, scale)})
    return {'psnr': round(float(np.mean([r['psnr'] for r in rows])), 3),
            'ssim': round(float(np.mean([r['ssim'] for r in rows])), 4), 'rows': rows}


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('models', nargs='*', help='.onnx files; bicubic is measured beside them')
    parser.add_argument('--sets', nargs='+', default=['Set5', 'Set14', 'Kodak24'], help='folder names in --data')
    parser.add_argument('--data', type=Path, default=EVALUATION)
    parser.add_argument('--items', action='store_true', help='one line for each picture too')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--device', choices=('cpu', 'cuda'), default='cpu')
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    for model in ['bicubic', *o.models]:
        graph = None if model == 'bicubic' else Graph(model, o.device)
        for name in o.sets:
            result = measure(graph, o.data / name, o.device)
            if o.items:
                for row in result['rows']:
                    print(json.dumps({'method': Path(model).stem, 'set': name, **row}))
            print(f'{Path(model).stem:12s} {name:8s} {result["psnr"]:.3f} dB  SSIM {result["ssim"]:.4f}', flush=True)
