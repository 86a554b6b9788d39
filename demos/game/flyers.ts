/** Gulls over the harbour and delivery drones over the street, posed from time alone. */
import * as THREE from 'three';
import { Builder, place, seededRandom } from '../../perf/scenes/helpers';
import type { Crowd } from './crowd';
import { lampLit } from './light';

export function createGulls(): Crowd {
  const random = seededRandom(17);
  const group = new THREE.Group();
  const flock = Array.from({ length: 13 }, () => ({
    radius: random.between(7, 20),
    height: random.between(8, 15),
    phase: random.between(0, 6.28),
    speed: random.between(0.16, 0.26),
    z: random.between(-52, -30),
  }));
  const wing = new THREE.BufferGeometry();
  wing.setAttribute(
    'position',
    new THREE.Float32BufferAttribute([0, 0, 0.13, 0, 0, -0.13, 0.42, 0.02, -0.06, 0.42, 0.02, 0.1, 0.85, 0, -0.14], 3),
  );
  wing.setIndex([0, 1, 2, 0, 2, 3, 3, 2, 4]);
  wing.computeVertexNormals();
  const material = new THREE.MeshStandardMaterial({ color: '#e8e4e2', side: THREE.DoubleSide });
  const wings = new THREE.InstancedMesh(wing, material, flock.length * 2);
  const bodies = new THREE.InstancedMesh(
    new THREE.ConeGeometry(0.1, 0.62, 6).rotateX(Math.PI / 2),
    material,
    flock.length,
  );
  for (const mesh of [wings, bodies]) mesh.frustumCulled = false;
  wings.name = 'gull wings';
  bodies.name = 'gulls';
  group.add(wings, bodies);
  const flip = new THREE.Matrix4().makeScale(-1, 1, 1);
  return {
    group,
    update(seconds) {
      flock.forEach((g, i) => {
        const a = seconds * g.speed + g.phase;
        const position = [
          Math.cos(a) * g.radius,
          g.height + Math.sin(a * 3) * 0.6,
          g.z + Math.sin(a) * g.radius * 0.6,
        ] as const;
        const yaw = Math.atan2(-Math.sin(a), Math.cos(a) * 0.6);
        const flap = Math.sin(seconds * 7 + g.phase * 5) * (0.35 + 0.3 * Math.sin(seconds * 0.8 + g.phase));
        bodies.setMatrixAt(i, place(...position, yaw, 0, 0.3));
        const frame = place(...position, yaw, 0, 0.3);
        wings.setMatrixAt(i * 2, frame.clone().multiply(place(0, 0, 0, 0, 0, flap)));
        wings.setMatrixAt(
          i * 2 + 1,
          frame
            .clone()
            .multiply(flip)
            .multiply(place(0, 0, 0, 0, 0, flap)),
        );
      });
      wings.instanceMatrix.needsUpdate = bodies.instanceMatrix.needsUpdate = true;
    },
  };
}

/** Small quadcopters with a parcel and navigation lights. */
export function createDrones(): Crowd {
  const group = new THREE.Group();
  const frame = new Builder().box(0, 0, 0, 0.34, 0.1, 0.34, '#30343c').box(0, -0.22, 0, 0.32, 0.28, 0.32, '#a9794a');
  for (const [x, z] of [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ] as const) {
    frame.box(x * 0.26, 0.02, z * 0.26, 0.5, 0.03, 0.04, '#22252b', (x * z * Math.PI) / 4);
    frame.add(new THREE.CylinderGeometry(0.03, 0.03, 0.1, 5), place(x * 0.42, 0.06, z * 0.42), '#22252b');
  }
  const shell = frame.build();
  const rotor = new THREE.BoxGeometry(0.5, 0.012, 0.045);
  const paintwork = lampLit(new THREE.MeshStandardMaterial({ vertexColors: true }));
  const dark = new THREE.MeshStandardMaterial({ color: '#15161a' });
  const lights = [
    new THREE.MeshBasicMaterial({ color: new THREE.Color(3, 0.3, 0.2) }),
    new THREE.MeshBasicMaterial({ color: new THREE.Color(0.3, 3, 0.8) }),
  ];
  const drones = [0, 1, 2].map((i) => {
    const drone = new THREE.Group();
    drone.add(new THREE.Mesh(shell, paintwork));
    const rotors = [
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ].map(([x, z]) => {
      const blade = new THREE.Mesh(rotor, dark);
      blade.position.set(x! * 0.42, 0.12, z! * 0.42);
      drone.add(blade);
      return blade;
    });
    [-1, 1].forEach((x, k) => {
      const light = new THREE.Mesh(new THREE.SphereGeometry(0.045, 6, 5), lights[k]);
      light.position.set(x * 0.2, 0, 0.2);
      drone.add(light);
    });
    group.add(drone);
    return { drone, rotors, phase: i * 2.1, lane: [-3.2, 0.6, 3.4][i]! };
  });
  group.name = 'drones';
  return {
    group,
    update(seconds) {
      for (const { drone, rotors, phase, lane } of drones) {
        const a = seconds * (Math.PI / 18) + phase;
        drone.position.set(
          lane + Math.sin(a * 2) * 0.9,
          5.1 + Math.sin(a * 3) * 0.5 + phase * 0.25,
          4 + Math.sin(a) * 26,
        );
        drone.rotation.set(Math.cos(a) * 0.16, Math.cos(a) > 0 ? 0 : Math.PI, Math.sin(a * 5) * 0.05);
        rotors.forEach((blade, i) => {
          blade.rotation.y = seconds * 41 * (i % 2 ? 1 : -1) + i;
        });
      }
    },
  };
}
