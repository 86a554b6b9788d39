/** Movers of every kind on a patterned floor: instanced walkers, a skinned arm, a spinning wheel; and one cut of the camera. */
import * as THREE from 'three';
import { Builder, paint, place, type SceneModule, seededRandom } from './helpers';

const joints = 8;

/** A tapered column on a chain of bones. */
function tentacle(material: THREE.Material): { mesh: THREE.SkinnedMesh; chain: THREE.Bone[] } {
  const geometry = new THREE.CylinderGeometry(0.12, 0.4, 4, 12, 40).translate(0, 2, 0);
  const position = geometry.getAttribute('position');
  const index: number[] = [];
  const weight: number[] = [];
  for (let i = 0; i < position.count; i++) {
    const along = Math.min(joints - 1.001, (position.getY(i) / 4) * (joints - 1));
    const first = Math.floor(along);
    index.push(first, first + 1, 0, 0);
    weight.push(1 - (along - first), along - first, 0, 0);
  }
  geometry.setAttribute('skinIndex', new THREE.Uint16BufferAttribute(index, 4));
  geometry.setAttribute('skinWeight', new THREE.Float32BufferAttribute(weight, 4));
  const chain = Array.from({ length: joints }, () => new THREE.Bone());
  chain.forEach((bone, i) => {
    if (i) chain[i - 1]!.add(bone);
    bone.position.y = i ? 4 / (joints - 1) : 0;
  });
  const mesh = new THREE.SkinnedMesh(geometry, material);
  mesh.add(chain[0]!);
  mesh.updateMatrixWorld(true);
  mesh.bind(new THREE.Skeleton(chain));
  mesh.frustumCulled = false;
  return { mesh, chain };
}

export async function createScene(_renderer: THREE.WebGLRenderer): Promise<SceneModule> {
  const random = seededRandom(4);
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#d9cdbf');
  scene.fog = new THREE.Fog('#d9cdbf', 12, 40);
  scene.add(new THREE.HemisphereLight('#fff4e6', '#7a6a58', 1.7));
  const sun = new THREE.DirectionalLight('#fff', 2);
  sun.position.set(4, 8, 6);
  scene.add(sun);

  const check = paint(256, 256, (pen) => {
    for (let i = 0; i < 64; i++) {
      pen.fillStyle = (i + Math.floor(i / 8)) % 2 ? '#8a7a68' : '#cbbba6';
      pen.fillRect((i % 8) * 32, Math.floor(i / 8) * 32, 32, 32);
    }
  });
  check.wrapS = check.wrapT = THREE.RepeatWrapping;
  check.repeat.set(8, 8);
  const floor = new THREE.Mesh(new THREE.PlaneGeometry(60, 60), new THREE.MeshLambertMaterial({ map: check }));
  floor.rotation.x = -Math.PI / 2;
  scene.add(floor);

  const lit = new THREE.MeshLambertMaterial({ vertexColors: true });
  const figure = new Builder()
    .add(new THREE.CapsuleGeometry(0.22, 0.7, 4, 10), place(0, 0.95, 0), '#fff')
    .add(new THREE.SphereGeometry(0.15, 12, 9), place(0, 1.72, 0), '#f0c8a0')
    .build();
  const leg = new THREE.CylinderGeometry(0.08, 0.06, 0.6, 7).translate(0, -0.3, 0);
  const walkers = Array.from({ length: 36 }, () => ({
    lane: random.between(-7, 4),
    start: random.between(0, 24),
    speed: random.between(0.8, 1.9) * random.pick([1, -1]),
    phase: random.between(0, 6.28),
  }));
  const bodies = new THREE.InstancedMesh(figure, lit, walkers.length);
  const legs = new THREE.InstancedMesh(leg, new THREE.MeshLambertMaterial({ color: '#3a3f4a' }), walkers.length * 2);
  walkers.forEach((_, i) => {
    bodies.setColorAt(i, new THREE.Color(`hsl(${Math.floor(random() * 360)}, 60%, 55%)`));
  });
  for (const mesh of [bodies, legs]) mesh.frustumCulled = false;

  const rings = paint(64, 256, (pen) => {
    for (let i = 0; i < 16; i++) {
      pen.fillStyle = i % 2 ? '#d2452f' : '#f4e6c8';
      pen.fillRect(0, i * 16, 64, 16);
    }
  });
  const arms = [-4.5, 0, 4.5].map((x) => {
    const arm = tentacle(new THREE.MeshLambertMaterial({ map: rings }));
    arm.mesh.position.set(x, 0, -6);
    scene.add(arm.mesh);
    return arm;
  });
  const spokes = new Builder().add(new THREE.TorusGeometry(1.6, 0.06, 6, 48), place(0, 0, 0), '#2b2f36');
  for (let i = 0; i < 24; i++) spokes.box(0, 0, 0, 0.02, 3.2, 0.02, '#2b2f36', 0, (i / 24) * Math.PI);
  const wheel = new THREE.Mesh(spokes.build(), lit);
  wheel.position.set(3.2, 1.7, -2.5);
  scene.add(bodies, legs, wheel);

  const camera = new THREE.PerspectiveCamera(50, 16 / 9, 0.1, 80);
  return {
    scene,
    camera,
    cuts: [1.2],
    update(seconds) {
      walkers.forEach((w, i) => {
        const x = ((((w.start + w.speed * seconds) % 24) + 24) % 24) - 12;
        const stride = seconds * 5 * Math.abs(w.speed) + w.phase;
        const yaw = w.speed > 0 ? Math.PI / 2 : -Math.PI / 2;
        const y = Math.abs(Math.sin(stride)) * 0.05;
        bodies.setMatrixAt(i, place(x, y, w.lane, yaw, 0.06));
        for (const k of [-1, 1])
          legs.setMatrixAt(i * 2 + (k + 1) / 2, place(x, 0.6 + y, w.lane + k * 0.1, yaw, Math.sin(stride) * 0.6 * k));
      });
      bodies.instanceMatrix.needsUpdate = legs.instanceMatrix.needsUpdate = true;
      arms.forEach(({ chain }, a) => {
        chain.forEach((bone, i) => {
          bone.rotation.set(
            Math.sin(seconds * 1.6 + i * 0.7 + a) * 0.2,
            0,
            Math.sin(seconds * 1.2 + i * 0.5 + a * 2) * 0.24,
          );
        });
      });
      wheel.rotation.z = seconds * 1.3;
      // Two shots: convergence after a cut is measured at 1.2 s.
      const second = seconds >= 1.2;
      const a = seconds * 0.25 + (second ? 1.1 : 0);
      camera.position.set(Math.sin(a) * 4.5, second ? 3.4 : 2, 8.5 - (second ? 1.5 : 0));
      camera.lookAt(0, 1.2, -2);
      camera.updateMatrixWorld();
    },
  };
}
