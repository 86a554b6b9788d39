/**
 * A harbour street at dusk after rain, made by code. It is hard for an upscaler on purpose: small lettering, cables,
 * railings, chain link, leaves, mirrors on wet stone, a skinned dragon, walkers and gulls; and the camera never stands still.
 */
import interBold from '@pmndrs/assets/fonts/inter_bold.woff.js';
import * as THREE from 'three';
import type { SceneModule } from '../../perf/scenes/helpers';
import { createCrowd } from './crowd';
import { createDragon } from './dragon';
import { createFoliage } from './foliage';
import { createGround } from './ground';
import { createHarbour } from './harbour';
import { createEnvironment, createSky, createSun, haze } from './light';
import { addMist } from './mist';
import { createShafts } from './shafts';
import { createAtlas, Glow } from './signs';
import { createSquare, squareHouses } from './square';
import { createStreet } from './street';
import { createWires } from './wires';

/** Second 0 shows what a visitor should see first: the street, the dragon and the sunset. */
const start = 82.6;

/** Seconds for one round of the camera. */
export const loop = 86;

export interface World extends SceneModule {
  /** Stands on the square; put a model on it in place of the sphere. */
  pedestal: THREE.Group;
  /** Poses all but the camera. */
  animate(seconds: number): void;
  /** Where the flight has the camera at a time. */
  flight(seconds: number, position: THREE.Vector3, target: THREE.Vector3): void;
}

const points = (list: number[][]) =>
  new THREE.CatmullRomCurve3(
    list.map(([x, y, z]) => new THREE.Vector3(x, y, z)),
    true,
    'centripetal',
  );

// Down the street to the sea, a turn along the quay, back under the dragon, through the gate and around the square.
const track = points([
  [2.2, 1.75, 30],
  [1.4, 1.6, 18],
  [2.6, 1.9, 6],
  [1.6, 2.4, -6],
  [2.4, 1.8, -18],
  [2.8, 2.0, -30],
  [1.5, 2.6, -39.5],
  [-3, 2.9, -42],
  [-5, 2.4, -37],
  [-2.6, 1.8, -26],
  [-1.5, 2.6, -12],
  [-2.7, 3.4, 2],
  [-1.4, 2.8, 16],
  [-2.3, 2.0, 29],
  [-1.5, 2.2, 40],
  [-3.4, 2.6, 45],
  [-5, 3.2, 49.5],
  [-2.9, 3.8, 54],
  [1.4, 4.0, 55],
  [4.4, 3.4, 51.5],
  [3.2, 2.4, 46.5],
  [1.5, 1.9, 40.5],
]);

async function loadFont(): Promise<void> {
  // Signs are painted once, so the face must be in before the first stroke; without it every machine would paint its own.
  const face = new FontFace('Sign', `url(${interBold})`, { weight: '400 900' });
  document.fonts.add(await face.load());
}

/** Anisotropic reads keep walls and paving sharp at a slant: free on a GPU, half a frame's time on a software renderer. */
function sharpenAtAngles(scene: THREE.Scene, anisotropy: number): void {
  scene.traverse((node) => {
    const material = (node as THREE.Mesh).material as THREE.MeshStandardMaterial | undefined;
    for (const texture of [material?.map, material?.normalMap]) if (texture) texture.anisotropy = anisotropy;
  });
}

export async function createScene(renderer: THREE.WebGLRenderer, { anisotropy = 4 } = {}): Promise<World> {
  await loadFont();
  const scene = new THREE.Scene();
  scene.background = haze;
  scene.fog = new THREE.FogExp2(haze, 0.0085);
  scene.environment = createEnvironment();
  scene.environmentIntensity = 0.9;
  const camera = new THREE.PerspectiveCamera(58, 16 / 9, 0.1, 900);

  const atlas = createAtlas();
  const glow = new Glow(atlas);
  const { group: street, houses } = createStreet(atlas, glow, squareHouses);
  const wires = createWires(houses, glow);
  const harbour = createHarbour();
  const square = createSquare(atlas, glow);
  const foliage = createFoliage();
  const crowd = createCrowd();
  const dragon = createDragon();
  const mirror = glow.mirror(
    (side, z) => houses.find((h) => h.side === side && z >= h.z0 && z < h.z1)?.height ?? (z > 40 ? 9 : 0),
  );
  const sun = createSun();
  scene.add(createSky(), sun, sun.target, new THREE.HemisphereLight('#98a0e0', '#6a4a40', 1.6));
  scene.add(
    createGround(mirror),
    street,
    wires.group,
    harbour.group,
    square.group,
    foliage.group,
    crowd.group,
    dragon.group,
    glow.mesh(),
  );

  sharpenAtAngles(scene, anisotropy);
  const shafts = createShafts(renderer, sun);
  addMist(scene, shafts.volume);
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  const dot = new THREE.WebGLRenderTarget(1, 1);
  // It sees nothing: materials are not compiled for a picture that nobody looks at.
  const away = new THREE.PerspectiveCamera();
  away.position.y = -1e4;
  away.rotation.x = -Math.PI / 2;
  /** Draws the sun's shadow map and what follows from it: both are kept. */
  const letSunIn = () => {
    sun.shadow.needsUpdate = true;
    renderer.setRenderTarget(dot);
    renderer.render(scene, away);
    shafts.bake();
  };
  renderer.domElement.addEventListener('webglcontextrestored', letSunIn);

  const heart = new THREE.Vector3(0, 3, 45);
  const position = new THREE.Vector3();
  const target = new THREE.Vector3();
  const flight = (seconds: number, at: THREE.Vector3, to: THREE.Vector3) => {
    const u = ((((seconds + start) / loop) % 1) + 1) % 1;
    track.getPointAt(u, at);
    track.getPointAt((u + 0.055) % 1, to);
    // Around the square it looks inwards: sphere, gate, and the street beyond in one view.
    to.lerp(heart, THREE.MathUtils.smoothstep(at.z, 43, 51) * 0.75);
    to.y += 0.35 + Math.sin(u * Math.PI * 6) * 0.25;
  };
  const animate = (seconds: number) => {
    for (const part of [wires, harbour, square, foliage, crowd, dragon]) part.update(seconds + start);
  };
  const update = (seconds: number) => {
    animate(seconds);
    flight(seconds, position, target);
    camera.position.copy(position);
    camera.lookAt(target);
    camera.updateMatrixWorld();
  };
  update(0);
  letSunIn();
  return { scene, camera, update, animate, flight, pedestal: square.pedestal };
}
