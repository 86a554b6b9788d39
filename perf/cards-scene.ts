import { resolve } from 'node:path';
import type { Card } from './cards.ts';
import type { MethodSpec } from './methods.ts';
import type { FrameFigures } from './pages/frames.ts';
import { fileUrl, ROOT } from './paths.ts';
import type { Session } from './session.ts';

/** What the cards of the game networks hold: scenes of perf/scenes that trained nothing, as `quality scene` measures them at ratio 2. */

export const SCENES = ['street', 'sparks'] as const;
const SIZE = [240, 136] as const;
const FRAMES = 20;

export const isGame = (model: string) => model.startsWith('game-');

/** The name under which a card holds a scene's figures. */
export const sceneSet = (scene: string) => `scene ${scene} ${SIZE.join('x')}, ${FRAMES} frames`;

/** @returns figures by method and set; a method is a built-in model, 'native' or 'temporal' */
export async function measureScenes(
  session: Session,
  methods: readonly string[],
): Promise<Record<string, Card['figures']>> {
  const specs = methods.map((name): MethodSpec => {
    const kind = name === 'native' ? 'native' : isGame(name) ? 'model' : 'filter';
    return { name, kind, source: name };
  });
  const results: Record<string, Card['figures']> = Object.fromEntries(methods.map((method) => [method, {}]));
  for (const scene of SCENES) {
    const module = fileUrl(resolve(ROOT, `perf/scenes/${scene}.ts`));
    await session.call('scene', 'setup', { module, specs, ratio: 2, size: SIZE, frames: FRAMES, save: false });
    for (let frame = 0; frame < FRAMES; frame++) await session.call('scene', 'frame', frame);
    const figures = await session.call<Record<string, FrameFigures>>('scene', 'results');
    for (const method of methods) {
      const { psnr, ssim, tpsnr, flip } = figures[method]!;
      results[method]![sceneSet(scene)] = {
        psnr: Number(psnr.toFixed(3)),
        ssim: Number(ssim.toFixed(4)),
        tpsnr: Number(tpsnr!.toFixed(3)),
        flip: Number(flip!.toFixed(4)),
      };
    }
  }
  return results;
}
