import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../perf/report.ts';
import { checked, drawing, ROOT, run, runAlone, succeed, temporary, writePng } from './commands.ts';

const folder = temporary();
const json = join(folder, 'out', 'figures.json');

interface Figures {
  environment: Record<string, string>;
  rows: Row[];
  mean: { method: string; psnr: number; ssim: number }[];
}

const read = (path: string): Figures => JSON.parse(readFileSync(path, 'utf8'));

describe('quality images, on pictures made by code', () => {
  let figures: Figures;
  let out: string;
  const of = (method: string) => figures.mean.find((mean) => mean.method === method)!;

  beforeAll(async () => {
    for (const seed of [1, 2, 3]) writePng(join(folder, `drawing-${seed}.png`), 151, 121, drawing(seed));
    const save = join(folder, 'saved');
    const args = ['images', folder, '--json', json, '--save', save];
    ({ out } = checked(await runAlone('quality', ...args), 'quality', args));
    figures = read(json);
  });

  test('the JSON has the shape of the contract', () => {
    expect(figures.environment).toEqual({
      renderer: expect.any(String),
      userAgent: expect.stringContaining('Chrome'),
      commit: expect.any(String),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const methods = ['nearest', 'bilinear', 'bicubic', 'lanczos', 'fsr1'];
    expect(figures.mean.map((mean) => mean.method)).toEqual(expect.arrayContaining([...methods, 'image-s', 'image-m']));
    expect(figures.rows).toHaveLength(3 * figures.mean.length);
    expect(figures.rows[0]).toMatchObject({ item: 'drawing-1', method: 'nearest', ratio: 2, displaySize: [150, 120] });
    for (const { psnr, rgbPsnr } of figures.rows) expect(Math.min(psnr, rgbPsnr!)).toBeGreaterThan(15);
  });

  test('better methods score better', () => {
    expect(of('bicubic').psnr).toBeGreaterThan(of('bilinear').psnr);
    expect(of('bilinear').psnr).toBeGreaterThan(of('nearest').psnr);
    for (const model of ['image-s', 'image-m']) {
      expect(of(model).psnr).toBeGreaterThan(of('bicubic').psnr + 1);
      expect(of(model).ssim).toBeGreaterThan(of('bicubic').ssim);
    }
  });

  test('a table is printed and the pictures are saved', () => {
    expect(out).toMatch(/method\s+psnr\s+ssim/);
    for (const kind of ['truth', 'small', 'image-s'])
      expect(existsSync(join(folder, 'saved', `drawing-1.${kind}.png`))).toBe(true);
  });

  test('a module of anyone else takes part under its own name, and sees what the filters see', async () => {
    const path = join(folder, 'my-nearest.js');
    writeFileSync(path, MY_NEAREST);
    await succeed('quality', 'images', folder, '--methods', `nearest,${path}`, '--ratio', '1.5', '--json', json);
    const { mean, rows } = read(json);
    expect(mean.map(({ method }) => method)).toEqual(['nearest', 'my-nearest']);
    expect(rows[0]).toMatchObject({ ratio: 1.5, displaySize: [150, 120], renderSize: [100, 80] });
    expect(mean[1]!.psnr).toBeCloseTo(mean[0]!.psnr, 1);
  });

  test('an unreadable picture ends the command with its name', async () => {
    const broken = temporary();
    writeFileSync(join(broken, 'broken.png'), 'this is no picture');
    const { code, error } = await run('quality', 'images', broken, '--models', 'none');
    expect(code).toBe(1);
    expect(error).toContain('upframe: broken.png is not a picture that can be read');
  });
});

/** Nearest neighbour, written by somebody else: it draws into a texture of its own. */
const MY_NEAREST = `
export async function createMethod({ gl, renderSize, displaySize }) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, displaySize[0], displaySize[1]);
  const [from, to] = [gl.createFramebuffer(), gl.createFramebuffer()];
  gl.bindFramebuffer(gl.FRAMEBUFFER, to);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  return {
    name: 'mine',
    frame({ color }) {
      gl.bindFramebuffer(gl.READ_FRAMEBUFFER, from);
      gl.framebufferTexture2D(gl.READ_FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, color, 0);
      gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, to);
      gl.blitFramebuffer(0, 0, ...renderSize, 0, 0, ...displaySize, gl.COLOR_BUFFER_BIT, gl.NEAREST);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      return texture;
    },
    dispose() { gl.deleteTexture(texture); },
  };
}`;

const EVAL = join(ROOT, '../shared/data/eval');
const present = existsSync(EVAL);
if (!present) console.log(`Skipped: the published tables need ${EVAL}, which is not here`);

describe.skipIf(!present)('quality images, on Set5 and Set14', () => {
  test('bicubic gives the figures of the published tables', async () => {
    for (const [set, psnr] of [
      ['Set5', 33.67],
      ['Set14', 30.32],
    ] as const) {
      await succeed('quality', 'images', join(EVAL, set), '--methods', 'bicubic', '--json', json);
      expect(Math.abs(read(json).mean[0]!.psnr - psnr)).toBeLessThan(0.03);
    }
  });
});
