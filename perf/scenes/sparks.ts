/**
 * A workshop: glass, glowing sprites, sparks (Points), smoke on cards, a flame, and a lump of metal that morphs, before
 * papered walls. What is transparent writes no depth and has no motion of its own. Held out: nothing is trained on it.
 */
import workshop from '@pmndrs/assets/hdri/workshop.exr.js';
import * as THREE from 'three';
import { EXRLoader } from 'three/addons/loaders/EXRLoader.js';
import { Builder, fitText, paint, type SceneModule, seededRandom } from './helpers';

/** Metres per second squared. */
const GRAVITY = 5;

/** A soft blob of many, white on clear. */
function puff(random: () => number, blobs: number): THREE.CanvasTexture {
  return paint(128, 128, (pen) => {
    for (let i = 0; i < blobs; i++) {
      const [a, r] = [random() * 6.28, random() * 36];
      const [x, y, size] = [64 + Math.cos(a) * r, 64 + Math.sin(a) * r, 10 + random() * 16];
      const fade = pen.createRadialGradient(x, y, 0, x, y, size);
      fade.addColorStop(0, 'rgba(255, 255, 255, 0.35)');
      fade.addColorStop(1, 'rgba(255, 255, 255, 0)');
      pen.fillStyle = fade;
      pen.fillRect(0, 0, 128, 128);
    }
  });
}

/** A ball with two other shapes to go to: spikes, and a flat twist. */
function lump(): THREE.BufferGeometry {
  const geometry = new THREE.IcosahedronGeometry(0.55, 12);
  const from = geometry.getAttribute('position');
  const shape = (move: (p: THREE.Vector3) => void) => {
    const out = new THREE.Float32BufferAttribute(from.count * 3, 3);
    const p = new THREE.Vector3();
    for (let i = 0; i < from.count; i++) {
      move(p.fromBufferAttribute(from, i));
      out.setXYZ(i, p.x, p.y, p.z);
    }
    return out;
  };
  geometry.morphAttributes.position = [
    shape((p) => p.multiplyScalar(1 + 0.4 * Math.sin(p.x * 14) * Math.sin(p.y * 14) * Math.sin(p.z * 14 + 1))),
    shape((p) => p.set(p.x * 1.5, p.y * 0.5, p.z * 1.5).applyAxisAngle(new THREE.Vector3(0, 1, 0), p.y * 4)),
  ];
  return geometry;
}

export async function createScene(_renderer: THREE.WebGLRenderer): Promise<SceneModule> {
  const random = seededRandom(6);
  const scene = new THREE.Scene();
  const room = await new EXRLoader().loadAsync(workshop);
  room.mapping = THREE.EquirectangularReflectionMapping;
  scene.environment = room;
  scene.environmentIntensity = 0.6;
  scene.background = new THREE.Color('#23201d');
  const lamp = new THREE.PointLight('#ffb566', 14, 12);
  lamp.position.set(-1.1, 1.6, 0.4);
  scene.add(lamp, new THREE.HemisphereLight('#cfd8e6', '#40342a', 0.7));

  const paper = paint(512, 512, (pen) => {
    pen.fillStyle = '#5b6a5e';
    pen.fillRect(0, 0, 512, 512);
    for (let i = 0; i < 64; i++) {
      const [x, y] = [(i % 8) * 64 + (Math.floor(i / 8) % 2) * 32, Math.floor(i / 8) * 64 + 32];
      pen.strokeStyle = i % 3 ? '#c9b98a' : '#8fa596';
      pen.lineWidth = 2;
      for (let ring = 0; ring < 6; ring++) {
        pen.beginPath();
        pen.ellipse(x, y, 22, 6, (ring / 6) * Math.PI, 0, 7);
        pen.stroke();
      }
    }
  });
  const boards = paint(256, 256, (pen) => {
    for (let i = 0; i < 256; i += 2) {
      pen.fillStyle = `hsl(28 ${random.between(26, 34)}% ${random.between(24, 32) - (i % 64 < 2 ? 16 : 0)}%)`;
      pen.fillRect(i, 0, 2, 256);
    }
  });
  for (const map of [paper, boards]) map.wrapS = map.wrapT = THREE.RepeatWrapping;
  paper.repeat.set(4, 2);
  boards.repeat.set(5, 5);
  const wall = new THREE.MeshStandardMaterial({ map: paper, roughness: 0.95 });
  for (const [x, z, yaw] of [
    [0, -3.2, 0],
    [-4, 0.8, Math.PI / 2],
    [4, 0.8, -Math.PI / 2],
  ] as const) {
    const side = new THREE.Mesh(new THREE.PlaneGeometry(8, 4), wall);
    side.position.set(x, 2, z);
    side.rotation.y = yaw;
    scene.add(side);
  }
  const floor = new THREE.Mesh(
    new THREE.PlaneGeometry(8, 8),
    new THREE.MeshStandardMaterial({ map: boards, roughness: 0.6 }),
  );
  floor.rotation.x = -Math.PI / 2;
  const notes = paint(512, 256, (pen) => {
    pen.fillStyle = '#e9e1cc';
    pen.fillRect(0, 0, 512, 256);
    pen.fillStyle = '#222';
    fitText(pen, 'NO OPEN FLAMES', 20, 14, 472, 70);
    for (let i = 0; i < 7; i++)
      fitText(
        pen,
        `${i + 1}. torch ${20 + i * 3} bar, glass ${500 + i * 35} °C, hold ${i + 2} min`,
        40,
        92 + i * 22,
        432,
        18,
      );
  });
  const notice = new THREE.Mesh(new THREE.PlaneGeometry(1.7, 0.85), new THREE.MeshStandardMaterial({ map: notes }));
  notice.position.set(1.3, 2, -3.18);
  const bench = new Builder().box(0, 0.78, -0.6, 4.6, 0.08, 1.4, '#9a7a52');
  for (const x of [-2.2, 2.2]) for (const z of [-1.2, 0]) bench.box(x, 0.38, z, 0.1, 0.76, 0.1, '#6d5439');
  for (let i = 0; i < 14; i++)
    bench.box(-1.9 + i * 0.11, 1.05, -1.2, 0.015, 0.5, 0.015, '#b9bec4', 0, 0.12 * Math.sin(i));
  scene.add(
    floor,
    notice,
    new THREE.Mesh(bench.build(), new THREE.MeshStandardMaterial({ vertexColors: true, roughness: 0.7 })),
  );

  const metal = new THREE.MeshStandardMaterial({ color: '#d8a24a', metalness: 1, roughness: 0.22 });
  const morphing = new THREE.Mesh(lump(), metal);
  morphing.position.set(0.25, 1.45, -0.8);
  scene.add(morphing);
  const glassy = (color: string, opacity: number) =>
    new THREE.MeshStandardMaterial({
      color,
      opacity,
      transparent: true,
      depthWrite: false,
      metalness: 0.2,
      roughness: 0.05,
    });
  const bell = new THREE.Mesh(new THREE.SphereGeometry(0.42, 32, 20, 0, 6.2832, 0, 1.9), glassy('#bfe3ff', 0.28));
  bell.position.set(1.5, 1.15, -0.3);
  const flask = new THREE.Mesh(
    new THREE.LatheGeometry(
      [
        [0.02, 0],
        [0.3, 0.02],
        [0.32, 0.25],
        [0.09, 0.5],
        [0.09, 0.75],
      ].map(([x, y]) => new THREE.Vector2(x, y)),
      28,
    ),
    glassy('#8affc8', 0.35),
  );
  flask.position.set(-0.55, 0.82, 0);
  const pane = new THREE.Mesh(new THREE.PlaneGeometry(1.1, 1.5), glassy('#e8f4ff', 0.18));
  pane.position.set(0.9, 1.5, 0.5);
  const marble = new THREE.Mesh(new THREE.SphereGeometry(0.12, 20, 14), metal);
  scene.add(bell, flask, pane, marble);

  const dot = paint(32, 32, (pen) => {
    const fade = pen.createRadialGradient(16, 16, 2, 16, 16, 16);
    fade.addColorStop(0, '#fff');
    fade.addColorStop(1, 'rgba(255, 255, 255, 0)');
    pen.fillStyle = fade;
    pen.fillRect(0, 0, 32, 32);
  });
  const sparks = Array.from({ length: 220 }, () => ({
    born: random(),
    life: random.between(0.5, 1),
    push: new THREE.Vector3(random.between(-1.8, 2.2), random.between(1, 4.4), random.between(-0.8, 1.4)),
  }));
  const places = new THREE.BufferAttribute(new Float32Array(sparks.length * 3), 3).setUsage(THREE.DynamicDrawUsage);
  const shower = new THREE.Points(
    new THREE.BufferGeometry().setAttribute('position', places),
    new THREE.PointsMaterial({
      map: dot,
      size: 0.06,
      color: '#ffd27a',
      transparent: true,
      depthWrite: false,
      blending: THREE.AdditiveBlending,
    }),
  );
  shower.frustumCulled = false;
  const smoke = Array.from({ length: 9 }, (_, i) => {
    const card = new THREE.Sprite(
      new THREE.SpriteMaterial({ map: puff(random, 44), color: '#a5a19c', transparent: true, depthWrite: false }),
    );
    scene.add(card);
    return { card, phase: i / 9, drift: random.between(-0.3, 0.3) };
  });
  const flames = Array.from({ length: 7 }, (_, i) => {
    const tongue = new THREE.Sprite(
      new THREE.SpriteMaterial({
        map: puff(random, 60),
        color: `hsl(${18 + i * 5}, 100%, 55%)`,
        transparent: true,
        depthWrite: false,
        blending: THREE.AdditiveBlending,
      }),
    );
    scene.add(tongue);
    return { tongue, phase: i / 7 };
  });
  scene.add(shower);

  const camera = new THREE.PerspectiveCamera(50, 16 / 9, 0.05, 40);
  return {
    scene,
    camera,
    update(seconds) {
      sparks.forEach(({ born, life, push }, i) => {
        const t = ((seconds / life + born) % 1) * life;
        const y = 1 + push.y * t - 0.5 * GRAVITY * t * t;
        places.setXYZ(i, -1.1 + push.x * t, Math.max(0.03, y), -0.4 + push.z * t);
      });
      places.needsUpdate = true;
      smoke.forEach(({ card, phase, drift }) => {
        const t = (seconds * 0.25 + phase) % 1;
        card.position.set(-1.1 + drift * t * 2, 1.2 + t * 1.8, -0.5);
        card.scale.setScalar(0.4 + t * 1.3);
        card.material.rotation = drift * 4 + seconds * drift;
        card.material.opacity = 0.8 * Math.sin(Math.PI * t);
      });
      flames.forEach(({ tongue, phase }, i) => {
        const t = (seconds * 1.8 + phase) % 1;
        tongue.position.set(-1.1 + 0.06 * Math.sin(seconds * 9 + i * 2), 0.9 + t * 0.55, -0.4);
        tongue.scale.set(0.6 * (1 - t) + 0.05, 0.9 * (1 - t) + 0.1, 1);
        tongue.material.opacity = 1 - t;
      });
      lamp.intensity = 14 + 5 * Math.sin(seconds * 23) * Math.sin(seconds * 7.3);
      morphing.morphTargetInfluences = [0.5 - 0.5 * Math.cos(seconds * 3), 0.5 - 0.5 * Math.cos(seconds * 2)];
      morphing.rotation.y = seconds * 0.9;
      // Behind the glass, so that what moves is seen through what stands.
      marble.position.set(1.5 + Math.cos(seconds * 2.6) * 0.75, 0.94, -0.55 + Math.sin(seconds * 2.6) * 0.3);
      const a = Math.sin(seconds * 0.7) * 0.3;
      camera.position.set(Math.sin(a) * 3.4, 1.75 + 0.1 * Math.sin(seconds), Math.cos(a) * 3.4);
      camera.lookAt(0.1, 1.25, -0.6);
      camera.updateMatrixWorld();
    },
  };
}
