/** Runs in the page: shadows and lights that move over what stands must not smear. */
import * as THREE from 'three';
import type { UpscalerOptions } from '../../src/index.ts';
import { SceneUpscaler } from '../../src/three.ts';
import { type At, drawnMap, maskOf, spy } from './frames.ts';
import { psnr, readBack, release } from './pictures.ts';
import { sampled, smallRenderer } from './scenes.ts';

const SIZE: [number, number] = [320, 180];

export type Kind = 'sun' | 'spot' | 'lamp' | 'bare lamp' | 'bare spot' | 'dimmed';

interface Stage {
  renderer: THREE.WebGLRenderer;
  gl: WebGL2RenderingContext;
  scene: THREE.Scene;
  camera: THREE.PerspectiveCamera;
  light: THREE.DirectionalLight | THREE.SpotLight | THREE.PointLight;
  /** Moves what moves: a caster that is not seen itself, or the light. */
  show(i: number): void;
}

function studio(kind: Kind, type: THREE.ShadowMapType, reversed: boolean): Stage {
  const renderer = smallRenderer(...SIZE, { reversedDepthBuffer: reversed });
  renderer.shadowMap.type = type;
  const scene = new THREE.Scene();
  const wall = new THREE.Mesh(new THREE.PlaneGeometry(6.4, 3.6), new THREE.MeshLambertMaterial({ map: drawnMap() }));
  wall.receiveShadow = true;
  const still = new THREE.Mesh(new THREE.BoxGeometry(0.2, 0.8, 0.2), new THREE.MeshLambertMaterial({ color: '#888' }));
  still.position.set(0.6, -0.6, 0.3);
  still.castShadow = true;
  scene.add(wall, still, new THREE.AmbientLight('#fff', 0.5));
  const camera = new THREE.PerspectiveCamera(45, SIZE[0] / SIZE[1], 0.1, 50);
  camera.position.z = 3.5;
  const light = {
    sun: () => new THREE.DirectionalLight('#fff', 3),
    spot: () => new THREE.SpotLight('#fff', 120, 0, 0.6, 0.2),
    lamp: () => new THREE.PointLight('#fff', 60),
    'bare lamp': () => new THREE.PointLight('#fff', 3),
    'bare spot': () => new THREE.SpotLight('#fff', 60, 9, 0.25, 0.3),
    dimmed: () => new THREE.PointLight('#fff', 30),
  }[kind]();
  const cast = !/bare|dimmed/.test(kind);
  light.castShadow = cast;
  light.position.set(1.2, 1.5, 3.5);
  scene.add(light);
  if (!(light instanceof THREE.PointLight)) scene.add(light.target);
  const caster = new THREE.Mesh(
    new THREE.SphereGeometry(0.35, 32, 16),
    new THREE.MeshBasicMaterial({ colorWrite: false, depthWrite: false }),
  );
  caster.castShadow = cast;
  caster.position.z = 0.8;
  scene.add(caster);
  const show = (i: number): void => {
    if (kind === 'dimmed') light.intensity = 30 + 20 * Math.sin(0.3 * i);
    else if (kind === 'bare lamp') light.position.set(-1 + 0.05 * i, 0.3, 0.7);
    else if (light instanceof THREE.SpotLight && !cast) light.target.position.set(-1 + 0.05 * i, 0, 0);
    else caster.position.x = -1 + 0.05 * i;
    scene.updateMatrixWorld();
  };
  return { renderer, gl: renderer.getContext() as WebGL2RenderingContext, scene, camera, light, show };
}

export interface Relit {
  /** PSNR in dB of the whole picture. */
  masked: number;
  unmasked: number;
  /** Mean of the mask where the picture has changed since the frame before, and the largest far from there, 0..1. */
  mask: { inside: number; outside: number };
  /** Frames with a mask, of some in which nothing moves, and of some in which only the camera does. */
  atRest: number;
  panned: number;
  /** The light's map is the one that three.js made. */
  untouched: boolean;
  error: number;
  fallback: string | null;
}

/** Something moves for a while before a camera that rests; then nothing does; then the camera. */
export async function relit(
  kind: Kind,
  type: THREE.ShadowMapType,
  options: UpscalerOptions,
  reversed = false,
): Promise<Relit> {
  const FRAMES = 24;
  const { renderer, gl, scene, camera, light, show } = studio(kind, type, reversed);
  show(FRAMES - 2);
  const before = sampled(renderer, scene, camera);
  show(FRAMES - 1);
  const sharp = sampled(renderer, scene, camera);
  const changed = Uint8Array.from({ length: SIZE[0] * SIZE[1] }, (_, k) =>
    Math.max(...[0, 1, 2].map((c) => Math.abs(sharp.data[4 * k + c]! - before.data[4 * k + c]!))),
  );
  const map = light.shadow.map;
  const result: Partial<Relit> = {};
  for (const masked of [false, true]) {
    const upscaler = await SceneUpscaler.create(renderer, { ...options, timing: false });
    const seen = spy(upscaler, masked);
    const masks = (): number => {
      upscaler.render(scene, camera);
      return Number(Boolean(seen.frame!.reactive));
    };
    for (let i = 0; i < FRAMES; i++) {
      show(i);
      upscaler.render(scene, camera);
    }
    result[masked ? 'masked' : 'unmasked'] = psnr(readBack(gl, null, ...SIZE), sharp);
    if (masked) {
      const inside = (at: At) => at(0, 0) > 24 && at(1, -1) > 24;
      const calm = (at: At) => [-6, -3, 0, 3, 6].every((dy) => [-6, -3, 0, 3, 6].every((dx) => at(dx, dy) < 2));
      result.mask = maskOf(gl, seen.frame!, changed, 4, inside, calm);
      // What has just stopped did move in the frame before.
      masks();
      result.atRest = masks() + masks();
      camera.position.x += 0.1;
      result.panned = masks();
      camera.position.x += 0.1;
      result.panned += masks();
    }
    result.fallback = upscaler.stats.fallback;
    upscaler.dispose();
  }
  const untouched = light.shadow.map === map && Object.keys(light.shadow).every((key) => !/upframe/.test(key));
  renderer.dispose();
  return { ...(result as Relit), untouched, error: release(gl) };
}

/** Something moves in every frame, and its shadow in the sixth alone, whose map the application has drawn then: which frames have a mask. */
export async function drawnByHand(): Promise<{ masked: number[]; error: number }> {
  const { renderer, gl, scene, camera, light, show } = studio('sun', THREE.PCFShadowMap, false);
  light.shadow.autoUpdate = false;
  light.shadow.needsUpdate = true;
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal', timing: false });
  const seen = spy(upscaler);
  const masked: number[] = [];
  for (let i = 1; i <= 9; i++) {
    show(2 * i);
    if (i === 6) light.shadow.needsUpdate = true;
    upscaler.render(scene, camera);
    if (seen.frame!.reactive) masked.push(i);
  }
  upscaler.dispose();
  renderer.dispose();
  return { masked, error: release(gl) };
}
