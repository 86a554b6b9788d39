/** The state of the game page, from the address and the panel, and the panel itself. */
import type GUI from 'lil-gui';
import { INSPECT_VIEWS, type InspectView } from '../../src/three';
import { builtInModels } from '../../src/upscale/models';
import { METHODS, type Method } from '../../src/upscale/types';
import { createGui } from '../shared/gui';
import type { Params } from '../shared/params';
import { loop } from './world';

export interface GameState {
  method: Method;
  model: string;
  ratio: number;
  auto: boolean;
  targetFps: number;
  sharpness: number;
  /** Coverage samples a rendered pixel (MSAA). */
  samples: number;
  compare: boolean;
  /** Where the split is, 0..1. */
  split: number;
  compareWith: Method;
  quality: boolean;
  frozen: boolean;
  /** What is shown of the temporal path in place of the picture. */
  inspect: InspectView | 'picture';
  /** Seconds of the world. */
  time: number;
  panels: boolean;
}

export const models: readonly string[] = builtInModels.filter((name) => !name.endsWith('-x3'));

/**
 * The address decides what the page starts with; the rest is what a visitor should see first.
 * Coverage samples are for what does not gather samples over frames, and where they do not cost what upscaling saves.
 * @param software the GPU is the processor
 */
export function readState(params: Params, software: boolean): GameState {
  const compare = params.text('compare');
  const off = compare === 'off' || compare === 'none';
  const time = params.number('time', 0, -1e6, 1e6);
  const auto = params.text('ratio') === 'auto';
  const model = params.text('model') ?? 'game-s';
  return {
    method: params.choice('method', 'network', METHODS),
    model,
    ratio: auto ? 2 : params.number('ratio', 2, 1, 3),
    auto,
    targetFps: params.number('fps', 60, 1, 240),
    sharpness: params.number('sharpness', 0.2, 0, 1),
    samples: Math.round(params.number('samples', software || model.startsWith('game') ? 0 : 4, 0, 8)),
    compare: !off,
    split: off ? 0.5 : params.number('compare', 0.5, 0, 1),
    compareWith: params.choice('compareWith', 'native', METHODS),
    quality: params.text('quality') !== 'off',
    frozen: params.has('time'),
    inspect: params.choice('inspect', 'picture', ['picture', ...INSPECT_VIEWS]),
    time,
    panels: params.text('panels') !== 'off',
  };
}

export interface PanelActions {
  /** Something in the state changed; `name` says what. */
  changed(name: keyof GameState): void;
  openFile(): void;
  loseContext(): void;
  share(): void;
}

/** The panel at the right. `refresh` shows values that changed elsewhere; `addModel` adds a dropped network to the list. */
export function createPanel(
  state: GameState,
  actions: PanelActions,
): { gui: GUI; refresh(): void; addModel(name: string): void } {
  const gui = createGui('Settings');
  const on = (name: keyof GameState) => () => actions.changed(name);
  gui
    .add(state, 'method', [...METHODS])
    .name('Method')
    .onChange(on('method'));
  const known = [...new Set([...models, state.model])];
  const model = gui.add(state, 'model', known).name('Model').onChange(on('model'));
  gui.add(state, 'ratio', 1, 3, 0.05).name('Ratio').onChange(on('ratio'));
  gui.add(state, 'sharpness', 0, 1, 0.01).name('Sharpness').onChange(on('sharpness'));
  gui.add(state, 'samples', [0, 2, 4, 8]).name('MSAA samples').onChange(on('samples'));
  const hold = gui.addFolder('Hold a frame rate').close();
  hold.add(state, 'auto').name('Ratio follows').onChange(on('auto'));
  hold.add(state, 'targetFps', 15, 144, 1).name('Frames/s').onChange(on('targetFps'));
  const compare = gui.addFolder('Compare');
  compare.add(state, 'compare').name('Split').onChange(on('compare'));
  compare
    .add(state, 'compareWith', [...METHODS])
    .name('Left side')
    .onChange(on('compareWith'));
  compare.add(state, 'quality').name('Measure quality').onChange(on('quality'));
  const world = gui.addFolder('World').close();
  world.add(state, 'frozen').name('Freeze').onChange(on('frozen'));
  world.add(state, 'time', 0, loop, 0.1).name('Second').onChange(on('time'));
  world.add(actions, 'openFile').name('Open a .glb, .gltf or .onnx…');
  const debug = gui.addFolder('Debug').close();
  debug.add(state, 'panels').name('Graphs').onChange(on('panels'));
  debug.add(actions, 'share').name('Copy link to this view');
  debug.add(actions, 'loseContext').name('Lose the GPU context');
  return {
    gui,
    refresh() {
      for (const controller of gui.controllersRecursive()) controller.updateDisplay();
    },
    addModel(name) {
      if (!known.includes(name)) known.push(name);
      model.options(known).name('Model').onChange(on('model'));
    },
  };
}
