/** The game demo: the street rendered small, shown large, with the controls and numbers of the page around it. */
import * as THREE from 'three';
import { isSoftware } from '../../src/render/renderer';
import { INSPECT_VIEWS, SceneUpscaler } from '../../src/three';
import { createCompare } from '../shared/compare';
import { createDrop } from '../shared/drop';
import { createHud, nameOf } from '../shared/hud';
import { bindKeys, viewKeys } from '../shared/keys';
import { createPage, requireWebGL2 } from '../shared/page';
import { createPanels } from '../shared/panels';
import { readParams } from '../shared/params';
import { createPanel, type GameState, readState } from './controls';
import { type Shown, showModel } from './model';
import { createPilot } from './pilot';
import { createScene } from './world';

/** What M goes through. */
const WAYS: readonly (Pick<GameState, 'method'> & Partial<Pick<GameState, 'model'>> & { label: string })[] = [
  { method: 'native', label: 'Native: every pixel rendered' },
  { method: 'network', model: 'image-s', label: 'Spatial: image-s, one frame at a time' },
  { method: 'temporal', label: 'Temporal: frames gathered by rules' },
  { method: 'network', model: 'game-s', label: 'game-s: frames gathered by a small network' },
  { method: 'network', model: 'game-m', label: 'game-m: frames gathered by a network' },
];

const INSPECTED: Record<GameState['inspect'], string> = {
  picture: 'The picture',
  motion: 'Motion: hue is the direction, strength the length',
  disocclusion: 'Disocclusion: red where history is not believed',
  age: 'Age: how much history has gathered, bright is much',
  decisions: 'Decisions: green keeps history, red doubts it; blue adds to luma',
  error: 'Error against four samples a pixel, four times as strong',
};

const page = createPage({ current: 'game', title: 'a game, rendered small and shown large' });

async function start(): Promise<void> {
  const params = readParams();
  const fixedSize = params.size('size');
  if (params.text('ui') === 'off') document.body.classList.add('is-bare');
  page.loading('Building the street');

  const renderer = new THREE.WebGLRenderer({ antialias: false, powerPreference: 'high-performance' });
  const state = readState(params, isSoftware(renderer.getContext()));
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  renderer.toneMappingExposure = 1.05;
  renderer.info.autoReset = true;
  const canvas = renderer.domElement;
  canvas.tabIndex = -1;
  canvas.setAttribute('aria-label', 'The street, rendered live');
  page.stage.prepend(canvas);
  const world = await createScene(renderer);
  const { scene, camera } = world;

  // A network someone dropped lives under its file name.
  const dropped = new Map<string, Uint8Array>();
  const modelOf = () => dropped.get(state.model) ?? state.model;
  const options = () => ({
    method: state.method,
    ratio: state.auto ? ('auto' as const) : state.ratio,
    targetFps: state.targetFps,
    sharpness: state.sharpness,
    samples: state.samples,
    compare: state.compare && state.method !== 'native' ? state.split : null,
    compareWith: state.compareWith,
    quality: state.quality,
    inspect: state.inspect === 'picture' ? null : state.inspect,
  });
  /** Only what changed: a new method or ratio starts the measurements afresh, a moved split must not. */
  const changesFor = (name: keyof GameState) => {
    const { method, ratio, targetFps, sharpness, samples, compare, compareWith, quality, inspect } = options();
    if (name === 'method') return { method, compare };
    if (name === 'ratio' || name === 'auto' || name === 'targetFps') return { ratio, targetFps };
    if (name === 'sharpness') return { sharpness };
    if (name === 'samples') return { samples };
    if (name === 'compareWith') return { compareWith };
    if (name === 'quality') return { quality };
    if (name === 'inspect') return { inspect };
    return { compare };
  };
  const onFallback = (message: string) => {
    console.warn(message);
    page.toast(message, 'error');
  };
  const create = (model: string) => SceneUpscaler.create(renderer, { ...options(), model, onFallback });
  const upscaler = await create(state.model).catch((error: Error) => {
    params.problems.push(error.message);
    state.model = 'image-s';
    return create(state.model);
  });

  let shown: Shown | null = null;
  const pilot = createPilot({ camera, surface: canvas, flight: world.flight });
  const compare = createCompare(page.stage, {
    position: state.split,
    onChange(position) {
      state.split = position;
      apply('split');
    },
  });
  const panels = createPanels(page.dock);
  const hud = createHud(page.dock);
  const drop = createDrop({
    accept: '.glb,.gltf,.onnx',
    label: 'Drop a .glb model into the square, or an .onnx network',
    onFile: open,
    onReject: (file) => page.toast(`${file.name}: a .glb, .gltf or .onnx file is wanted here`, 'error'),
  });

  async function open(file: File): Promise<void> {
    try {
      if (file.name.toLowerCase().endsWith('.onnx')) {
        dropped.set(file.name, new Uint8Array(await file.arrayBuffer()));
        await upscaler.set({ model: dropped.get(file.name)!, method: 'network' });
        state.model = file.name;
        state.method = 'network';
        panel.addModel(file.name);
        apply('model', false);
        page.toast(`${file.name} is running`);
        return;
      }
      const next = await showModel(file, world.pedestal);
      shown = next; // what stood there before goes with the pedestal's children
      pilot.show(next);
      upscaler.reset();
      page.toast(`${file.name} stands in the square. G flies on.`);
    } catch (error) {
      dropped.delete(file.name);
      page.toast((error as Error).message, 'error');
    }
  }

  /** Brings everything in line with the state after `name` changed. */
  function apply(name: keyof GameState, withModel = true): void {
    upscaler.set(changesFor(name)).catch(fail);
    if (name === 'model' && withModel) {
      upscaler.set({ model: modelOf() }).catch((error: Error) => {
        fail(error);
        state.model = String(upscaler.stats.model);
        panel.refresh();
      });
    }
    if (name === 'frozen' || name === 'time') upscaler.reset();
    panels.root.hidden = !state.panels;
    layoutCompare();
    if (name !== 'split') panel.refresh();
  }
  const fail = (error: Error) => page.toast(error.message, 'error');

  function layoutCompare(): void {
    compare.show(state.compare && state.method !== 'native');
    compare.labels(nameOf({ method: state.compareWith }), nameOf(state), 'right');
  }

  const panel = createPanel(state, {
    changed: (name) => apply(name),
    openFile: drop.pick,
    share() {
      const query = new URLSearchParams({
        method: state.method,
        model: state.model,
        ratio: state.auto ? 'auto' : String(state.ratio),
        sharpness: String(state.sharpness),
        compare: state.compare ? state.split.toFixed(3) : 'off',
        compareWith: state.compareWith,
        time: state.time.toFixed(2),
      });
      const url = `${location.origin}${location.pathname}?${query}`;
      navigator.clipboard.writeText(url).then(
        () => page.toast('Link copied'),
        () => page.toast(url),
      );
    },
    loseContext() {
      const extension = renderer.getContext().getExtension('WEBGL_lose_context');
      extension?.loseContext();
      setTimeout(() => extension?.restoreContext(), 600);
    },
  });

  let upscaled: GameState['method'] = 'network'; // what T comes back to
  bindKeys([
    {
      key: 't',
      label: 'Upscaling',
      run() {
        const next = state.method === 'native' ? upscaled : 'native';
        if (next === 'native') upscaled = state.method;
        state.method = next;
        apply('method');
        page.toast(state.method === 'native' ? 'Upscaling off: rendered at full size' : 'Upscaling on');
      },
    },
    {
      key: 'c',
      label: 'Compare',
      run() {
        state.compare = !state.compare;
        apply('compare');
      },
    },
    {
      key: 'm',
      label: 'Method',
      run() {
        const at = WAYS.findIndex((way) => way.method === state.method && (way.model ?? state.model) === state.model);
        const { label, ...next } = WAYS[(at + 1) % WAYS.length]!;
        Object.assign(state, next);
        if (next.model) apply('model');
        apply('method');
        page.toast(label);
      },
    },
    {
      key: 'v',
      label: 'Look inside',
      run() {
        const views = ['picture', ...INSPECT_VIEWS] as const;
        state.inspect = views[(views.indexOf(state.inspect) + 1) % views.length]!;
        apply('inspect');
        page.toast(INSPECTED[state.inspect]);
      },
    },
    {
      key: 'g',
      label: 'Fly on',
      run() {
        if (pilot.mode === 'show') pilot.show(null);
        else pilot.release();
      },
    },
    ...viewKeys(),
  ]);

  function resize(): void {
    const width = fixedSize?.[0] ?? Math.max(1, page.stage.clientWidth);
    const height = fixedSize?.[1] ?? Math.max(1, page.stage.clientHeight);
    // Beyond 2 the eye gains nothing and the GPU pays for every pixel.
    renderer.setPixelRatio(fixedSize ? 1 : Math.min(window.devicePixelRatio, 2));
    renderer.setSize(width, height);
    camera.aspect = width / height;
    // Narrow windows keep the street's width in view.
    camera.fov =
      camera.aspect < 1.2
        ? 2 *
          THREE.MathUtils.radToDeg(
            Math.atan(Math.tan(THREE.MathUtils.degToRad(29)) * Math.min(1.7, 1.2 / camera.aspect)),
          )
        : 58;
    camera.updateProjectionMatrix();
    const stage = page.stage.getBoundingClientRect();
    compare.area(
      fixedSize ? { left: (stage.width - width) / 2, top: (stage.height - height) / 2, width, height } : null,
    );
  }
  new ResizeObserver(resize).observe(page.stage);
  watchPixelRatio(resize);
  resize();
  canvas.addEventListener('webglcontextlost', () => page.toast('The GPU context is lost; waiting for it to come back'));
  canvas.addEventListener('webglcontextrestored', () => page.toast('The GPU context is back'));

  layoutCompare();
  panels.root.hidden = !state.panels;
  let last = performance.now();
  let statsAt = 0;
  let frames = 0;
  renderer.setAnimationLoop((now: number) => {
    const step = Math.min(0.5, Math.max(0, (now - last) / 1000)); // a tab that slept does not jump
    last = now;
    if (!state.frozen) state.time += step;
    world.animate(state.time);
    shown?.update(state.time);
    pilot.update(state.time, step);
    upscaler.render(scene, camera);
    if (++frames === 1) {
      requestAnimationFrame(() => {
        page.ready();
        for (const problem of params.problems) page.toast(problem, 'error'); // now that someone can see them
      });
    }
    if (now - statsAt < 100) return;
    statsAt = now;
    const numbers = { ...upscaler.stats, model: state.model };
    hud.update(numbers);
    panels.update(numbers);
  });
}

/** Calls back when the window moves to a screen of another density, or is zoomed. */
function watchPixelRatio(callback: () => void): void {
  matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
    'change',
    () => {
      callback();
      watchPixelRatio(callback);
    },
    { once: true },
  );
}

if (requireWebGL2(page)) {
  start().catch((error: Error) => {
    console.error(error);
    page.fatal('The demo could not start', error.message);
  });
}
