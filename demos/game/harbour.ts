/** The seaward end of the street: quay, cargo, water, boats and cranes. */
import * as THREE from 'three';
import { Builder, paint, place, sag, seededRandom } from '../../perf/scenes/helpers';
import { lampLit } from './light';

export interface Harbour {
  group: THREE.Group;
  update(seconds: number): void;
}

const v = (x: number, y: number, z: number) => new THREE.Vector3(x, y, z);

function water(): { mesh: THREE.Mesh; update(seconds: number): void } {
  const random = seededRandom(3);
  const waves = Array.from({ length: 14 }, () => ({
    kx: Math.round(random.between(-5, 5)),
    ky: Math.round(random.between(2, 9)),
    phase: random.between(0, 6.28),
  }));
  const normals = paint(128, 128, (pen) => {
    const image = pen.createImageData(128, 128);
    for (let y = 0; y < 128; y++) {
      for (let x = 0; x < 128; x++) {
        let dx = 0;
        let dy = 0;
        for (const w of waves) {
          const c = Math.cos(((w.kx * x + w.ky * y) / 128) * Math.PI * 2 + w.phase) / Math.hypot(w.kx, w.ky);
          dx += c * w.kx;
          dy += c * w.ky;
        }
        image.data.set([128 + dx * 13, 128 + dy * 13, 255, 255], (y * 128 + x) * 4);
      }
    }
    pen.putImageData(image, 0, 0);
  });
  normals.colorSpace = THREE.NoColorSpace;
  normals.wrapS = normals.wrapT = THREE.RepeatWrapping;
  normals.repeat.set(60, 40);
  const mesh = new THREE.Mesh(
    new THREE.PlaneGeometry(600, 400).rotateX(-Math.PI / 2).translate(0, -1.1, -200 - 30),
    new THREE.MeshStandardMaterial({
      color: '#14283a',
      roughness: 0.16,
      metalness: 0.1,
      normalMap: normals,
      normalScale: new THREE.Vector2(0.7, 0.7),
      envMapIntensity: 1.15,
    }),
  );
  mesh.name = 'water';
  return {
    mesh,
    update(seconds) {
      normals.offset.set((seconds * 0.02) % 1, (seconds * 0.035) % 1);
    },
  };
}

function boat(color: string, cabin: string, size: number): THREE.Group {
  const builder = new Builder();
  const hull = new THREE.BoxGeometry(2.2, 1.2, 7, 1, 2, 8);
  const position = hull.getAttribute('position');
  for (let i = 0; i < position.count; i++) {
    const t = position.getZ(i) / 3.5;
    const narrow = (1 - Math.max(0, t) ** 2 * 0.96) * (position.getY(i) < 0 ? 0.62 : 1);
    position.setXYZ(i, position.getX(i) * narrow, position.getY(i) + Math.max(0, t) ** 2 * 0.7, position.getZ(i));
  }
  hull.computeVertexNormals();
  builder.add(hull, place(0, 0.3, 0), color);
  builder.box(0, 0.92, -0.6, 2.3, 0.08, 5.6, '#d8d2c4');
  builder.box(0, 1.6, -1.4, 1.5, 1.4, 1.9, cabin);
  builder.box(0, 2.36, -1.3, 1.8, 0.12, 2.3, '#e8e2d4');
  builder.add(new THREE.CylinderGeometry(0.05, 0.08, 6, 6), place(0, 4, 0.4), '#3a2c22');
  builder.add(new THREE.CylinderGeometry(0.035, 0.05, 4, 5), place(0, 3, 1.6, 0, 0.85), '#3a2c22');
  for (const [x, z] of [
    [0, 3.4],
    [1.05, -1],
    [-1.05, -1],
    [0, -3.4],
  ] as const)
    builder.wire([v(0, 6.9, 0.4), v(x, 1, z)], 0.012, '#1a1a1e', 3, 1);
  builder.wire(sag(v(0, 6.9, 0.4), v(0, 2.5, -3.3), 0.2, 5), 0.012, '#1a1a1e', 3, 6);
  const group = new THREE.Group();
  group.add(new THREE.Mesh(builder.build(), new THREE.MeshStandardMaterial({ vertexColors: true })));
  const glass = new THREE.MeshBasicMaterial({ color: new THREE.Color(1.6, 1.1, 0.5) });
  for (const [x, z, yaw] of [
    [0.76, -1.4, Math.PI / 2],
    [-0.76, -1.4, -Math.PI / 2],
    [0, -0.44, 0],
    [0, -2.36, Math.PI],
  ] as const) {
    const pane = new THREE.Mesh(new THREE.PlaneGeometry(1.05, 0.5), glass);
    pane.position.set(x, 1.75, z);
    pane.rotation.y = yaw;
    group.add(pane);
  }
  const light = new THREE.Mesh(
    new THREE.SphereGeometry(0.09, 8, 6),
    new THREE.MeshBasicMaterial({ color: new THREE.Color(3, 2.6, 1.8) }),
  );
  light.position.set(0, 7, 0.4);
  group.add(light);
  group.scale.setScalar(size);
  return group;
}

/** Crates and barrels with stencilled letters on the quay. */
function cargo(): THREE.Mesh {
  const random = seededRandom(29);
  const texture = paint(512, 512, (pen) => {
    ['FRAGILE', 'KEEP DRY', 'LOT 4096', 'PORT 8080', 'THIS WAY UP', 'TEA 25 KG', 'OYSTERS', 'HANDLE ME'].forEach(
      (text, i) => {
        const [x, y] = [(i % 2) * 256, Math.floor(i / 2) * 128];
        pen.fillStyle = `hsl(${26 + i * 3} 34% ${40 + (i % 3) * 6}%)`;
        pen.fillRect(x, y, 256, 128);
        for (let board = 0; board < 4; board++) {
          pen.fillStyle = 'rgb(20 10 4 / 55%)';
          pen.fillRect(x, y + board * 32, 256, 2.5);
        }
        pen.strokeStyle = 'rgb(44 26 14)';
        pen.lineWidth = 12;
        pen.strokeRect(x + 4, y + 4, 248, 120);
        pen.fillStyle = '#1a0f08';
        pen.font = '700 34px Sign, sans-serif';
        pen.textAlign = 'center';
        pen.fillText(text, x + 128, y + 62, 210);
        pen.font = '400 13px Sign, sans-serif';
        pen.fillText('HARBOUR AUTHORITY  ·  PIER 4  ·  NO. 20', x + 128, y + 92, 210);
      },
    );
  });
  const builder = new Builder();
  const box = new THREE.BoxGeometry();
  for (const [cx, cz, n] of [
    [-9.5, -41, 7],
    [9.2, -42.5, 6],
    [10.6, 41.5, 5],
    [-10.4, 42, 4],
  ] as const) {
    for (let i = 0; i < n; i++) {
      const cell = Math.floor(random() * 8);
      const u = (cell % 2) * 0.5;
      const w = 1 - Math.floor(cell / 2) * 0.25;
      const level = i > n - 3 ? 1 : 0;
      builder.add(
        box,
        place(
          cx + random.between(-1.6, 1.6) * (1 - level * 0.6),
          0.46 + level * 0.92,
          cz + random.between(-1.3, 1.3) * (1 - level * 0.6),
          random.between(-0.5, 0.5),
          0,
          0,
          1.5,
          0.9,
          0.95,
        ),
        '#fff',
        0,
        [u, w - 0.25, u + 0.5, w],
      );
    }
  }
  const mesh = new THREE.Mesh(
    builder.build(),
    lampLit(new THREE.MeshStandardMaterial({ map: texture, vertexColors: true })),
  );
  mesh.castShadow = mesh.receiveShadow = true;
  mesh.name = 'cargo';
  return mesh;
}

export function createHarbour(): Harbour {
  const group = new THREE.Group();
  const solid = new Builder();
  solid.box(0, -0.9, -46.7, 44, 1.9, 0.6, '#4a4540');
  for (let x = -16; x <= 16; x += 4)
    solid.add(new THREE.CylinderGeometry(0.2, 0.26, 0.6, 8), place(x, 0.3, -45.6), '#26272b');
  crane(solid, -24, -58);
  crane(solid, 31, -72);
  const stone = new THREE.Mesh(solid.build(), lampLit(new THREE.MeshStandardMaterial({ vertexColors: true })));
  stone.castShadow = stone.receiveShadow = true;
  stone.name = 'harbour';
  const sea = water();
  const boats = [boat('#2d5f6b', '#d9cdb8', 1.1), boat('#8c3227', '#e4dcc8', 0.9), boat('#27384f', '#b98a4a', 1.3)];
  [
    [-7.5, -51.5, 1.3],
    [5.5, -50.6, -1.75],
    [17, -58, 0.5],
  ].forEach(([x, z, yaw], i) => {
    boats[i]!.position.set(x!, 0, z!);
    boats[i]!.rotation.y = yaw!;
  });
  group.add(stone, cargo(), sea.mesh, ...boats);
  return {
    group,
    update(seconds) {
      sea.update(seconds);
      boats.forEach((b, i) => {
        b.position.y = -0.95 + Math.sin(seconds * 0.8 + i * 2) * 0.1;
        b.rotation.z = Math.sin(seconds * 0.7 + i) * 0.035;
        b.rotation.x = Math.sin(seconds * 0.5 + i * 3) * 0.02;
      });
    },
  };
}

/** Lattice jib crane: many thin struts against the sunset. */
function crane(builder: Builder, x: number, z: number): void {
  const strut = (a: THREE.Vector3, b: THREE.Vector3, r = 0.09) => builder.wire([a, b], r, '#2c2a35', 4, 1);
  for (const [dx, dz] of [
    [-1.5, -1.5],
    [1.5, -1.5],
    [-1.5, 1.5],
    [1.5, 1.5],
  ] as const)
    strut(v(x + dx * 1.6, -1, z + dz * 1.6), v(x + dx * 0.6, 16, z + dz * 0.6), 0.16);
  for (let y = 0; y < 16; y += 2.6) {
    const w = 2.4 - (y / 16) * 1.5;
    strut(v(x - w, y, z - w), v(x + w, y + 2.6, z - w));
    strut(v(x + w, y, z + w), v(x - w, y + 2.6, z + w));
  }
  builder.box(x, 17, z, 3, 2.2, 3, '#39343f');
  const tip = v(x * 0.25, 27, z + 5);
  strut(v(x - 0.6, 17, z), tip, 0.14);
  strut(v(x + 0.6, 18.6, z), tip, 0.14);
  for (let i = 0; i < 9; i++)
    strut(v(x - 0.6, 17, z).lerp(tip, i / 9), v(x + 0.6, 18.6, z).lerp(tip, (i + 0.5) / 9), 0.06);
  strut(tip, v(tip.x, 9, tip.z), 0.035);
  builder.box(tip.x, 8.6, tip.z, 0.8, 0.8, 0.8, '#c9a23a');
}
