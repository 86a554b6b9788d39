/** A world from a number: parts put together by chance, and a camera that rests, walks, turns, circles or cuts. */
import * as THREE from 'three';
import { type Random, type SceneModule, seededRandom } from '../../perf/scenes/helpers';
import * as parts from './parts';

const CHANCES: readonly (readonly [parts.Part, number])[] = [
  [parts.surroundings, 0.5],
  [parts.light, 1],
  [parts.sky, 1],
  [parts.ground, 1],
  [parts.walls, 0.7],
  [parts.signs, 0.4],
  [parts.fence, 0.5],
  [parts.foliage, 0.35],
  [parts.movers, 0.6],
  [parts.traffic, 0.4],
  [parts.crowd, 0.3],
  [parts.actors, 0.25],
  [parts.haze, 0.25],
  [parts.passage, 0.35],
];

/** Where the camera is and looks at a time, in metres. Slow ways are as frequent as fast ones. */
function path(random: Random): (seconds: number, position: THREE.Vector3, target: THREE.Vector3) => void {
  const kind = random.pick(['rest', 'walk', 'walk', 'strafe', 'turn', 'orbit', 'shake', 'stop'] as const);
  const speed = 0.1 * 80 ** random();
  const [x, y, z] = [random.between(-2, 2), random.between(0.7, 2.2), random.between(3, 7)];
  const [aim, height, phase] = [random.between(-2, 2), random.between(0.5, 1.8), random() * 6];
  const sign = random() < 0.5 ? -1 : 1;
  return (seconds, position, target) => {
    const way = sign * speed * (kind === 'stop' ? Math.min(seconds, 0.22) : seconds);
    position.set(x, y, z);
    target.set(aim, height, -3);
    if (kind === 'walk' || kind === 'stop') position.z -= way;
    if (kind === 'walk') position.y += 0.03 * Math.sin(seconds * 9);
    if (kind === 'strafe') {
      position.x += way;
      target.x += way;
    }
    if (kind === 'turn')
      target.set(x + Math.sin(phase * 0.1 + way * 0.4) * 8, height, z - Math.cos(phase * 0.1 + way * 0.4) * 8);
    if (kind === 'orbit')
      position.set(Math.sin(phase + way * 0.2) * z, y, Math.abs(Math.cos(phase + way * 0.2)) * z + 1);
    if (kind === 'shake') {
      target.x += 0.1 * Math.sin(seconds * 7 + phase) * Math.min(speed, 2);
      target.y += 0.08 * Math.sin(seconds * 5.3) * Math.min(speed, 2);
    }
  };
}

export type { Assets } from './parts';

export async function createWorld(seed: number, assets: parts.Assets): Promise<SceneModule> {
  const random = seededRandom(seed);
  const scene = new THREE.Scene();
  const updates: parts.Update[] = [];
  for (const [part, chance] of CHANCES) {
    if (random() >= chance) continue;
    const update = await part({ scene, random, assets });
    if (update) updates.push(update);
  }
  const camera = new THREE.PerspectiveCamera(random.between(35, 70), 1, 0.1, 150);
  const ways = [path(random), path(random)] as const;
  const cut = random() < 0.25 ? random.between(0.1, 0.4) : Number.POSITIVE_INFINITY;
  const target = new THREE.Vector3();
  return {
    scene,
    camera,
    cuts: Number.isFinite(cut) ? [cut] : [],
    update(seconds) {
      for (const update of updates) update(seconds);
      ways[seconds < cut ? 0 : 1](seconds, camera.position, target);
      camera.lookAt(target);
      camera.updateMatrixWorld();
    },
  };
}
