/** Trees and tubs of grass: alpha-tested leaf cards, instanced; each tree sways as a whole. */
import * as THREE from 'three';
import { Builder, paint, place, seededRandom } from '../../perf/scenes/helpers';
import { lampLit } from './light';

export interface Foliage {
  group: THREE.Group;
  update(seconds: number): void;
}

function leafTexture(): THREE.Texture {
  const random = seededRandom(4);
  return paint(128, 128, (pen) => {
    for (let i = 0; i < 22; i++) {
      const angle = random.between(0, 6.28);
      pen.save();
      pen.translate(64 + Math.cos(angle) * random.between(4, 40), 64 + Math.sin(angle) * random.between(4, 40));
      pen.rotate(angle + random.between(-0.6, 0.6));
      const light = random.between(26, 52);
      pen.fillStyle = `hsl(${random.between(68, 110)} 42% ${light}%)`;
      pen.beginPath();
      pen.ellipse(0, 0, 17, 6, 0, 0, 7);
      pen.fill();
      pen.fillStyle = `hsl(90 40% ${light + 12}%)`;
      pen.fillRect(-15, -0.7, 30, 1.4);
      pen.restore();
    }
  });
}

function grassTexture(): THREE.Texture {
  const random = seededRandom(6);
  return paint(128, 128, (pen) => {
    for (let i = 0; i < 34; i++) {
      const x = random.between(8, 120);
      pen.strokeStyle = `hsl(${random.between(66, 104)} 38% ${random.between(24, 54)}%)`;
      pen.lineWidth = random.between(2, 4);
      pen.beginPath();
      pen.moveTo(x, 128);
      pen.quadraticCurveTo(x, 70, x + random.between(-34, 34), random.between(6, 50));
      pen.stroke();
    }
  });
}

/** Trees line the pavements and stand around the square; tubs stand between them. */
export function createFoliage(): Foliage {
  const random = seededRandom(12);
  const group = new THREE.Group();
  const wood = new Builder();
  const leaf = lampLit(
    new THREE.MeshStandardMaterial({ map: leafTexture(), alphaTest: 0.45, side: THREE.DoubleSide }),
    0.8,
  );
  const card = new THREE.PlaneGeometry(0.62, 0.62);
  const swaying: { crown: THREE.Group; phase: number }[] = [];

  const spots: [number, number, number][] = [
    [4.7, -19.5, 1],
    [-4.7, -13, 0.9],
    [4.7, 0, 1.1],
    [-4.7, 13, 1],
    [4.7, 26, 0.95],
    [-4.7, 32, 1.1],
    [10.5, 46, 1.5],
    [-10.5, 46, 1.5],
    [-12.5, -38.5, 1.3],
    [12.4, -37.5, 1.4],
  ];
  for (const [x, z, scale] of spots) {
    const trunk = 2.1 * scale;
    wood.add(new THREE.CylinderGeometry(0.07 * scale, 0.13 * scale, trunk, 6), place(x, trunk / 2, z), '#3d2f28');
    wood.box(x, 0.1, z, 1.1, 0.2, 1.1, '#4b4744');
    const crown = new THREE.Group();
    crown.position.set(x, trunk, z);
    const count = Math.round(150 * scale);
    const leaves = new THREE.InstancedMesh(card, leaf, count);
    for (let i = 0; i < count; i++) {
      // Cards on a few ellipsoids around branch tips, thinned inside, so that the sky shows through.
      const theta = random.between(0, 6.28);
      const up = random.between(-0.55, 1);
      const r = (0.75 + 0.45 * random()) * scale * Math.sqrt(Math.max(0.1, 1 - up * up * 0.75));
      leaves.setMatrixAt(
        i,
        place(
          Math.cos(theta) * r,
          0.75 * scale + up * 1.05 * scale,
          Math.sin(theta) * r,
          random.between(0, 6.28),
          random.between(-1, 1),
          random.between(0, 6.28),
          random.between(0.8, 1.3) * Math.sqrt(scale),
        ),
      );
      leaves.setColorAt(i, new THREE.Color().setHSL(random.between(0.13, 0.27), 0.3, random.between(0.55, 0.95)));
    }
    for (let b = 0; b < 5; b++) {
      const a = (b / 5) * 6.28 + x;
      wood.wire(
        [
          new THREE.Vector3(x, trunk * 0.9, z),
          new THREE.Vector3(x + Math.cos(a) * 0.35 * scale, trunk + 0.5 * scale, z + Math.sin(a) * 0.35 * scale),
          new THREE.Vector3(x + Math.cos(a) * 0.8 * scale, trunk + 1.1 * scale, z + Math.sin(a) * 0.8 * scale),
        ],
        0.035 * scale,
        '#3d2f28',
        4,
        4,
      );
    }
    leaves.castShadow = leaves.receiveShadow = true;
    leaves.name = 'leaves';
    crown.add(leaves);
    group.add(crown);
    swaying.push({ crown, phase: random.between(0, 6) });
  }

  const tufts: THREE.Matrix4[] = [];
  for (const side of [-1, 1]) {
    for (let z = -29; z < 39; z += random.between(4, 7.5)) {
      const x = side * 6.35;
      wood.box(x, 0.42, z, 0.55, 0.5, 1.3, random.pick(['#6b4a38', '#50555c', '#7d6a52']));
      for (let i = 0; i < 9; i++)
        tufts.push(
          place(
            x + random.between(-0.16, 0.16),
            0.92,
            z + random.between(-0.5, 0.5),
            random.between(0, 3.14),
            0,
            random.between(-0.15, 0.15),
            random.between(0.7, 1.2),
          ),
        );
    }
  }
  const grass = new THREE.InstancedMesh(
    new THREE.PlaneGeometry(0.5, 0.55),
    lampLit(new THREE.MeshStandardMaterial({ map: grassTexture(), alphaTest: 0.45, side: THREE.DoubleSide })),
    tufts.length,
  );
  tufts.forEach((matrix, i) => {
    grass.setMatrixAt(i, matrix);
  });
  grass.receiveShadow = true;
  grass.name = 'grass';
  const trunks = new THREE.Mesh(wood.build(), lampLit(new THREE.MeshStandardMaterial({ vertexColors: true })));
  trunks.castShadow = trunks.receiveShadow = true;
  trunks.name = 'wood';
  group.add(grass, trunks);

  return {
    group,
    update(seconds) {
      for (const { crown, phase } of swaying) {
        crown.rotation.z = Math.sin(seconds * 0.9 + phase) * 0.02 + Math.sin(seconds * 2.3 + phase) * 0.008;
        crown.rotation.x = Math.sin(seconds * 0.7 + phase * 2) * 0.016;
      }
    },
  };
}
