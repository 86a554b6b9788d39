import type { Page } from 'puppeteer-core';
import { beforeAll, expect, test } from 'vitest';
import { inPage, openPage } from '../page.ts';
import type * as Cases from './composer.cases.ts';

const CASES = '/test/gpu/composer.cases.ts';
let page: Page;
beforeAll(async () => {
  page = await openPage();
});

const run = <Name extends keyof typeof Cases>(name: Name, ...args: Parameters<(typeof Cases)[Name]>) =>
  inPage<Awaited<ReturnType<(typeof Cases)[Name]>>>(page, CASES, name, ...args);

test.for([
  ['three', false],
  ['three', true],
  ['postprocessing', false],
  ['postprocessing', true],
] as const)(
  "in %s's composer (bloom: %s) a still scene gathers detail, and the composer can be had back",
  async ([kind, bloom]) => {
    const result = await run('still', kind, bloom);
    expect(result).toMatchObject({ renderSize: [160, 90], kept: true, fallback: null, error: 0 });
    expect(result.gives).toBe('aliased,camera,color,depth,jitter,motion,reactive,renderSize,reset');
    // How far a glow reaches depends on the size it is drawn at, which hides what is gathered.
    expect(result.temporal).toBeGreaterThan(result.bicubic + (bloom ? -0.5 : 2));
    expect(result.back).toBeGreaterThan(40);
    // At rest, glass needs no mask; what bloom adds is in it.
    expect(result.masked > 0.1).toBe(bloom);
    // The scene's mean is 107.5 without bloom.
    expect(result.glow > 110).toBe(bloom);
  },
);

test.for(['three', 'postprocessing'])("in %s's composer sizes follow the window and the ratio", async (kind) => {
  const { masked, sizesOf, late, mean, costly, fallback, error } = await run('sizes', kind);
  expect(sizesOf).toEqual({ first: [160, 90], 'ratio 1.6': [200, 113], window: [250, 150], late: [250, 150] });
  expect({ late, costly, fallback, error }).toEqual({ late: [250, 150], costly: [], fallback: null, error: 0 });
  expect(masked).toBe(true);
  expect(mean).toBeGreaterThan(20);
});

test.for(['three', 'postprocessing'])("a lost context comes back in %s's composer", async (kind) => {
  const { agreement, fallback, error } = await run('lost', kind);
  expect({ fallback, error }).toEqual({ fallback: null, error: 0 });
  expect(agreement).toBeGreaterThan(35);
});

test('wrong use is refused in words', async () => {
  const [noPass, noComposer, option, value] = await run('refusals');
  expect(noPass).toContain("the composer's first pass must be its RenderPass");
  expect(noComposer).toContain('needs an EffectComposer');
  expect(option).toContain("unknown option 'samples'");
  expect(value).toContain("option 'encoded' is 1");
});

test("textures of the user's own pipeline give the same picture", async () => {
  const { agreement, fallback, error } = await run('ownTextures');
  expect({ fallback, error }).toEqual({ fallback: null, error: 0 });
  expect(agreement).toBeGreaterThan(32);
});
