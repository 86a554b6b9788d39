/** Runs in the page: what must hold of UpscalerPass, in three's composer and in that of postprocessing. */
import * as Pmndrs from 'postprocessing';
import * as THREE from 'three';
import { EffectComposer } from 'three/addons/postprocessing/EffectComposer.js';
import { OutputPass } from 'three/addons/postprocessing/OutputPass.js';
import { RenderPass } from 'three/addons/postprocessing/RenderPass.js';
import { UnrealBloomPass } from 'three/addons/postprocessing/UnrealBloomPass.js';
import type { FrameInput } from '../../src/index.ts';
import { type Composer, SceneUpscaler, UpscalerPass, type UpscalerPassOptions } from '../../src/three.ts';
import { maskIn, spy } from './frames.ts';
import { halved, type Picture, psnr, readBack, release } from './pictures.ts';
import { smallRenderer, smallScene } from './scenes.ts';
import { costlyCalls, watch } from './watch.ts';

const SIZE: [number, number] = [320, 180];

type AnyComposer = Composer & { render(): void; setSize(width: number, height: number): void };

interface Studio extends ReturnType<typeof smallScene> {
  renderer: THREE.WebGLRenderer;
  gl: WebGL2RenderingContext;
  composer: AnyComposer;
}

/** A composer of either kind with its RenderPass, effects as asked for, and an output as its manual says. */
function studio(kind: string, bloom = false): Studio {
  const renderer = smallRenderer(...SIZE);
  const made = smallScene(SIZE[0] / SIZE[1]);
  const { scene, camera } = made;
  const all = { ...made, renderer, gl: renderer.getContext() as WebGL2RenderingContext };
  if (kind === 'three') {
    const composer = new EffectComposer(renderer);
    composer.addPass(new RenderPass(scene, camera));
    if (bloom) composer.addPass(new UnrealBloomPass(new THREE.Vector2(...SIZE), 0.8, 0.4, 0.1));
    composer.addPass(new OutputPass());
    return { ...all, composer };
  }
  renderer.toneMapping = THREE.NoToneMapping;
  const composer = new Pmndrs.EffectComposer(renderer, { frameBufferType: THREE.HalfFloatType });
  composer.addPass(new Pmndrs.RenderPass(scene, camera));
  const effects: Pmndrs.Effect[] = bloom
    ? [new Pmndrs.BloomEffect({ luminanceThreshold: 0.1, intensity: 2, mipmapBlur: true })]
    : [];
  effects.push(new Pmndrs.ToneMappingEffect({ mode: Pmndrs.ToneMappingMode.ACES_FILMIC }));
  composer.addPass(new Pmndrs.EffectPass(camera, ...effects));
  return { ...all, composer };
}

const pictureOf = ({ gl, renderer }: Studio, width = SIZE[0], height = SIZE[1]): Picture => {
  const picture = readBack(gl, null, width, height);
  renderer.resetState();
  return picture;
};

/** The composer's own picture, 4x4 samples a pixel. */
function truthOf(all: Studio): Picture {
  const { renderer, composer } = all;
  renderer.setSize(4 * SIZE[0], 4 * SIZE[1]);
  composer.setSize(4 * SIZE[0], 4 * SIZE[1]);
  composer.render();
  const fine = pictureOf(all, 4 * SIZE[0], 4 * SIZE[1]);
  renderer.setSize(...SIZE);
  composer.setSize(...SIZE);
  return halved(halved(fine));
}

const mean = ({ data }: Picture) =>
  data.reduce((sum, value, i) => sum + (i % 4 < 3 ? value : 0), 0) / (data.length * 0.75);

/** The largest red of a frame's mask, 0..1. */
const greatest = (gl: WebGL2RenderingContext, frame: FrameInput): number =>
  maskIn(gl, frame).data.reduce((most, value, i) => (i % 4 ? most : Math.max(most, value)), 0) / 255;

/** A still scene through the composer, gathered over two rounds of jitter, against its own supersampled picture. */
export async function still(kind: string, bloom: boolean) {
  const all = studio(kind, bloom);
  const { renderer, camera, composer, update, gl } = all;
  update(0.3);
  composer.render();
  const before = pictureOf(all);
  const truth = truthOf(all);
  const upscaler = await UpscalerPass.create(composer, { method: 'bicubic' });
  const seen = spy(upscaler);
  const shown = (frames: number): Picture => {
    for (let i = 0; i < frames; i++) composer.render();
    return pictureOf(all);
  };
  const bicubic = psnr(shown(1), truth);
  const projection = camera.projectionMatrix.clone();
  await upscaler.set({ method: 'temporal' });
  const temporal = psnr(shown(64), truth);
  const masked = greatest(gl, seen.frame!);
  update(0.4);
  composer.render();
  const gives = Object.keys(seen.frame!).sort().join();
  const { renderSize } = seen.frame!;
  const kept = camera.projectionMatrix.equals(projection);
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  update(0.3);
  composer.setSize(...SIZE);
  composer.render();
  const back = psnr(pictureOf(all), before);
  const glow = mean(truth);
  renderer.dispose();
  return { masked, bicubic, temporal, back, glow, gives, renderSize, kept, fallback, error: release(gl) };
}

/** Sizes follow the window, the ratio and passes that come late; frames then create nothing. */
export async function sizes(kind: string) {
  const all = studio(kind);
  const { renderer, camera, composer, update, gl } = all;
  const calls = watch(gl);
  const upscaler = await UpscalerPass.create(composer, { method: 'temporal', ratio: 2 });
  const seen = spy(upscaler);
  const late: number[][] = [];
  const sizesOf: Record<string, readonly number[]> = {};
  const note = (name: string) => {
    composer.render();
    sizesOf[name] = [...seen.frame!.renderSize];
  };
  note('first');
  await upscaler.set({ ratio: 1.6 });
  note('ratio 1.6');
  renderer.setSize(400, 240);
  composer.setSize(400, 240);
  note('window');
  if (kind === 'three') {
    const pass = new UnrealBloomPass(new THREE.Vector2(...SIZE), 0.2, 0.1, 0.9);
    const setSize = pass.setSize.bind(pass);
    pass.setSize = (width, height) => {
      late.push([width, height]);
      setSize(width, height);
    };
    (composer as unknown as EffectComposer).insertPass(pass, 2);
  } else {
    const pass = new Pmndrs.EffectPass(camera, new Pmndrs.DepthOfFieldEffect(camera, { focusDistance: 0.1 }));
    const setSize = pass.setSize.bind(pass);
    pass.setSize = (width, height) => {
      late.push([width, height]);
      setSize(width, height);
    };
    (composer as unknown as Pmndrs.EffectComposer).addPass(pass);
  }
  note('late');
  const picture = pictureOf(all, 400, 240);
  const frames = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      update(i / 60);
      camera.position.x = 0.02 * i;
      composer.render();
    }
  };
  frames(0, 12);
  calls.clear();
  frames(12, 24);
  const costly = costlyCalls(calls.calls).filter((name) => name !== 'createQuery');
  const masked = Boolean(seen.frame!.reactive);
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  renderer.dispose();
  return { masked, sizesOf, late: late.at(-1), mean: mean(picture), costly, fallback, error: release(gl) };
}

/** The same picture before a context is lost, and after it has come back. */
export async function lost(kind: string) {
  const all = studio(kind, true);
  const { composer, gl, renderer, update } = all;
  update(0.3);
  const upscaler = await UpscalerPass.create(composer, { method: 'temporal' });
  const shown = () => {
    upscaler.reset();
    for (let i = 0; i < 34; i++) composer.render();
    return pictureOf(all);
  };
  const before = shown();
  const extension = gl.getExtension('WEBGL_lose_context')!;
  const event = (name: string) =>
    new Promise((resolve) => renderer.domElement.addEventListener(name, resolve, { once: true }));
  const gone = event('webglcontextlost');
  extension.loseContext();
  await gone;
  composer.render();
  await new Promise((resolve) => setTimeout(resolve));
  const back = event('webglcontextrestored');
  extension.restoreContext();
  await back;
  const after = shown();
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  renderer.dispose();
  return { agreement: psnr(before, after), fallback, error: release(gl) };
}

/** What wrong use says. */
export async function refusals(): Promise<string[]> {
  const { renderer, composer, gl } = studio('three');
  const empty = new EffectComposer(renderer);
  const attempts: [unknown, object][] = [
    [empty, {}],
    [{}, {}],
    [composer, { samples: 4 }],
    [composer, { encoded: 1 }],
  ];
  const said: string[] = [];
  for (const [given, options] of attempts) {
    const error = await UpscalerPass.create(given as Composer, options as UpscalerPassOptions).catch((e: Error) => e);
    said.push(error instanceof Error ? error.message : 'nothing');
  }
  renderer.dispose();
  release(gl);
  return said;
}

/** Textures of the user's own pipeline, three's, against `render` on the same scene. */
export async function ownTextures() {
  const all = studio('three');
  const { renderer, scene, camera, update, gl } = all;
  const { jitterOffset } = await import('../../src/index.ts');
  update(0.3);
  // Glass is blended before colours are encoded there, and after it here.
  scene.children.at(-1)!.visible = false;
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal' });
  for (let i = 0; i < 64; i++) upscaler.render(scene, camera);
  const ours = pictureOf(all);
  upscaler.reset();
  const [width, height] = [SIZE[0] / 2, SIZE[1] / 2];
  const target = new THREE.WebGLRenderTarget(width, height, {
    type: THREE.HalfFloatType,
    depthTexture: new THREE.DepthTexture(width, height, THREE.UnsignedIntType),
  });
  const encoded = new THREE.WebGLRenderTarget(width, height);
  const output = new OutputPass();
  for (let i = 0; i < 64; i++) {
    const jitter = jitterOffset(i, 2);
    camera.setViewOffset(width, height, -jitter[0], jitter[1], width, height);
    renderer.setRenderTarget(target);
    renderer.render(scene, camera);
    camera.clearViewOffset();
    output.render(renderer, encoded, target, 0, false);
    renderer.setRenderTarget(null);
    upscaler.renderTextures({ color: encoded.texture, depth: target.depthTexture!, jitter }, camera);
  }
  const result = { agreement: psnr(pictureOf(all), ours), fallback: upscaler.stats.fallback };
  upscaler.dispose();
  renderer.dispose();
  return { ...result, error: release(gl) };
}
