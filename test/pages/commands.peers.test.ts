import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../perf/report.ts';
import { run, succeed, temporary } from './commands.ts';

const folder = temporary();

/** At rest until its cut, then from elsewhere: big lettered boxes, shadow, fog, tone mapping, points. */
const SCENE = `
import * as THREE from 'three';
export async function createScene(renderer) {
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  renderer.shadowMap.enabled = true;
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#8ac');
  scene.fog = new THREE.Fog('#8ac', 6, 16);
  const sun = new THREE.DirectionalLight('#fff', 3);
  sun.position.set(3, 5, 4);
  sun.castShadow = true;
  scene.add(sun, new THREE.HemisphereLight('#fff', '#444', 1));
  for (let i = 0; i < 12; i++) {
    const material = new THREE.MeshStandardMaterial({ color: ['#e44', '#4a4', '#46e', '#fff'][i % 4] });
    const mesh = new THREE.Mesh(new THREE.BoxGeometry(1.2, 0.5, 0.4), material);
    mesh.position.set(Math.random() * 6 - 3, Math.random() * 3 - 1, Math.random() * 4 - 2);
    mesh.rotation.set(Math.random(), Math.random() * 3, Math.random());
    mesh.castShadow = mesh.receiveShadow = true;
    scene.add(mesh);
  }
  const positions = Array.from({ length: 60 }, () => Math.random() * 4 - 2);
  const geometry = new THREE.BufferGeometry().setAttribute('position', new THREE.Float32BufferAttribute(positions, 3));
  scene.add(new THREE.Points(geometry, new THREE.PointsMaterial({ size: 0.3, color: '#ff8' })));
  const camera = new THREE.PerspectiveCamera(50, 1, 0.1, 50);
  return {
    scene,
    camera,
    cuts: [9 / 60],
    update(seconds) {
      const angle = seconds < 8.5 / 60 ? 0.3 : 2.5;
      camera.position.set(Math.sin(angle) * 6, 0.5, Math.cos(angle) * 6);
      camera.lookAt(0, 0, 0);
    },
  };
}`;

describe("quality scene, beside three's own upscalers and SMAA", () => {
  const path = join(folder, 'boxes.js');
  const methods = ['native', 'native-smaa', 'three-native', 'bilinear', 'three-taau', 'three-fsr1'];
  let rows: Row[] = [];
  const of = (name: string) => rows.find((row) => row.method === name)!;
  const frames = (name: string) => of(name).framePsnr as number[];
  const measure = (scene: string, ...list: string[]) =>
    ['scene', scene, '--size', '160x90', '--methods', list.join(',')] as const;

  beforeAll(async () => {
    writeFileSync(path, SCENE);
    const json = join(folder, 'rows.json');
    await succeed('quality', ...measure(path, ...methods), '--frames', '12', '--json', json);
    rows = (JSON.parse(readFileSync(json, 'utf8')) as { rows: Row[] }).rows;
  });

  test('every one has its row', () => {
    expect(rows.map((row) => row.method)).toEqual(methods);
  });

  test("three's node renderer starts from the picture that WebGLRenderer draws", () => {
    expect(Math.abs(of('three-native').psnr - of('native').psnr)).toBeLessThan(0.1);
  });

  test('SMAA comes nearer to the truth than no antialiasing', () => {
    expect(of('native-smaa').psnr).toBeGreaterThan(of('native').psnr + 0.5);
  });

  test('FSR1 beats bilinear, whose picture has no antialiasing', () => {
    expect(of('three-fsr1').psnr).toBeGreaterThan(of('bilinear').psnr);
  });

  test('TAAU gathers at rest, and drops its history at the cut', () => {
    const psnr = frames('three-taau');
    expect(psnr[8]).toBeGreaterThan(psnr[0]! + 0.2);
    // A history of the other view would leave the first frame after the cut far below what one frame alone gives.
    expect(Math.abs(psnr[9]! - frames('bilinear')[9]!)).toBeLessThan(1);
    expect(psnr[11]).toBeGreaterThan(psnr[9]!);
  });

  test('a material with shader text of its own is named', async () => {
    const hooked = join(folder, 'hooked.js');
    const hook =
      "const material = new THREE.MeshStandardMaterial({ name: 'waves' }); material.onBeforeCompile = () => {};";
    writeFileSync(hooked, SCENE.replace(/const material = .*/, hook));
    const { code, error } = await run('quality', ...measure(hooked, 'three-taau'), '--frames', '1');
    expect(code).toBe(1);
    expect(error).toContain("upframe: three's node renderer cannot draw material 'waves' with its onBeforeCompile");
  });
});
