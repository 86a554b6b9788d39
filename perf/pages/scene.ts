import * as THREE from 'three';
import { SMAAPass } from 'three/addons/postprocessing/SMAAPass.js';
import { createPictureTarget, renderInto, textureHandle, withJitter } from '../../src/render/bridge.ts';
import { withLodBias } from '../../src/render/lod-bias.ts';
import { SceneUpscaler } from '../../src/three.ts';
import type { MethodSpec } from '../methods.ts';
import type { Picture } from '../metrics.ts';
import { boxShrink } from '../resize.ts';
import { type FrameFigures, FrameRecord, Truth } from './frames.ts';
import { flipped, savePicture } from './picture.ts';
import { createRunner, importFunction, strictOptions, throwIfFallen } from './runners.ts';

/** `quality scene`, the page's half: one module, rendered frame by frame at fixed times by every method. */

/** What a scene module's `createScene` returns (contract 2). */
interface SceneModule {
  scene: THREE.Scene;
  camera: THREE.PerspectiveCamera;
  update(seconds: number): void;
  cuts?: number[];
}

/** Time between frames: the display rate that most viewers have. */
const STEP = 1 / 60;

/** Samples per display pixel and axis: 4 x 4 = 16. */
const TRUTH_SCALE = 4;

export interface SceneSetup {
  module: string;
  specs: MethodSpec[];
  ratio: number;
  size: [number, number];
  frames: number;
  save: boolean;
}

interface SceneMethod {
  readonly name: string;
  picture(reset: boolean): Promise<Picture>;
}

let setupOf: SceneSetup;
let renderer: THREE.WebGLRenderer;
let world: World;
/** Made anew from the module, for methods that cannot share a scene with others; posed in step with the first. */
let copies: World[] = [];
let makeWorld: () => Promise<World>;
/** Seconds shown now. */
let now = 0;
let drawTruth: () => Picture;
let methods: SceneMethod[] = [];
let records = new Map<string, FrameRecord>();
let cutFrames: number[] = [];

/** Where a world stands in its run of random numbers. */
interface Chance {
  state: number;
}

/** A scene module's work, with a run of chance of its own: worlds made from one module stay alike, whatever else is drawn. */
type World = SceneModule & { chance: Chance };

let chance: Chance;

/** mulberry32 (Tommy Ettinger, public domain): chance in a scene module must fall the same way in every run. */
function seedRandom(): void {
  Math.random = () => {
    chance.state = (chance.state + 0x6d2b79f5) >>> 0;
    let t = chance.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Loaders that `createScene` did not wait for still have to be done before the first frame: how many are at work. */
function countLoads(): () => number {
  const manager = THREE.DefaultLoadingManager;
  const { itemStart, itemEnd } = manager;
  let open = 0;
  manager.itemStart = (url) => {
    open++;
    itemStart.call(manager, url);
  };
  manager.itemEnd = (url) => {
    open--;
    itemEnd.call(manager, url);
  };
  return () => open;
}

async function finished(loads: () => number): Promise<void> {
  const end = performance.now() + 60_000;
  while (loads() > 0) {
    if (performance.now() > end) throw new Error('upframe: the scene module is still loading files after a minute');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function readTarget(target: THREE.WebGLRenderTarget): Picture {
  const { width, height } = target;
  const data = new Uint8Array(width * height * 4);
  renderer.readRenderTargetPixels(target, 0, 0, width, height, data);
  return flipped({ width, height, data });
}

/** Rendered `TRUTH_SCALE` times as large a side, and averaged. */
function largeTruth([width, height]: [number, number]): () => Picture {
  const most = renderer.capabilities.maxTextureSize;
  if (Math.max(width, height) * TRUTH_SCALE > most) {
    throw new Error(
      `upframe: truth of ${width}x${height} takes more than this GPU's ${most} pixels a side; choose a smaller --size`,
    );
  }
  const target = createPictureTarget('truth', [width * TRUTH_SCALE, height * TRUTH_SCALE]);
  return () => {
    renderInto(renderer, target, world.scene, world.camera, { pointShare: TRUTH_SCALE });
    return boxShrink(readTarget(target), TRUTH_SCALE);
  };
}

/** GL draws a line one pixel wide, whatever the pixel: in a large picture it would be a quarter as wide as on the canvas. */
function hasThinLines(scene: THREE.Scene): boolean {
  let lines = false;
  scene.traverse((object) => {
    const { material } = object as THREE.Mesh;
    const wireframe = [material ?? []].flat().some((one) => (one as THREE.MeshBasicMaterial).wireframe);
    lines ||= (object as THREE.Line).isLine === true || wireframe;
  });
  return lines;
}

/** As many renders of the canvas's own size, moved by parts of a pixel, textures as sharp as in the large one, averaged. */
function jitteredTruth(size: [number, number]): () => Picture {
  const target = createPictureTarget('truth', size);
  const projection = new THREE.Matrix4();
  const place = (i: number) => (i + 0.5) / TRUTH_SCALE - 0.5;
  return () => {
    const { scene, camera } = world;
    const sums = new Uint32Array(size[0] * size[1] * 4);
    for (let i = 0; i < TRUTH_SCALE ** 2; i++) {
      const jitter = [place(i % TRUTH_SCALE), place(Math.floor(i / TRUTH_SCALE))] as const;
      withJitter(renderer, camera, size, jitter, projection, () =>
        withLodBias(renderer, scene, TRUTH_SCALE / 2, () => renderInto(renderer, target, scene, camera)),
      );
      const { data } = readTarget(target);
      for (let at = 0; at < sums.length; at++) sums[at]! += data[at]!;
    }
    return {
      width: size[0],
      height: size[1],
      data: Uint8Array.from(sums, (sum) => Math.round(sum / TRUTH_SCALE ** 2)),
    };
  };
}

function nativeMethod(name: string, samples: number): SceneMethod {
  const target = createPictureTarget(name, setupOf.size);
  target.samples = samples;
  return {
    name,
    async picture() {
      renderInto(renderer, target, world.scene, world.camera);
      return readTarget(target);
    },
  };
}

/** SMAA 1x (Jimenez et al. 2012) as three ships it, on the picture as shown: its thresholds are for tone-mapped sRGB. */
async function smaaMethod(name: string): Promise<SceneMethod> {
  const { size } = setupOf;
  const [drawn, smoothed] = ['native', name].map((part) => createPictureTarget(part, size)) as [
    THREE.WebGLRenderTarget,
    THREE.WebGLRenderTarget,
  ];
  const smaa = new SMAAPass();
  smaa.setSize(...size);
  await smaaTables(smaa);
  return {
    name,
    async picture() {
      renderInto(renderer, drawn, world.scene, world.camera);
      smaa.render(renderer, smoothed, drawn, 0, false);
      renderer.setRenderTarget(null);
      return readTarget(smoothed);
    },
  };
}

/** The pass decodes its two look-up pictures in its own time, and has no promise for that. */
async function smaaTables(smaa: SMAAPass): Promise<void> {
  const { _areaTexture, _searchTexture } = smaa as unknown as Record<string, THREE.Texture<HTMLImageElement>>;
  for (const texture of [_areaTexture!, _searchTexture!]) {
    await texture.image!.decode();
    texture.needsUpdate = true;
  }
}

async function upscalerMethod(spec: MethodSpec): Promise<SceneMethod> {
  const { ratio, size } = setupOf;
  const upscaler = await SceneUpscaler.create(renderer, strictOptions(spec, ratio));
  const target = createPictureTarget(spec.name, size);
  return {
    name: spec.name,
    async picture(reset) {
      if (reset) upscaler.reset();
      renderer.setRenderTarget(target);
      upscaler.render(world.scene, world.camera);
      renderer.setRenderTarget(null);
      throwIfFallen(upscaler.stats.fallback, spec);
      return readTarget(target);
    },
  };
}

/** The world once more, for a method to do with as it likes. */
async function createCopy(): Promise<{ scene: THREE.Scene; camera: THREE.Camera }> {
  const copy = await makeWorld();
  pose(copy, now);
  copies.push(copy);
  return copy;
}

/** A module of anyone's: it gets the render-size colour and depth, and scene, camera and renderer to render itself. */
async function outsideMethod(spec: MethodSpec): Promise<SceneMethod> {
  const { ratio, size } = setupOf;
  const renderSize = size.map((length) => Math.max(1, Math.round(length / ratio))) as [number, number];
  const low = createPictureTarget(`${spec.name} colour`, renderSize, { depth: true });
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const { scene, camera } = world;
  const runner = await createRunner(gl, spec, ratio, { scene, camera, renderer, createCopy });
  return {
    name: spec.name,
    async picture(reset) {
      renderInto(renderer, low, scene, camera, { pointShare: 1 / ratio });
      const color = textureHandle(renderer, low.texture);
      const depth = textureHandle(renderer, low.depthTexture!);
      const picture = await runner.picture(
        { color, depth, renderSize, origin: 'bottom-left', jitter: [0, 0], reset },
        size,
      );
      renderer.resetState();
      return picture;
    },
  };
}

function pose(which: World, seconds: number): void {
  const before = chance;
  chance = which.chance;
  which.update(seconds);
  which.camera.updateMatrixWorld();
  chance = before;
}

/** Makes scene and methods. Returns what the report states about the run. */
export async function setup(wanted: SceneSetup): Promise<{ cuts: number[]; samples: number; step: number }> {
  setupOf = wanted;
  const [width, height] = wanted.size;
  chance = { state: 1 };
  seedRandom();
  const loads = countLoads();
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  renderer = new THREE.WebGLRenderer({ canvas, antialias: false, powerPreference: 'high-performance' });
  const shape = () => {
    renderer.setPixelRatio(1);
    renderer.setSize(width, height);
    renderer.setRenderTarget(null);
  };
  shape();
  const createScene = (await importFunction(wanted.module, 'createScene')) as unknown as (
    renderer: THREE.WebGLRenderer,
  ) => Promise<SceneModule>;
  const start = chance.state;
  makeWorld = async () => {
    const before = chance;
    const own = { state: start };
    chance = own;
    const made = await createScene(renderer);
    if (!made?.scene || !made.camera || typeof made.update !== 'function') {
      throw new Error("upframe: the scene module's createScene must return { scene, camera, update(seconds) }");
    }
    await finished(loads);
    // A module may have set the renderer's size for its own page.
    shape();
    made.camera.aspect = width / height;
    made.camera.updateProjectionMatrix();
    const result = Object.assign(made, { chance: own });
    pose(result, 0);
    chance = before;
    return result;
  };
  copies = [];
  world = await makeWorld();
  chance = world.chance;
  cutFrames = (world.cuts ?? []).map((seconds) => Math.ceil(seconds / STEP - 1e-6));
  cutFrames = cutFrames.filter((frame) => frame > 0 && frame < wanted.frames).sort((a, b) => a - b);
  drawTruth = hasThinLines(world.scene) ? jitteredTruth(wanted.size) : largeTruth(wanted.size);
  methods = [];
  for (const spec of wanted.specs) {
    if (spec.name === 'native-smaa') methods.push(await smaaMethod(spec.name));
    else if (spec.kind === 'native') methods.push(nativeMethod(spec.name, spec.name === 'native' ? 0 : 4));
    else methods.push(await (spec.kind === 'module' ? outsideMethod(spec) : upscalerMethod(spec)));
  }
  records = new Map(methods.map(({ name }) => [name, new FrameRecord(wanted.frames, true, cutFrames)]));
  // One frame aside: textures upload, shaders compile, and shadow maps are drawn.
  drawTruth();
  return { cuts: cutFrames, samples: TRUTH_SCALE ** 2, step: STEP };
}

/** Renders and compares frame `index` by every method; frames come in order from 0. */
export async function frame(index: number): Promise<void> {
  now = index * STEP;
  for (const one of [world, ...copies]) pose(one, now);
  const reset = index === 0 || cutFrames.includes(index);
  const truth = new Truth(drawTruth());
  const number = String(index).padStart(4, '0');
  if (setupOf.save) await savePicture(`truth/${number}.png`, truth.picture);
  for (const method of methods) {
    const picture = await method.picture(reset);
    records.get(method.name)!.add(picture, truth);
    if (setupOf.save) await savePicture(`${method.name}/${number}.png`, picture);
  }
}

export function results(): Record<string, FrameFigures> {
  return Object.fromEntries([...records].map(([name, record]) => [name, record.figures()]));
}
