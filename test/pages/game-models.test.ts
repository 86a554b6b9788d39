import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Card, type Figures, readCard } from '../../perf/cards.ts';
import { isGame, measureScenes, SCENES, sceneSet } from '../../perf/cards-scene.ts';
import { builtInNames } from '../../perf/methods.ts';
import { openSession } from '../../perf/session.ts';

/** The game networks on scenes that trained nothing. */

const models = builtInNames().filter(isGame);
let measured: Record<string, Card['figures']>;

beforeAll(async () => {
  process.env.UPFRAME_SHARED = `${inject('browserEndpoint')} ${inject('serverUrl')}`;
  const session = await openSession();
  try {
    measured = await measureScenes(session, ['native', 'temporal', ...models]);
  } finally {
    await session.close();
  }
}, 600_000);

const mean = (method: string, figure: keyof Figures) =>
  SCENES.reduce((sum, scene) => sum + measured[method]![sceneSet(scene)]![figure]!, 0) / SCENES.length;

describe.each(models)('%s', (model) => {
  test.each(SCENES)('does in %s what its card says', (scene) => {
    const [promised, found] = [readCard(model).figures[sceneSet(scene)]!, measured[model]![sceneSet(scene)]!];
    expect(Math.abs(found.psnr - promised.psnr)).toBeLessThan(0.05);
    expect(Math.abs(found.tpsnr! - promised.tpsnr!)).toBeLessThan(0.05);
    expect(Math.abs(found.flip! - promised.flip!)).toBeLessThan(0.002);
  });

  test('a quarter of the pixels, gathered, are closer to the truth than all of them at one sample each', () => {
    expect(mean(model, 'psnr')).toBeGreaterThan(mean('native', 'psnr'));
    expect(mean(model, 'tpsnr')).toBeGreaterThan(mean('native', 'tpsnr'));
  });
});
