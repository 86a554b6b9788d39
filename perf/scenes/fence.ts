/** Thin railings, hanging wires, chain link and lettered crates in plain daylight; the camera slides along them. */
import * as THREE from 'three';
import { Builder, fitText, paint, place, type SceneModule, sag, seededRandom } from './helpers';

export async function createScene(_renderer: THREE.WebGLRenderer): Promise<SceneModule> {
  const random = seededRandom(1);
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#9fc1de');
  scene.fog = new THREE.Fog('#9fc1de', 14, 60);
  scene.add(new THREE.HemisphereLight('#dfeaff', '#6d6455', 1.6));
  const sun = new THREE.DirectionalLight('#fff0d6', 2.4);
  sun.position.set(6, 9, 5);
  scene.add(sun);

  const thin = new Builder();
  for (let x = -16; x <= 16; x += 0.14) thin.box(x, 0.62, 0, 0.018, 1.1, 0.018, '#20262c');
  for (let x = -16; x <= 16; x += 2) thin.box(x, 0.7, 0, 0.07, 1.4, 0.07, '#20262c');
  for (const y of [0.1, 1.16]) thin.box(0, y, 0, 32, 0.04, 0.05, '#20262c');
  for (let i = 0; i < 7; i++) {
    const [y, z] = [2.6 + i * 0.22, -2 - i * 0.7];
    for (let x = -18; x < 18; x += 9)
      thin.wire(sag(new THREE.Vector3(x, y, z), new THREE.Vector3(x + 9, y, z), 0.4), 0.01, '#15171a', 3, 14);
  }
  for (const x of [-9, 0, 9]) thin.box(x, 2, -4, 0.14, 4.6, 0.14, '#5b4a3c');
  const lit = new THREE.MeshLambertMaterial({ vertexColors: true });
  scene.add(new THREE.Mesh(thin.build(), lit));

  const link = paint(64, 64, (pen) => {
    pen.strokeStyle = '#8b939b';
    pen.lineWidth = 5;
    for (const [a, b] of [
      [0, 64],
      [64, 0],
    ] as const) {
      pen.beginPath();
      pen.moveTo(0, a);
      pen.lineTo(64, b);
      pen.stroke();
    }
  });
  link.wrapS = link.wrapT = THREE.RepeatWrapping;
  link.repeat.set(80, 10);
  const mesh = new THREE.Mesh(
    new THREE.PlaneGeometry(16, 2),
    new THREE.MeshLambertMaterial({ map: link, alphaTest: 0.5, side: THREE.DoubleSide }),
  );
  mesh.position.set(0, 1, -6);
  scene.add(mesh);

  const labels = ['FRAGILE', 'THIS WAY UP', 'LOT 1977', 'KEEP DRY'];
  const letters = paint(512, 512, (pen) => {
    labels.forEach((text, i) => {
      const [x, y] = [(i % 2) * 256, Math.floor(i / 2) * 256];
      pen.fillStyle = `hsl(${28 + i * 9} 40% ${52 + i * 3}%)`;
      pen.fillRect(x, y, 256, 256);
      pen.fillStyle = '#22160d';
      for (let board = 0; board < 5; board++) pen.fillRect(x, y + board * 51, 256, 3);
      fitText(pen, text, x + 20, y + 50, 216, 70);
      for (let line = 0; line < 6; line++)
        fitText(
          pen,
          `no. ${1000 + i * 37 + line}  gross ${40 + line} kg  pier ${line + 1}`,
          x + 20,
          y + 134 + line * 18,
          216,
          13,
        );
    });
  });
  const crates = new Builder();
  const unit = new THREE.BoxGeometry();
  for (let i = 0; i < 14; i++) {
    const [u, v] = [(i % 2) * 0.5, i % 4 < 2 ? 0.5 : 0];
    const at = place(-8 + i * 1.25, i % 5 === 2 ? 1.5 : 0.5, -2.6 - (i % 3) * 0.5, random.between(-0.4, 0.4));
    crates.add(unit, at, '#fff', 0, [u, v, u + 0.5, v + 0.5]);
  }
  scene.add(new THREE.Mesh(crates.build(), new THREE.MeshLambertMaterial({ map: letters, vertexColors: true })));

  const tiles = paint(256, 256, (pen) => {
    for (let i = 0; i < 64; i++) {
      pen.fillStyle = `hsl(35 10% ${random.between(46, 62)}%)`;
      pen.fillRect((i % 8) * 32 + 1, Math.floor(i / 8) * 32 + 1, 30, 30);
    }
  });
  tiles.wrapS = tiles.wrapT = THREE.RepeatWrapping;
  tiles.repeat.set(14, 14);
  const floor = new THREE.Mesh(new THREE.PlaneGeometry(60, 60), new THREE.MeshLambertMaterial({ map: tiles }));
  floor.rotation.x = -Math.PI / 2;
  const rotor = new THREE.Mesh(
    new Builder().box(0, 0, 0, 2.4, 0.1, 0.03, '#d6d2c8').box(0, 0, 0, 0.1, 2.4, 0.03, '#d6d2c8').build(),
    lit,
  );
  rotor.position.set(1.5, 3.2, -5.5);
  scene.add(floor, rotor);

  const camera = new THREE.PerspectiveCamera(52, 16 / 9, 0.1, 100);
  return {
    scene,
    camera,
    update(seconds) {
      rotor.rotation.z = seconds * 1.7;
      camera.position.set(
        Math.sin(seconds * 0.35) * 4,
        1.55 + Math.sin(seconds * 0.5) * 0.25,
        4.6 + Math.cos(seconds * 0.3),
      );
      camera.lookAt(Math.sin(seconds * 0.35) * 2.2, 1.15, -3);
      camera.updateMatrixWorld();
    },
  };
}
