/** People with umbrellas: instanced, posed from time alone. */
import * as THREE from 'three';
import { Builder, place, seededRandom } from '../../perf/scenes/helpers';
import { createDrones, createGulls } from './flyers';
import { lampLit } from './light';

export interface Crowd {
  group: THREE.Group;
  update(seconds: number): void;
}

const near = -44.5; // people walk between the quay and the gate, and turn at either end
const far = 44.5;

function body(): THREE.BufferGeometry {
  const profile = [
    [0.001, 0.5],
    [0.27, 0.5],
    [0.23, 0.78],
    [0.17, 1.02],
    [0.21, 1.25],
    [0.2, 1.38],
    [0.09, 1.46],
    [0.06, 1.5],
  ].map(([r, y]) => new THREE.Vector2(r, y));
  const builder = new Builder();
  const at = place(0, 0, 0, 0, 0, 0, 1, 1, 0.78);
  builder.add(new THREE.LatheGeometry(profile, 9), at, '#fff');
  for (const side of [-1, 1]) {
    builder.add(
      new THREE.CylinderGeometry(0.055, 0.045, 0.62, 6),
      place(side * 0.235, 1.08, 0.02, 0, 0.1, side * 0.16),
      '#e6e6e6',
    );
  }
  builder.box(0, 1.24, -0.2, 0.26, 0.32, 0.13, '#b09a84').box(0, 1.16, -0.28, 0.2, 0.14, 0.06, '#8f7a66'); // rucksack
  return builder.build();
}

/** Head and hands, apart from the coat: the tint of an instance colours all of its mesh. */
function skin(): THREE.BufferGeometry {
  const builder = new Builder();
  builder.add(new THREE.SphereGeometry(0.115, 8, 6), place(0, 1.6, 0.01), '#fff');
  builder.add(new THREE.SphereGeometry(0.128, 8, 5, 0, 6.3, 0, 2), place(0, 1.62, -0.02, 0, -0.45), '#2a1d16');
  builder.add(new THREE.ConeGeometry(0.02, 0.06, 4), place(0, 1.6, 0.125, 0, 0.5), '#f0e0d4');
  for (const side of [-1, 1]) {
    builder.add(new THREE.OctahedronGeometry(0.018), place(side * 0.045, 1.63, 0.108), '#1a1210');
    builder.add(new THREE.SphereGeometry(0.05, 5, 4), place(side * 0.285, 0.76, 0.05), '#fff');
  }
  return builder.build();
}

function umbrella(): THREE.BufferGeometry {
  const builder = new Builder();
  const dome = new THREE.SphereGeometry(0.62, 8, 4, 0, Math.PI * 2, 0, 1.15);
  builder.add(dome, place(0, 1.52, 0, 0, 0, 0, 1, 0.75, 1), '#fff');
  builder.add(new THREE.CylinderGeometry(0.012, 0.012, 1, 4), place(0, 1.5, 0), '#222');
  builder.add(new THREE.CylinderGeometry(0.008, 0.02, 0.14, 4), place(0, 2.05, 0), '#222');
  return builder.build();
}

const round = 2 * (far - near);
/** 0 before a turn, 1 after; a turn takes a step and a half. */
const turned = (walked: number) => THREE.MathUtils.smoothstep(walked, -0.5, 0.5);

export function createCrowd(count = 34): Crowd {
  const random = seededRandom(91);
  const group = new THREE.Group();
  const coats = ['#7a2f2a', '#2f4858', '#4a4a55', '#8a6a3f', '#3b5a48', '#5b3f66', '#94806a', '#26303e'];
  const skins = ['#d9a27e', '#8a5a3c', '#c48a64', '#5f3d2a', '#e6b894'];
  const shades = ['#e2483c', '#f0b13a', '#3aa6a0', '#e9e2d4', '#8456b8', '#2f6fd0'];
  const cloth = () => lampLit(new THREE.MeshStandardMaterial({ vertexColors: true, side: THREE.DoubleSide }), 0.9);
  const people = Array.from({ length: count }, (_, i) => ({
    // Lanes keep clear of the camera's two tracks and of lamps and trees.
    x: (i % 2 ? 1 : -1) * random.pick([5.55, 5.75, 3.8, 3.6, 0.2]) + random.between(-0.15, 0.15),
    start: random.between(0, 2 * (far - near)),
    speed: random.between(0.75, 1.35),
    size: random.between(0.92, 1.06),
    phase: random.between(0, 6.28),
    umbrella: random() < 0.5,
  }));
  const mesh = (geometry: THREE.BufferGeometry, amount: number, name: string) => {
    const instanced = new THREE.InstancedMesh(geometry, cloth(), amount);
    instanced.frustumCulled = false;
    instanced.receiveShadow = true;
    instanced.name = name;
    group.add(instanced);
    return instanced;
  };
  const bodies = mesh(body(), count, 'people');
  const heads = mesh(skin(), count, 'heads');
  const leg = new THREE.CylinderGeometry(0.075, 0.05, 0.6, 6).translate(0, -0.3, 0);
  const foot = new Builder().add(leg, new THREE.Matrix4(), '#fff').box(0, -0.6, 0.05, 0.09, 0.08, 0.24, '#999');
  const legs = mesh(foot.build(), count * 2, 'legs');
  const holders = people.filter((p) => p.umbrella);
  const umbrellas = mesh(umbrella(), holders.length, 'umbrellas');
  const shadows = blobs(count);
  group.add(shadows);
  people.forEach((_, i) => {
    bodies.setColorAt(i, new THREE.Color(random.pick(coats)));
    heads.setColorAt(i, new THREE.Color(skins[i % skins.length]));
    for (const k of [0, 1]) legs.setColorAt(i * 2 + k, new THREE.Color('#26262e'));
  });
  holders.forEach((_, i) => {
    umbrellas.setColorAt(i, new THREE.Color(random.pick(shades)));
  });
  const flyers = [createGulls(), createDrones()];
  for (const flyer of flyers) group.add(flyer.group);

  return {
    group,
    update(seconds) {
      let held = 0;
      people.forEach((p, i) => {
        const walked = (((p.start + p.speed * seconds) % round) + round) % round;
        const z = walked < round / 2 ? near + walked : far - (walked - round / 2);
        const yaw = Math.PI * (turned(walked) + turned(walked - round / 2) + turned(walked - round) - 1);
        const stride = seconds * p.speed * 4.4 + p.phase;
        const ground = Math.abs(p.x) > 4.4 && z > -32 && z < 44 ? 0.13 : 0;
        const y = ground + Math.abs(Math.sin(stride)) * 0.03;
        const sway = Math.sin(stride) * 0.025;
        const stance = place(p.x, y, z, yaw + Math.sin(stride) * 0.05, 0.03, sway, p.size);
        bodies.setMatrixAt(i, stance);
        heads.setMatrixAt(i, stance);
        for (const k of [0, 1]) {
          const side = k ? 1 : -1;
          legs.setMatrixAt(
            i * 2 + k,
            place(
              p.x + side * 0.1 * Math.cos(yaw),
              y + 0.63 * p.size,
              z,
              yaw,
              Math.sin(stride) * 0.5 * side,
              0,
              p.size,
            ),
          );
        }
        if (p.umbrella) umbrellas.setMatrixAt(held++, place(p.x + 0.1, y, z, p.phase, 0.05, sway * 2 + 0.06, p.size));
        shadows.setMatrixAt(i, place(p.x, ground + 0.015, z, 0, -Math.PI / 2, 0, 1, 1.1, 1));
      });
      for (const instanced of [bodies, heads, legs, umbrellas, shadows]) instanced.instanceMatrix.needsUpdate = true;
      for (const flyer of flyers) flyer.update(seconds);
    },
  };
}

/** A dark spot under each walker: the shadow map is drawn once and knows only what stands still. */
function blobs(count: number): THREE.InstancedMesh {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 32;
  const pen = canvas.getContext('2d')!;
  const fill = pen.createRadialGradient(16, 16, 1, 16, 16, 16);
  fill.addColorStop(0, 'rgb(0 0 0 / 70%)');
  fill.addColorStop(1, 'rgb(0 0 0 / 0%)');
  pen.fillStyle = fill;
  pen.fillRect(0, 0, 32, 32);
  const material = new THREE.MeshBasicMaterial({
    map: new THREE.CanvasTexture(canvas),
    color: '#000',
    transparent: true,
    depthWrite: false,
  });
  const mesh = new THREE.InstancedMesh(new THREE.PlaneGeometry(1, 1), material, count);
  mesh.frustumCulled = false;
  mesh.name = 'contact shadows';
  return mesh;
}
