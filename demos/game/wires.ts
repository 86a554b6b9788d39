/** Thin things that small pictures lose: cables, strings of bulbs, railings, a chain-link fence. And lanterns that sway. */
import * as THREE from 'three';
import { Builder, paint, place, sag, seededRandom } from '../../perf/scenes/helpers';
import { lampHeight, lampLit, lampStep, lampX } from './light';
import { type Glow, wall } from './signs';
import type { House } from './street';

export interface Wires {
  group: THREE.Group;
  update(seconds: number): void;
}

const v = (x: number, y: number, z: number) => new THREE.Vector3(x, y, z);

export function createWires(houses: House[], glow: Glow): Wires {
  const random = seededRandom(55);
  const group = new THREE.Group();
  const dark = new Builder();
  const roofAt = (side: number, z: number) => houses.find((h) => h.side === side && z >= h.z0 && z < h.z1)?.height ?? 6;
  const bulbs: THREE.Vector3[] = [];
  const hooks: THREE.Vector3[] = [];

  for (let z = -29; z < 39; z += 5.2) {
    const far = z + random.between(-2.5, 2.5);
    const heights = [Math.min(roofAt(1, z) - 0.6, 8.5), Math.min(roofAt(-1, far) - 0.6, 8.5)] as const;
    const line = sag(v(wall, heights[0], z), v(-wall, heights[1], far), random.between(0.7, 1.3), 13);
    dark.wire(line, 0.012, '#121216', 3, 24);
    // Every other line carries bulbs, the rest lanterns.
    const curve = new THREE.CatmullRomCurve3(line);
    if (Math.round((z + 29) / 5.2) % 2)
      for (let i = 1; i < 20; i++) bulbs.push(curve.getPoint(i / 20).add(v(0, -0.09, 0)));
    else for (let i = 1; i < 6; i++) hooks.push(curve.getPoint(i / 6 + random.between(-0.03, 0.03)));
  }
  // Two power cables along each side, from pole to pole.
  for (const side of [-1, 1]) {
    for (let z = -32; z < 36; z += 13.6) {
      for (const [x, y, depth] of [
        [5.9, 6.1, 0.35],
        [6.2, 5.75, 0.5],
      ] as const) {
        dark.wire(sag(v(side * x, y, z), v(side * x, y, z + 13.6), depth, 7), 0.014, '#121216', 3, 10);
      }
    }
  }
  railing(dark);

  const thin = new THREE.Mesh(dark.build(), lampLit(new THREE.MeshStandardMaterial({ vertexColors: true })));
  thin.castShadow = true;
  thin.name = 'wires';
  group.add(thin, fence());

  const bulbMesh = new THREE.InstancedMesh(
    new THREE.IcosahedronGeometry(0.055, 0),
    new THREE.MeshBasicMaterial({ color: new THREE.Color(2.6, 1.7, 0.8) }),
    bulbs.length,
  );
  bulbs.forEach((point, i) => {
    bulbMesh.setMatrixAt(i, place(point.x, point.y, point.z));
  });
  bulbMesh.name = 'bulbs';

  const lampHeads: THREE.Vector3[] = [];
  for (const side of [-1, 1])
    for (let i = -3; i < 3; i++) lampHeads.push(v(side * lampX, lampHeight - 0.08, (i + 0.5) * lampStep));
  const heads = new THREE.InstancedMesh(
    new THREE.CylinderGeometry(0.2, 0.13, 0.42, 7),
    new THREE.MeshBasicMaterial({ color: new THREE.Color(3, 2.1, 1.15) }),
    lampHeads.length,
  );
  lampHeads.forEach((p, i) => {
    heads.setMatrixAt(i, place(p.x, p.y, p.z));
  });
  heads.name = 'lamp heads';

  const lanterns = createLanterns(hooks, glow);
  group.add(
    bulbMesh,
    heads,
    lanterns.mesh,
    halos([
      ...lampHeads.map((p) => ({ p, size: 2.6, color: '#ffb25e' })),
      ...hooks.map((p) => ({ p: p.clone().setY(p.y - 0.5), size: 1.5, color: '#ff5a2c' })),
    ]),
  );
  return { group, update: lanterns.update };
}

/** Railing along the quay: posts, balusters, two rails. */
function railing(dark: Builder): void {
  for (let x = -19.5; x <= 19.5; x += 0.15) dark.box(x, 0.55, -46.4, 0.022, 0.9, 0.022, '#22262b');
  for (let x = -19.5; x <= 19.5; x += 2.4375)
    dark.add(new THREE.CylinderGeometry(0.05, 0.06, 1.2, 6), place(x, 0.6, -46.4), '#2a2f35');
  for (const y of [0.14, 1.02]) dark.box(0, y, -46.4, 39.2, 0.05, 0.06, '#2a2f35');
}

/** Chain-link panels, alpha-tested: at half size the mesh is thinner than a pixel. */
function fence(): THREE.Mesh {
  const texture = paint(128, 128, (pen) => {
    pen.clearRect(0, 0, 128, 128);
    pen.strokeStyle = '#aeb4ba';
    pen.lineWidth = 7;
    for (let i = -128; i <= 256; i += 64) {
      pen.beginPath();
      pen.moveTo(i, 0);
      pen.lineTo(i + 128, 128);
      pen.moveTo(i + 128, 0);
      pen.lineTo(i, 128);
      pen.stroke();
    }
  });
  texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  const builder = new Builder();
  const panel = new THREE.PlaneGeometry(1, 1);
  for (const side of [-1, 1]) {
    for (let i = 0; i < 5; i++)
      builder.add(
        panel,
        place(side * 13.2, 1.1, -44.8 + i * 2.4, Math.PI / 2, 0, 0, 2.4, 2.2, 1),
        '#fff',
        0,
        [0, 0, 12, 11],
      );
  }
  const mesh = new THREE.Mesh(
    builder.build(),
    lampLit(
      new THREE.MeshStandardMaterial({ map: texture, alphaTest: 0.5, side: THREE.DoubleSide, vertexColors: true }),
    ),
  );
  mesh.name = 'fence';
  return mesh;
}

function createLanterns(hooks: THREE.Vector3[], glow: Glow) {
  const random = seededRandom(66);
  // Ribbed paper: dark ends, bright belly.
  const profile = Array.from({ length: 11 }, (_, i) => {
    const t = i / 10;
    return new THREE.Vector2(0.09 + 0.25 * Math.sin(Math.PI * t) ** 0.7 + (i % 2) * 0.012, -0.34 * 2 * t);
  }).reverse();
  const geometry = new THREE.LatheGeometry(profile, 10);
  const position = geometry.getAttribute('position');
  const colors = new Float32Array(position.count * 3);
  for (let i = 0; i < position.count; i++) {
    const t = -position.getY(i) / 0.68;
    const belly = 0.3 + 1.5 * Math.sin(Math.PI * Math.min(1, Math.max(0, t))) * (0.75 + 0.25 * ((i % 11) % 2));
    colors.set([belly, belly, belly], i * 3);
  }
  geometry.setAttribute('color', new THREE.BufferAttribute(colors, 3));
  const mesh = new THREE.InstancedMesh(
    geometry,
    new THREE.MeshBasicMaterial({ vertexColors: true, side: THREE.DoubleSide }),
    hooks.length,
  );
  const phases = hooks.map(() => random.between(0, 6.28));
  hooks.forEach((p, i) => {
    mesh.setColorAt(i, new THREE.Color(random.pick(['#ff4a26', '#ff5a2c', '#ff7a30', '#ffa640'])));
    glow.spot(p.x > 0 ? 1 : -1, p.z, p.y - 0.5, 0.7, 0.9, '#b03a1c');
  });
  mesh.name = 'lanterns';
  mesh.frustumCulled = false;
  return {
    mesh,
    update(seconds: number) {
      hooks.forEach((p, i) => {
        const swing = Math.sin(seconds * 1.3 + phases[i]!) * 0.09;
        mesh.setMatrixAt(
          i,
          place(p.x, p.y - 0.05, p.z, phases[i]!, Math.sin(seconds * 1.7 + phases[i]! * 2) * 0.05, swing),
        );
      });
      mesh.instanceMatrix.needsUpdate = true;
    },
  };
}

/** Soft light around lamps, on cards that face the camera: stands in for bloom at no post-processing cost. */
function halos(list: { p: THREE.Vector3; size: number; color: string }[]): THREE.Object3D {
  const texture = paint(64, 64, (pen) => {
    const fill = pen.createRadialGradient(32, 32, 0, 32, 32, 32);
    fill.addColorStop(0, 'rgb(255 255 255 / 55%)');
    fill.addColorStop(0.25, 'rgb(255 255 255 / 18%)');
    fill.addColorStop(1, 'rgb(255 255 255 / 0%)');
    pen.fillStyle = fill;
    pen.fillRect(0, 0, 64, 64);
  });
  const material = new THREE.MeshBasicMaterial({
    map: texture,
    blending: THREE.AdditiveBlending,
    depthWrite: false,
    transparent: true,
  });
  // All in one draw call: each card is turned to the camera after its own place is known.
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader.replace(
      '#include <project_vertex>',
      `vec4 mvPosition = modelViewMatrix * instanceMatrix * vec4(0.0, 0.0, 0.0, 1.0);
      mvPosition.xy += position.xy * length(instanceMatrix[0].xyz);
      gl_Position = projectionMatrix * mvPosition;`,
    );
  };
  const mesh = new THREE.InstancedMesh(new THREE.PlaneGeometry(1, 1), material, list.length);
  list.forEach(({ p, size, color }, i) => {
    mesh.setMatrixAt(i, place(p.x, p.y, p.z, 0, 0, 0, size));
    mesh.setColorAt(i, new THREE.Color(color));
  });
  mesh.frustumCulled = false;
  mesh.name = 'halos';
  return mesh;
}
