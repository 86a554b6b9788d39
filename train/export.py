"""Writes models/NAME.onnx and its card from a checkpoint: `python3 train/export.py image-s`.

The written file is read back and run, and must agree with the network as trained. The card's `figures` are measured in
the browser, by the engine that ships: `npm run card -- NAME`.
"""

import argparse
import datetime
import importlib
import json
from pathlib import Path

import torch

import networks
import onnxgraph
import train
import train_game

MODELS = Path(__file__).resolve().parent.parent / 'models'
METHOD = ('Plain convolutions with PReLU{more} ({shape}); L1, then L2 weighted by picture; SOAP, cosine rate; average of the '
          'weights.')


def credits(sources):
    """Whom the licences of the training material ask to name: `sources` lists (file name, licence, origin)."""
    return [f'{name}: {licence}; {origin}' for name, licence, origin in sources if not licence.startswith(('CC0', 'Public domain'))]


def history_of(state):
    """All stretches of training, those of the run it was started from first. A model's card tells of those before it."""
    start = state['history'][0]['recipe']['start']
    before = history_of(torch.load(train.ROOT.parent / start, map_location='cpu')) if start and not start.endswith('.onnx') else []
    return before + [{**stretch, 'name': state['name']} for stretch in state['history']]


def before(history):
    """The card's commands of the model that training began from, where it did from one."""
    start = history[0]['recipe']['start'] or ''
    return [json.loads((train.ROOT.parent / start).with_suffix('.json').read_text())['command']] if start.endswith('.onnx') else []


def data_of(history):
    """What the card says of all data that the network has seen, last first, and its sources."""
    recipes = {}
    for stretch in reversed(history):  # of several with the same data, the options of the last
        recipes.setdefault(stretch['recipe']['data'], stretch['recipe'])
    told = [importlib.import_module(module).describe(recipe) for module, recipe in recipes.items()]
    sources = dict.fromkeys(source for _, listed in told for source in map(tuple, listed))
    return '. Before that: '.join(about for about, _ in told), list(sources)


def command(stretch):
    """The command of a stretch of training, with what was set otherwise than in its recipe's file."""
    recipe = train.read_recipe(stretch['name'])
    other = [f'{k}={v if isinstance(v, str) else json.dumps(v)}' for k, v in stretch['recipe'].items()
             if recipe.get(k) != v and k not in ('summary', 'program', 'method')]
    program = recipe['program']
    line = f'python3 train/{program}.py {stretch["name"]}' + (f' --set {" ".join(other)}' if other else '')
    return line + (f'  (resumed so at step {stretch["fromStep"]})' if stretch['fromStep'] else '')


def shape_of(network):
    """What goes in and comes out, and its cost."""
    cost = networks.macs_per_pixel(network)
    if networks.input_channels(network) == 1:
        with torch.no_grad():
            scale = network(torch.zeros(1, 1, 8, 8, device=networks.device_of(network))).shape[-1] // 8
        return {'scale': scale, 'input': 'luma', 'macsPerInputPixel': round(cost)}
    return {'input': 'features of 2 x 2 display pixels (src/shaders/game-features.frag)',
            'output': 'decisions for them (src/shaders/game-accumulate.frag)', 'macsPerDisplayPixel': round(cost / 4)}


def check(network, file, device):
    """The largest difference between the trained network and the written file."""
    graph, worst = onnxgraph.Graph(file, device), 0.0
    torch.manual_seed(0)
    for size in ((8, 8), (16, 24), (64, 48)):
        x = torch.rand(1, networks.input_channels(network), *size, device=device)
        with torch.no_grad():
            worst = max(worst, (network(x) - graph(x)).abs().max().item())
    if worst > 1e-5:
        raise SystemExit(f'{file} differs from the checkpoint by {worst:.2e}: at most 1e-5 is rounding')
    return worst


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('name', help='a recipe of train/recipes')
    parser.add_argument('--checkpoint', type=Path, help='default: train/runs/NAME/best.pt, else last.pt')
    parser.add_argument('--out', type=Path, default=MODELS, help='folder for NAME.onnx and NAME.json')
    parser.add_argument('--keep', type=float, default=0, help='how much of the weights that the run began from is left in these, 0 to 1')
    parser.add_argument('--device', choices=('cpu', 'cuda'), default='cpu')
    o = parser.parse_args()
    torch.set_num_threads(1)
    recipe = train.read_recipe(o.name)
    best, last = (train.RUNS / o.name / file for file in ('best.pt', 'last.pt'))
    checkpoint = o.checkpoint or (best if best.is_file() else last)  # what gan.py trains has no best one
    if not checkpoint.is_file():
        raise SystemExit(f'no checkpoint {checkpoint}: train first, or give --checkpoint')
    state = torch.load(checkpoint, map_location=o.device)
    shape = state['recipe']['shape']
    network = networks.create(shape).to(o.device).eval()
    network.load_state_dict(state['average'])
    if o.keep:
        begun = networks.create(shape).to(o.device)
        train.begin_from(begun, train.ROOT.parent / state['history'][0]['recipe']['start'])
        network.load_state_dict({name: torch.lerp(w, begun.state_dict()[name], o.keep) for name, w in state['average'].items()})

    o.out.mkdir(parents=True, exist_ok=True)
    file = o.out / f'{o.name}.onnx'
    onnxgraph.write(network, file, recipe['summary'], networks.input_channels(network))
    worst = check(network, file, o.device)
    history = history_of(state)
    exported = [f'python3 train/export.py {o.name} --keep {o.keep}'] if o.keep else []
    about, sources = data_of(history)
    parts = {type(part) for part in network.modules()}
    more = ', filters of each pixel\'s own beside the last' if networks.Filtered in parts else ''
    more += ', then a step of back-projection' if networks.BackProjected in parts else ''
    card = {
        'name': o.name, 'file': file.name, 'summary': recipe['summary'], **shape_of(network), 'parameters': networks.parameter_count(network),
        'licence': 'MIT', 'credits': credits(sources), 'data': about, 'recipe': (recipe['method'] or METHOD).format(shape=shape, more=more),
        'command': '; then '.join(before(history) + [command(stretch) for stretch in history] + exported), 'steps': state['step'],
        **({} if o.keep else {'validationPsnr': round(state['score'], 3)}), 'figures': {}, 'date': datetime.date.today().isoformat(),
    }
    (o.out / f'{o.name}.json').write_text(json.dumps(card, indent=2) + '\n')
    if recipe['program'] == 'train_game':
        print(f'{file}: in the engine within {train_game.check_engine(network, file):.2f} levels')
    print(f'{file}: agrees with the checkpoint within {worst:.1e}. Now: npm run card -- {o.name}')
