"""Writes models/NAME.onnx and its card from a checkpoint: `python3 train/export.py image-s`.

The averaged weights are collapsed to the plain chain. The written file is read back and run, and must agree with the
network as trained; then it is measured, and the card holds what was measured.
"""

import argparse
import datetime
import json
from pathlib import Path

import torch
import torch.nn.functional as F

import data
import evaluate
import networks
import onnxgraph
import train

MODELS = Path(__file__).resolve().parent.parent / 'models'
SUMMARY = {
    'image-s': 'Still pictures, x2, luma. The small one, for weak GPUs and video rate.',
    'image-m': 'Still pictures, x2, luma. The default: four times the arithmetic of image-s.',
}
RECIPE = ('3x3 PReLU chain with the input added to the four sub-pixels; each kernel trained as a sum of linear branches '
          '(3x3, 3x3-1x1, Sobel/Laplacian, identity) and collapsed; L1, then L2; Adam, cosine rate; average of the '
          'weights; dihedral turns; each picture at up to five sizes; bicubic and, for {other:.0%} of crops, box, Lanczos or '
          'bilinear down-scaling, 8 bit.')


def credits(index):
    """Whom the training pictures' licences ask to name, from SOURCES.tsv beside the data."""
    used = {plane['picture'] for plane in index['planes']}
    result = []
    for folder in map(Path, index['folders']):
        table = folder.resolve().parent / 'SOURCES.tsv'
        if not table.is_file():
            raise SystemExit(f'no {table}: the card must say whose pictures were used')
        for line in table.read_text().splitlines()[1:]:
            file, licence, source = line.split('\t')
            if Path(file).name in used and not licence.startswith(('CC0', 'Public domain')):
                result.append(f'{Path(file).name}: {licence}; {source}')
    return result


def history_of(state):
    """All stretches of training, those of the run it was started from first."""
    start = state['history'][0]['settings']['start']
    return (history_of(torch.load(start, map_location='cpu')) if start else []) + state['history']


def command(stretch):
    settings = stretch['settings']
    keys = ['steps', 'batch', 'patch', 'rate', 'l2-from', 'other-share', 'keep', 'even', 'wide', 'seed'] + ['start'] * (settings['start'] is not None)
    line = ' '.join(['python3 train/train.py', settings['name']] + [f'--{k} {settings.get(k.replace("-", "_"), 0)}' for k in keys])
    line += ' --no-drawn' if settings.get('no_drawn') else ''
    return line + (f'  (stopped and resumed so at step {stretch["fromStep"]})' if stretch['fromStep'] else '')


def check(network, file, device):
    """The largest difference between the trained network and the written file, odd sizes included."""
    graph, worst = onnxgraph.Graph(file, device), 0.0
    torch.manual_seed(0)
    for size in ((1, 1), (7, 13), (64, 48)):
        x = torch.rand(1, 1, *size, device=device)
        with torch.no_grad():
            worst = max(worst, (F.pixel_shuffle(network(x), 2) - graph(x)).abs().max().item())
    if worst > 1e-5:
        raise SystemExit(f'{file} differs from the checkpoint by {worst:.2e}: at most 1e-5 is rounding')
    return worst


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('name', choices=networks.SHAPES)
    parser.add_argument('--checkpoint', type=Path, help='default: train/runs/NAME/best.pt')
    parser.add_argument('--out', type=Path, default=MODELS, help='folder for NAME.onnx and NAME.json')
    parser.add_argument('--prepared', type=Path, default=data.PREPARED)
    parser.add_argument('--eval', type=Path, default=evaluate.EVALUATION)
    parser.add_argument('--device', choices=('cpu', 'cuda'), default='cpu')
    o = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = o.checkpoint or train.RUNS / o.name / 'best.pt'
    if not checkpoint.is_file():
        raise SystemExit(f'no checkpoint {checkpoint}: train first, or give --checkpoint')
    state = torch.load(checkpoint, map_location=o.device)
    if state['name'] != o.name:
        raise SystemExit(f'{checkpoint} holds {state["name"]}, not {o.name}')
    history = history_of(state)
    trained_with = history[-1]['settings']
    index = json.loads((o.prepared / 'index.json').read_text())
    network = networks.create(o.name, trained_with['wide']).to(o.device).eval()
    network.load_state_dict(state['average'])
    layers = network.layers()

    o.out.mkdir(parents=True, exist_ok=True)
    file = o.out / f'{o.name}.onnx'
    onnxgraph.write(layers, file, SUMMARY[o.name])
    worst = check(network, file, o.device)
    figures = {}
    for name in ('Set5', 'Set14', 'Kodak24'):
        result = evaluate.measure(onnxgraph.Graph(file, o.device), o.eval / name, o.device)
        figures[name] = {'psnr': result['psnr'], 'ssim': result['ssim']}
    pictures = len({p['picture'] for p in index['planes']}) - index['drawn']
    card = {
        'name': o.name, 'file': file.name, 'summary': SUMMARY[o.name], 'scale': 2, 'input': 'luma',
        'macsPerInputPixel': networks.macs_per_pixel(layers), 'parameters': networks.parameter_count(layers),
        'licence': 'MIT', 'credits': credits(index),
        'data': f'{pictures} pictures (CC0, public domain, or credited above; sources in the project\'s SOURCES.tsv) and '
                f'{index["drawn"]} drawn ones of text and shapes; one in nine held out for validation',
        'recipe': RECIPE.format(other=trained_with['other_share']),
        'command': '; then '.join(map(command, history)), 'steps': state['step'], 'validationPsnr': round(state['score'], 3),
        'figures': figures, 'date': datetime.date.today().isoformat(),
    }
    (o.out / f'{o.name}.json').write_text(json.dumps(card, indent=2) + '\n')
    print(f'{file}: agrees with the checkpoint within {worst:.1e}')
    print(json.dumps(figures))
