/** The scene under test with its renderer: poses it, times it, reads its pictures. */
import { ACESFilmicToneMapping, UnsignedByteType, WebGLRenderer, WebGLRenderTarget } from 'three';
import type { Picture } from '../../perf/metrics';
import type { SceneModule } from '../../perf/scenes/helpers';
import { createPictureTarget, renderInto } from '../../src/render/bridge';
import { SceneUpscaler } from '../../src/three';
import type { Job } from './plan';

type Loader = () => Promise<{
  createScene(renderer: WebGLRenderer): Promise<SceneModule>;
  loop?: number;
}>;

const others = import.meta.glob('../../perf/scenes/*.ts') as Record<string, Loader>;
const stem = (path: string) => path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);

/** The game world and the measurement scenes, by name. */
export const SCENES: Readonly<Record<string, Loader>> = {
  game: () => import('../game/world'),
  ...Object.fromEntries(
    Object.entries(others)
      .map(([path, load]) => [stem(path), load] as const)
      .filter(([name]) => name !== 'helpers'),
  ),
};

/** Samples a display pixel and axis in the truth: 16 in all. */
const TRUTH_SCALE = 4;

/** Seconds of the path where a scene does not say how long its own is. */
const PATH = 8;

export interface Bench {
  readonly renderer: string;
  /** Seconds of the camera path. */
  readonly path: number;
  /** Display size in pixels, and coverage samples a rendered pixel. */
  setSize(size: readonly [number, number], samples: number): void;
  pose(seconds: number): void;
  /** The truth of the present pose, several samples a pixel: not yet shrunk. Rows from the bottom. */
  truth(): { picture: Picture; scale: number };
  /** Makes the following frames this way. */
  use(job: Job): Promise<void>;
  /** Forgets what was timed so far: shaders are compiled and textures made by a first frame. */
  warm(): void;
  /** Draws a frame and waits for the GPU; milliseconds from start to end. */
  frame(): number;
  /** The frame just drawn, rows from the bottom. */
  read(): Picture;
  /** Median GPU milliseconds a frame since `warm`, or null where the GPU has no timers. Browsers fill timers in between tasks: ask in a later one. */
  gpuMs(): number | null;
  readonly renderSize: readonly [number, number];
  dispose(): void;
}

export async function createBench(name: string): Promise<Bench> {
  const renderer = new WebGLRenderer({ antialias: false, powerPreference: 'high-performance' });
  renderer.toneMapping = ACESFilmicToneMapping;
  renderer.toneMappingExposure = 1.05; // as the game page shows it
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const module = await SCENES[name]!();
  const { scene, camera, update } = await module.createScene(renderer);
  const upscaler = await SceneUpscaler.create(renderer, { method: 'bilinear' });
  let model = upscaler.stats.model;
  let size: readonly [number, number] = [2, 2];
  /** Native is drawn here and not by the upscaler, which has no antialiasing for it. */
  let native: WebGLRenderTarget | null = null;
  let isNative = false;
  const { timers } = upscaler.upscaler.device;
  const output = new WebGLRenderTarget(2, 2, { type: UnsignedByteType, depthBuffer: false });
  const pixel = new Uint8Array(4);

  const readTarget = (target: WebGLRenderTarget): Picture => {
    const { width, height } = target;
    const data = new Uint8Array(width * height * 4);
    renderer.readRenderTargetPixels(target, 0, 0, width, height, data);
    return { width, height, data };
  };

  return {
    renderer: gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER),
    path: module.loop ?? PATH,
    setSize(next, samples) {
      size = next;
      void upscaler.set({ samples });
      native?.dispose();
      native = createPictureTarget('native', size, { samples });
      renderer.setSize(size[0], size[1], false);
      output.setSize(size[0], size[1]);
      camera.aspect = size[0] / size[1];
      camera.updateProjectionMatrix();
    },
    pose: update,
    truth() {
      const limit = Math.min(gl.getParameter(gl.MAX_TEXTURE_SIZE), gl.getParameter(gl.MAX_RENDERBUFFER_SIZE));
      const scale = Math.max(...size) * TRUTH_SCALE <= limit ? TRUTH_SCALE : 2;
      const target = createPictureTarget('truth', [size[0] * scale, size[1] * scale]);
      renderInto(renderer, target, scene, camera);
      const picture = readTarget(target);
      target.depthTexture?.dispose();
      target.dispose();
      return { picture, scale };
    },
    async use({ series, ratio }) {
      const loads = series.model !== undefined && series.model !== model;
      const { method } = series;
      isNative = method === 'native';
      if (!isNative) await upscaler.set({ method, ratio, ...(loads && { model: series.model }) });
      renderer.resetState();
      if (loads) model = series.model!;
    },
    warm() {
      timers.poll();
      upscaler.upscaler.clearTimings();
    },
    frame() {
      const started = performance.now();
      if (isNative) {
        timers.enabled = true;
        timers.begin('scene native');
        renderInto(renderer, native!, scene, camera);
        timers.end();
      } else {
        renderer.setRenderTarget(output);
        upscaler.render(scene, camera);
        renderer.setRenderTarget(null);
      }
      // One pixel read back: only then is the frame really done.
      renderer.readRenderTargetPixels(isNative ? native! : output, 0, 0, 1, 1, pixel);
      return performance.now() - started;
    },
    read: () => readTarget(isNative ? native! : output),
    gpuMs() {
      timers.poll();
      if (isNative) return timers.passes()['scene native'] || null;
      const { gpu, fallback } = upscaler.stats;
      if (fallback) throw new Error(`this GPU cannot run it; '${fallback}' took its place`);
      return gpu.source === 'gpu' && gpu.totalMs > 0 ? gpu.totalMs : null;
    },
    get renderSize() {
      return isNative ? size : upscaler.stats.renderSize;
    },
    dispose() {
      upscaler.dispose();
      output.dispose();
      native?.dispose();
      renderer.dispose();
      renderer.forceContextLoss();
    },
  };
}
