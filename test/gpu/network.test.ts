import { readdirSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { mixOf } from '../../src/upscale/expr.ts';
import { Builder } from '../../src/upscale/lower.ts';
import { readModel } from '../../src/upscale/onnx.ts';
import { inPage, openPage } from '../page.ts';
import { randomModel } from '../random-graphs.ts';
import type { Damage, Parity } from './network.cases.ts';

/** Largest error over the range of onnxruntime's result. */
const FLOAT_LIMIT = 2e-5;
const HALF_LIMIT = 4e-3;

const GRAPHS = 64;
const SIZES = [
  [1, 1],
  [7, 5],
  [33, 18],
  [16, 12],
] as const;
/** Graphs that are run once more at a size with odd sides. */
const LARGE = [1005, 1009, 1010];

const OPERATORS =
  'Conv ConvTranspose Relu LeakyRelu PRelu Clip Sigmoid Tanh HardSwish Add Sub Mul Concat Split DepthToSpace ' +
  'SpaceToDepth Resize Pad MaxPool AveragePool GlobalAveragePool Constant Identity';

let page: Page;
beforeAll(async () => {
  page = await openPage();
});

const call = <T>(name: string, ...args: unknown[]) => inPage<T>(page, '/test/gpu/network.cases.ts', name, ...args);

function expectParity(parity: Parity): void {
  const { label, size, error } = parity;
  expect(error, `${label} at ${size}`).toBeUndefined();
  expect(parity.float, `${label} at ${size}, 32 bits`).toBeLessThanOrEqual(FLOAT_LIMIT);
  expect(parity.half, `${label} at ${size}, 16 bits`).toBeLessThanOrEqual(HALF_LIMIT);
  expect(parity.leaked, `${label} at ${size}, GPU objects left`).toBe(0);
}

describe('networks give what onnxruntime gives', () => {
  const models = readdirSync('models').filter((name) => name.endsWith('.onnx'));
  test.each(models)('shipped model %s', { timeout: 300_000 }, async (name) => {
    for (const size of [
      [1, 1],
      [7, 5],
      [641, 359],
    ]) {
      expectParity(await call('compareFile', `/models/${name}`, size));
    }
  });

  // Exported by PyTorch (test/networks/export.py). Wide ones with an early change to loops, which compile sooner here.
  test.each([
    ['espcn', 100, [7, 5]],
    ['fsrcnn', 100, [7, 5]],
    ['ecbsr', 400, [33, 18]],
    ['sesr', 400, [7, 5]],
    ['xlsr', 100, [7, 5]],
    ['abpn', 100, [7, 5]],
    ['srvgg', 100, [7, 5]],
    ['unet', 100, [20, 12]],
  ] as const)('PyTorch export %s', { timeout: 300_000 }, async (name, unrolled, size) => {
    const options = { variant: { weights: 'constant', targets: 8, tile: 1, unrolled } };
    expectParity(await call('compareFile', `/test/networks/${name}.onnx`, size, options));
  });

  const used = new Set<string>();
  test.each(Array.from({ length: GRAPHS }, (_, seed) => seed))(
    'random graph %i',
    { timeout: 120_000 },
    async (seed) => {
      const parity = await call<Parity>('compareRandom', seed, SIZES[seed % SIZES.length]);
      for (const operator of parity.operators) used.add(operator);
      expectParity(parity);
    },
  );

  test('the random graphs use every operator', () => {
    expect([...used].sort()).toEqual(OPERATORS.split(' ').sort());
  });

  test('a good part of the random graphs has 1x1 convolutions fused into what makes their input', () => {
    const fused = Array.from({ length: GRAPHS }, (_, seed) => {
      const [width, height] = SIZES[seed % SIZES.length]!;
      const graph = readModel(randomModel(seed, width, height).bytes, `random ${seed}`);
      return new Builder(graph).plan([width, height]).kernels.some((kernel) => mixOf(kernel.expr));
    });
    expect(fused.filter((any) => any).length).toBeGreaterThanOrEqual(GRAPHS / 5);
  });

  // A pass for each of the first two layers, or two on tiles with 4 targets; one for all that reads the second.
  test.each([
    [{ weights: 'constant', targets: 8, tile: 1, unrolled: 400 }, 3],
    [{ weights: 'uniform', targets: 4, tile: 1, unrolled: 400 }, 3],
    [{ weights: 'constant', targets: 4, tile: 1, unrolled: 10 }, 3],
    [{ weights: 'constant', targets: 4, tile: 2, unrolled: 400 }, 5],
  ] as const)(
    'products with predicted filters are summed and mixed where they are made, written as %o',
    async (variant, passes) => {
      for (const mixed of [false, true]) {
        const parity = await call<Parity>('compareFiltered', [16, 12], { variant }, mixed);
        expectParity(parity);
        expect(parity.passes).toBe(passes);
      }
    },
  );

  // The first 3x3 takes a pass or, on tiles with 4 targets, two. On tiles passes of the rest divide the pixels of a tile.
  test.each([
    [{ weights: 'constant', targets: 8, tile: 1, unrolled: 400 }, 2],
    [{ weights: 'constant', targets: 4, tile: 1, unrolled: 400 }, 2],
    [{ weights: 'uniform', targets: 4, tile: 1, unrolled: 400 }, 2],
    [{ weights: 'constant', targets: 4, tile: 1, unrolled: 10 }, 2],
    [{ weights: 'constant', targets: 8, tile: 2, unrolled: 400 }, 3],
    [{ weights: 'constant', targets: 4, tile: 2, unrolled: 400 }, 6],
    [{ weights: 'constant', targets: 2, tile: 1, unrolled: 400 }, 3],
    [{ weights: 'constant', targets: 2, tile: 2, unrolled: 400 }, 10],
  ] as const)('a 1x1 convolution is computed with the 3x3 before it, written as %o', async (variant, passes) => {
    const parity = await call<Parity>('comparePointwise', [16, 12], { variant });
    expectParity(parity);
    expect(parity.passes).toBe(passes);
    expect(parity.macs).toBe(16 * 12 * (9 * 3 * 8 + 9 * 8 * 7 + 7 * 11));
  });

  test.each([1, 2])(
    'a 1x1 convolution that shares its input with another reader waits for it, tile %i',
    async (tile) => {
      const variant = { weights: 'constant', targets: 8, tile, unrolled: 400 };
      const parity = await call<Parity>('comparePointwise', [16, 12], { variant }, true);
      expectParity(parity);
      expect(parity.passes).toBe(3);
    },
  );

  test.each([
    [1, 400],
    [1, 10],
    [2, 400],
    [2, 10],
  ])('an edge that only a convolution reads takes no pass, tile %i, loops above %i', async (tile, unrolled) => {
    const parity = await call<Parity>('comparePadded', [16, 12], {
      variant: { weights: 'constant', targets: 8, tile, unrolled },
    });
    expectParity(parity);
    expect(parity.passes).toBe(3);
  });

  test.each(LARGE)('random graph %i at 641x359', { timeout: 300_000 }, async (seed) => {
    expectParity(await call('compareRandom', seed, [641, 359]));
  });

  test.each([
    { weights: 'uniform', targets: 8, tile: 1, unrolled: 30 },
    { weights: 'constant', targets: 4, tile: 2, unrolled: 400 },
    { weights: 'constant', targets: 3, tile: 1, unrolled: 10 },
  ])('written as %o', { timeout: 300_000 }, async (variant) => {
    for (let seed = 84; seed < 88; seed++) expectParity(await call('compareRandom', seed, [16, 12], { variant }));
  });

  test.each([0.3, 0.5, 0.75, 1.4, 2])('Resize of operator set 10 by %d', async (scale) => {
    expectParity(await call('compareOldResize', [21, 13], scale));
  });

  test('more branches than a shader has textures', async () => {
    expectParity(await call('compareManyBranches'));
  });

  // Odd sizes cannot be tiled; then the same variant works without.
  test.each([
    ['ecbsr', [34, 18], 400],
    ['sesr', [34, 18], 400],
    ['sesr', [34, 18], 10],
    ['ecbsr', [7, 5], 400],
  ] as const)('%s on tiles at %o, loops above %i', { timeout: 300_000 }, async (name, size, unrolled) => {
    const options = { variant: { weights: 'constant', targets: 8, tile: 2, unrolled } };
    expectParity(await call('compareFile', `/test/networks/${name}.onnx`, size, options));
  });
});

describe('a damaged file builds nothing and leaves nothing on the GPU', () => {
  test('truncated at any byte', async () => {
    const damage = await call<Damage>('buildTruncated');
    expect(damage).toMatchObject({ built: 0, foreign: [], leaked: 0 });
    expect(damage.slowestMs).toBeLessThan(1000);
  });

  test('1,000 mutations', { timeout: 300_000 }, async () => {
    const damage = await call<Damage>('buildMutated', 1000);
    expect(damage).toMatchObject({ foreign: [], leaked: 0 });
    expect(damage.failed).toBeGreaterThan(100);
  });
});

test('a frame makes no GPU object, looks nothing up and reads nothing back', async () => {
  expect(await call('frameCalls', '/models/image-s.onnx')).toEqual({ calls: [], leaked: 0 });
});

test('autotune settles on a variant, remembers it and leaves nothing behind', async () => {
  const { same, againMs, leaked } = await call<{ same: boolean; againMs: number; leaked: number }>(
    'tuned',
    '/models/image-s.onnx',
  );
  expect(same).toBe(true);
  expect(againMs).toBeLessThan(20);
  expect(leaked).toBe(0);
});

test('a model with an operator we do not know runs in onnxruntime, without a wait', async () => {
  const { refused, ...rest } = await call<Record<string, unknown>>('throughRuntime');
  expect(refused).toMatch(/operator Abs .*backend: 'onnxruntime'/);
  expect(rest).toMatchObject({ size: [9, 6], leaked: 0, glError: 0 });
  expect(rest.worst).toBeLessThan(1e-6);
  expect(rest.frames).toBeGreaterThan(1);
});
