import * as THREE from 'three';
import { createPictureTarget, renderInto } from '../../src/render/bridge.ts';
import { SceneUpscaler } from '../../src/render/scene.ts';
import type { Method, Size } from '../../src/upscale/types.ts';

/** The game demo at one display size: native, and upscaled by each method, frame about. Runs in the page. */

interface World {
  scene: THREE.Scene;
  camera: THREE.PerspectiveCamera;
  update(seconds: number): void;
}

interface Way {
  name: string;
  render(): void;
  /** Frames with a timer query around each pass: queries keep passes from overlapping, so they are not frames that count. */
  timed?(seconds: number): Promise<Record<string, number>>;
  dispose(): void;
}

/** One frame in five is timed, and a frame's queries are read in those that follow. */
const TIMED_FRAMES = 12;

let renderer: THREE.WebGLRenderer;
let world: World;
let ways: Way[] = [];

/** The scene at display size, with four samples a pixel into a target that three resolves. */
function multisampled(name: string, display: Size): Way {
  const target = createPictureTarget(name, display, { samples: 4 });
  return {
    name,
    render: () => renderInto(renderer, target, world.scene, world.camera),
    dispose: () => target.dispose(),
  };
}

/** 'native', 'native-msaa4', a built-in model, or a filter. */
export async function setup(display: Size, methods: readonly string[], models: readonly string[]): Promise<void> {
  renderer = new THREE.WebGLRenderer({ antialias: false, powerPreference: 'high-performance' });
  renderer.setPixelRatio(1);
  renderer.setSize(display[0], display[1], false);
  const module = '/demos/game/world.ts';
  world = await (await import(/* @vite-ignore */ module)).createScene(renderer);
  world.camera.aspect = display[0] / display[1];
  world.camera.updateProjectionMatrix();
  ways = [];
  for (const name of methods) {
    if (name === 'native') {
      ways.push({ name, render: () => renderer.render(world.scene, world.camera), dispose() {} });
      continue;
    }
    if (name === 'native-msaa4') {
      ways.push(multisampled(name, display));
      continue;
    }
    const upscaler = await SceneUpscaler.create(renderer, {
      ...(models.includes(name) ? { model: name } : { method: name as Method }),
      ratio: 2,
      timing: false,
      onFallback: (message) => {
        throw new Error(message);
      },
    });
    ways.push({
      name,
      render: () => upscaler.render(world.scene, world.camera),
      async timed(seconds) {
        upscaler.set({ timing: true });
        for (let i = 0; i < TIMED_FRAMES; i++) {
          draw(this, seconds + i / 60);
          // A query's result is there in the next task at the earliest.
          await new Promise((resolve) => setTimeout(resolve));
        }
        upscaler.set({ timing: false });
        return upscaler.stats.gpu.passes;
      },
      dispose: () => upscaler.dispose(),
    });
  }
  // Every program is compiled, every texture uploaded, before the clock runs.
  for (const way of ways) draw(way, 0);
}

function draw(way: Way, seconds: number): number {
  const gl = renderer.getContext();
  world.update(seconds);
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  const begin = performance.now();
  way.render();
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return performance.now() - begin;
}

/** Milliseconds of the same frame by each method, in turn. */
export function frame(seconds: number): number[] {
  return ways.map((way) => draw(way, seconds));
}

/** Milliseconds a pass, by method; empty for native and where the GPU has no timer queries. */
export async function passes(seconds: number): Promise<Record<string, number>[]> {
  const all: Record<string, number>[] = [];
  for (const way of ways) all.push((await way.timed?.(seconds)) ?? {});
  return all;
}

export function teardown(): void {
  for (const way of ways) way.dispose();
  renderer.dispose();
  renderer.forceContextLoss();
}
