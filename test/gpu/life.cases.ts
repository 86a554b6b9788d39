/** Runs in the page: long lives, lost contexts, nothing left behind. */
import { createUpscaler, METHODS } from '../../src/index.ts';
import { SceneUpscaler } from '../../src/three.ts';
import { VideoUpscaler } from '../../src/video.ts';
import { encodeClip, playing } from './clips.ts';
import { context, drawing, readBack, release, textureOf } from './pictures.ts';
import { smallRenderer, smallScene } from './scenes.ts';
import { watch } from './watch.ts';

/** Frames with changes of size, source, model, method and sharpness all along: as many GPU objects after as before. */
export async function longLife(
  frames: number,
): Promise<{ before: unknown; after: unknown; end: unknown; error: number }> {
  const { gl, canvas } = context(128, 72);
  const seen = watch(gl);
  const start = seen.live();
  const upscaler = await createUpscaler(gl, { model: 'image-s' });
  const sources = [
    [64, 36],
    [48, 48],
    [33, 21],
  ].map(([w, h]) => ({
    color: textureOf(gl, drawing(w!, h!)),
    renderSize: [w!, h!] as const,
    origin: 'top-left' as const,
  }));
  const settle = async () => {
    canvas.width = 128;
    canvas.height = 72;
    await upscaler.set({ model: 'image-s', method: 'network', sharpness: 0, compare: null });
    for (let i = 0; i < 40; i++) {
      upscaler.render(sources[0]!);
      await new Promise(requestAnimationFrame);
    }
    const { Query: _, ...live } = seen.live();
    return live;
  };
  // Every kind of change once, so that what is kept for reuse has been made.
  for (const sharpness of [0, 0.5]) {
    for (const method of METHODS) {
      upscaler.set({ sharpness, method: method === 'native' ? 'bilinear' : method });
      for (const source of sources) upscaler.render(source);
    }
  }
  for (const model of ['image-m', 'image-s'] as const) {
    await upscaler.set({ model, method: 'network' });
    upscaler.render(sources[0]!);
  }
  const before = await settle();
  for (let i = 0; i < frames; i++) {
    if (i % 50 === 0) canvas.width = 100 + ((i * 7) % 90);
    if (i % 40 === 0) upscaler.set({ method: METHODS[(i / 40) % 6]!, sharpness: (i / 40) % 3 ? 0 : 0.5 });
    if (i % 200 === 0) await upscaler.set({ model: i % 400 ? 'image-m' : 'image-s' });
    upscaler.render(sources[((i / 25) | 0) % sources.length]!);
    if (i % 64 === 0) await new Promise(requestAnimationFrame);
  }
  const error = gl.getError();
  const after = await settle();
  upscaler.dispose();
  for (const { color } of sources) gl.deleteTexture(color);
  const end = Object.entries(seen.live()).filter(([kind, count]) => count !== start[kind]);
  release(gl);
  return { before, after, end, error };
}

function nextEvent(target: EventTarget, name: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(name, () => resolve(), { once: true }));
}

async function loseAndRestore(gl: WebGL2RenderingContext): Promise<void> {
  const extension = gl.getExtension('WEBGL_lose_context')!;
  const lost = nextEvent(gl.canvas, 'webglcontextlost');
  extension.loseContext();
  await lost;
  // A restore is only allowed once the loss has been dealt with.
  await new Promise((resolve) => setTimeout(resolve));
  const restored = nextEvent(gl.canvas, 'webglcontextrestored');
  extension.restoreContext();
  await restored;
}

function brightness(gl: WebGL2RenderingContext): number {
  const { data } = readBack(gl, null, gl.drawingBufferWidth, gl.drawingBufferHeight);
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

/** The scene's picture comes back after each of `times` losses, with as many objects alive as the first time. */
export async function sceneLosses(
  times: number,
): Promise<{ brightness: number[]; live: unknown[]; errors: number[]; fallback: unknown }> {
  const renderer = smallRenderer(160, 90);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const seen = watch(gl);
  const { scene, camera, update } = smallScene(160 / 90);
  const upscaler = await SceneUpscaler.create(renderer, {
    quality: true,
    compare: 0.5,
    compareWith: 'native',
    timing: false,
  });
  const bright: number[] = [];
  const live: unknown[] = [];
  const errors: number[] = [];
  for (let time = 0; time <= times; time++) {
    if (time) {
      // Frames go on while the context is away.
      const back = loseAndRestore(gl);
      upscaler.render(scene, camera);
      await back;
    }
    for (let i = 0; i < 14; i++) {
      update(i / 60);
      upscaler.render(scene, camera);
      await new Promise(requestAnimationFrame);
    }
    bright.push(brightness(gl));
    live.push(seen.live());
    errors.push(gl.getError());
  }
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return { brightness: bright, live, errors, fallback };
}

/** The paused video's picture comes back by itself after each loss. */
export async function videoLosses(
  times: number,
): Promise<{ brightness: number[]; live: unknown[]; errors: number[]; fallback: unknown }> {
  const video = await playing(await encodeClip(96, 64));
  video.pause();
  const canvas = document.createElement('canvas');
  document.body.replaceChildren(canvas);
  const upscaler = await VideoUpscaler.create(video, canvas, { timing: false });
  const inner = upscaler.upscaler;
  const seen = watch(inner.gl);
  const { render } = inner;
  const bright: number[] = [];
  const live: unknown[] = [];
  const errors: number[] = [];
  const drawn = () =>
    new Promise<void>((resolve) => {
      inner.render = (...args) => {
        render.apply(inner, args);
        // In the same task, while the drawing buffer still holds the picture.
        bright.push(brightness(inner.gl));
        live.push(seen.live());
        errors.push(inner.gl.getError());
        resolve();
      };
    });
  let picture = drawn();
  upscaler.start();
  await picture;
  for (let time = 0; time < times; time++) {
    picture = drawn();
    await loseAndRestore(inner.gl);
    await picture;
  }
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  video.remove();
  return { brightness: bright, live: live.slice(1), errors, fallback };
}
