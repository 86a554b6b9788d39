import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../perf/report.ts';
import { run, succeed, temporary } from './commands.ts';

const folder = temporary();

/** A module that lies outside the project: it imports three and an addon, loads a file beside itself, and uses chance. */
const SCENE = `
import * as THREE from 'three';
import { RoundedBoxGeometry } from 'three/addons/geometries/RoundedBoxGeometry.js';
export async function createScene(renderer) {
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  const { colors } = await (await fetch(new URL('./colors.json', import.meta.url))).json();
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#8ac');
  scene.add(new THREE.HemisphereLight('#fff', '#444', 2), new THREE.DirectionalLight('#fff', 2));
  const camera = new THREE.PerspectiveCamera(50, 1, 0.1, 50);
  for (let i = 0; i < 25; i++) {
    const material = new THREE.MeshStandardMaterial({ color: colors[i % colors.length] });
    const mesh = new THREE.Mesh(new RoundedBoxGeometry(1.5, 0.06, 0.2, 2, 0.02), material);
    mesh.position.set(Math.random() * 6 - 3, Math.random() * 4 - 2, Math.random() * 4 - 2);
    mesh.rotation.set(Math.random(), Math.random() * 3, Math.random());
    scene.add(mesh);
  }
  const positions = Array.from({ length: 60 }, () => Math.random() * 4 - 2);
  const geometry = new THREE.BufferGeometry().setAttribute('position', new THREE.Float32BufferAttribute(positions, 3));
  scene.add(new THREE.Points(geometry, new THREE.PointsMaterial({ size: 0.12, color: '#ff8' })));
  return {
    scene,
    camera,
    cuts: [10 / 60],
    update(seconds) {
      const angle = seconds < 10 / 60 ? seconds : seconds + 2;
      camera.position.set(Math.sin(angle) * 6, 0.5, Math.cos(angle) * 6);
      camera.lookAt(0, 0, 0);
    },
  };
}`;

/** Somebody's own way to make the picture: plain rendering at display size, through the scene it is given. */
const METHOD = `
export async function createMethod({ gl, renderSize, displaySize, scene, camera }) {
  if (!scene.isScene || !camera.isCamera || !gl.texStorage2D) throw new Error('incomplete setup');
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = displaySize;
  const pen = canvas.getContext('2d');
  return {
    name: 'grey',
    frame(input) {
      if (!gl.isTexture(input.color) || !gl.isTexture(input.depth)) throw new Error('incomplete frame');
      pen.fillStyle = '#808080';
      pen.fillRect(0, 0, ...displaySize);
      return canvas;
    },
    dispose() {},
  };
}`;

describe('quality scene, on a module elsewhere on disk', () => {
  const path = join(folder, 'shelves.js');
  const method = join(folder, 'grey.js');
  const results: { environment: Record<string, unknown>; rows: Row[]; mean: Row[] }[] = [];
  const of = (name: string) => results[0]!.rows.find((row) => row.method === name)!;

  beforeAll(async () => {
    writeFileSync(path, SCENE);
    writeFileSync(method, METHOD);
    writeFileSync(join(folder, 'colors.json'), JSON.stringify({ colors: ['#e44', '#4a4', '#46e', '#fff', '#222'] }));
    const methods = ['native', 'native-msaa4', 'bilinear', 'bicubic', 'image-s', method].join(',');
    for (const number of [1, 2]) {
      const json = join(folder, `${number}.json`);
      const save = number === 1 ? ['--save', join(folder, 'saved')] : [];
      await succeed(
        'quality',
        'scene',
        path,
        '--size',
        '192x112',
        '--frames',
        '20',
        '--methods',
        methods,
        '--json',
        json,
        ...save,
      );
      results.push(JSON.parse(readFileSync(json, 'utf8')));
    }
  }, 240_000);

  test('two runs give the same numbers', () => {
    expect(results[1]!.rows).toEqual(results[0]!.rows);
  });

  test('the JSON has the shape of the contract, with tpsnr and flip', () => {
    const { environment, rows, mean } = results[0]!;
    expect(environment).toMatchObject({
      renderer: expect.any(String),
      commit: expect.any(String),
      samples: 16,
      frames: 20,
    });
    expect(rows.map((row) => row.method)).toEqual(['native', 'native-msaa4', 'bilinear', 'bicubic', 'image-s', 'grey']);
    for (const row of [...rows, ...mean]) {
      for (const figure of ['psnr', 'ssim', 'tpsnr', 'flip'] as const) expect(row[figure]).toEqual(expect.any(Number));
    }
    expect(rows[0]).toMatchObject({ item: 'shelves', ratio: 2, framePsnr: { length: 20 }, convergence: 0 });
  });

  test('truth is what good antialiasing comes near to, and a blank picture does not', () => {
    expect(of('native-msaa4').psnr).toBeGreaterThan(of('native').psnr + 3);
    expect(of('native').psnr).toBeGreaterThan(of('bicubic').psnr);
    expect(of('native-msaa4').flip!).toBeLessThan(of('native').flip!);
    expect(of('grey').psnr).toBeLessThan(of('bilinear').psnr - 3);
  });

  test('every frame of every method is saved', () => {
    expect(readdirSync(join(folder, 'saved')).sort()).toEqual([
      'bicubic',
      'bilinear',
      'grey',
      'image-s',
      'native',
      'native-msaa4',
      'truth',
    ]);
    expect(readdirSync(join(folder, 'saved', 'truth'))).toHaveLength(20);
  });

  test('a module without createScene is named', async () => {
    const other = join(folder, 'other.js');
    writeFileSync(other, 'export const nothing = 1;');
    const { code, error } = await run('quality', 'scene', other, '--models', 'none');
    expect(code).toBe(1);
    expect(error).toContain(`upframe: ${other} exports no function 'createScene'`);
  });
});
