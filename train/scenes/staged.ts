/** Four of the scenes of perf/scenes, seen otherwise than where they are measured: at other times and speeds, by a camera that zooms in, drifts, rests or cuts. */
import type * as THREE from 'three';
import { createScene as crowd } from '../../perf/scenes/crowd';
import { createScene as fence } from '../../perf/scenes/fence';
import { createScene as foliage } from '../../perf/scenes/foliage';
import { type SceneModule, seededRandom } from '../../perf/scenes/helpers';
import { createScene as interior } from '../../perf/scenes/interior';

// The others, street and sparks, train nothing: they tell how networks do on what they have not seen.
const STAGES = [crowd, fence, foliage, interior];

const made = new Map<number, Promise<SceneModule>>();

/** Measurement sees the time from 0 to this, in seconds. */
const MEASURED = 2.5;

/** The scene `seed % 4`; made once and kept, so not to be disposed of. */
export async function createStaged(renderer: THREE.WebGLRenderer, seed: number): Promise<SceneModule> {
  const index = seed % STAGES.length;
  if (!made.has(index)) made.set(index, STAGES[index]!(renderer));
  const stage = await made.get(index)!;
  const random = seededRandom(seed);
  const camera = stage.camera.clone();
  const shots = [0, 1].map(() => ({
    // When its camera is asked, and how fast that time passes: it may rest, and be slower or faster than the scene.
    start: random.pick([-1, 1]) * random.between(0, 10),
    speed: random.pick([0, 1, 1, random.between(0.2, 4)]) * random.pick([-1, 1]),
    drift: random.pick([0, 0, 1]) * random.between(-0.4, 0.4),
    yaw: random.between(-0.2, 0.2),
    pitch: random.between(-0.12, 0.06),
    zoom: random.between(1, 2.2),
  }));
  const start = random.between(MEASURED, 20);
  const cut = random() < 0.2 ? random.between(0.1, 0.4) : Number.POSITIVE_INFINITY;
  return {
    scene: stage.scene,
    camera,
    cuts: Number.isFinite(cut) ? [cut] : [],
    update(seconds) {
      const shot = shots[seconds < cut ? 0 : 1]!;
      const way = seconds * shot.speed;
      stage.update(shot.start < 0 ? Math.min(0, shot.start + way) : MEASURED + Math.max(0, shot.start + way));
      camera.position.copy(stage.camera.position);
      camera.quaternion.copy(stage.camera.quaternion);
      camera.rotateY(shot.yaw / shot.zoom + seconds * shot.drift).rotateX(shot.pitch / shot.zoom);
      camera.zoom = shot.zoom;
      camera.updateProjectionMatrix();
      camera.updateMatrixWorld();
      stage.update(start + seconds);
    },
  };
}
