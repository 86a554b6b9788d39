/** Runs in the page: whether the built library, whose shaders the build has rewritten, draws what the source draws. */
import { METHODS, type Method } from '../../src/index.ts';
import * as source from '../../src/three.ts';
import { maxDifference, type Picture, readBack, release } from './pictures.ts';
import { smallRenderer, smallScene } from './scenes.ts';

type Library = typeof source;

const SIZE: [number, number] = [160, 90];

async function picture({ SceneUpscaler }: Library, method: Method, model: string): Promise<Picture> {
  const renderer = smallRenderer(...SIZE);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const { scene, camera, update } = smallScene(SIZE[0] / SIZE[1]);
  const upscaler = await SceneUpscaler.create(renderer, { method, model, sharpness: 0.5, timing: false });
  for (let i = 0; i < 4; i++) {
    update(i / 30);
    upscaler.render(scene, camera);
  }
  const shown = readBack(gl, null, ...SIZE);
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  renderer.dispose();
  const error = release(gl);
  if (error || fallback) throw new Error(`${method} ${model}: GL error ${error}, fallback ${fallback}`);
  return shown;
}

/** The largest difference in levels of each way of upscaling. */
export async function differences(url: string): Promise<Record<string, number>> {
  const built: Library = await import(/* @vite-ignore */ url);
  const result: Record<string, number> = {};
  const ways: [Method, string][] = [
    ...METHODS.map((method): [Method, string] => [method, 'image-s']),
    ['network', 'game-s'],
    ['network', 'game-m'],
  ];
  for (const [method, model] of ways) {
    result[`${method} ${model}`] = maxDifference(
      await picture(built, method, model),
      await picture(source, method, model),
    );
  }
  return result;
}
