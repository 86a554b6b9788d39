/** Shiny things on a table in a photographed room: sharp highlights, reflections, small type. */
import lobby from '@pmndrs/assets/hdri/lobby.exr.js';
import * as THREE from 'three';
import { EXRLoader } from 'three/addons/loaders/EXRLoader.js';
import { fitText, paint, type SceneModule, seededRandom } from './helpers';

export async function createScene(_renderer: THREE.WebGLRenderer): Promise<SceneModule> {
  const random = seededRandom(3);
  const scene = new THREE.Scene();
  const room = await new EXRLoader().loadAsync(lobby);
  room.mapping = THREE.EquirectangularReflectionMapping;
  scene.environment = room;
  scene.background = room;
  scene.backgroundBlurriness = 0.12;
  const lamp = new THREE.DirectionalLight('#fff3e0', 1.6);
  lamp.position.set(3, 6, 2);
  scene.add(lamp);

  const wood = paint(512, 512, (pen) => {
    for (let i = 0; i < 512; i += 2) {
      pen.fillStyle = `hsl(26 ${38 + 8 * Math.sin(i / 9)}% ${24 + 6 * Math.sin(i / 23) + random.between(-3, 3)}%)`;
      pen.fillRect(0, i, 512, 2);
    }
    pen.fillStyle = '#1a0f08';
    for (let plank = 0; plank < 512; plank += 128) pen.fillRect(0, plank, 512, 3);
  });
  wood.wrapS = wood.wrapT = THREE.RepeatWrapping;
  wood.repeat.set(3, 3);
  const table = new THREE.Mesh(
    new THREE.CylinderGeometry(4.4, 4.3, 0.2, 48),
    new THREE.MeshStandardMaterial({ map: wood, roughness: 0.32 }),
  );
  table.position.y = -0.1;
  scene.add(table);

  const finish = (color: string, metalness: number, roughness: number) =>
    new THREE.MeshStandardMaterial({ color, metalness, roughness });
  const gold = finish('#f2b552', 1, 0.14);
  const steel = finish('#cfd6dc', 1, 0.05);
  const knot = new THREE.Mesh(new THREE.TorusKnotGeometry(0.62, 0.2, 120, 14), gold);
  knot.position.set(-1.35, 1.05, 0);
  const ball = new THREE.Mesh(new THREE.SphereGeometry(0.7, 40, 28), steel);
  ball.position.set(0.45, 0.7, -0.9);
  const vase = new THREE.Mesh(
    new THREE.LatheGeometry(
      [
        [0.01, 0],
        [0.42, 0.02],
        [0.56, 0.4],
        [0.3, 0.95],
        [0.2, 1.25],
        [0.32, 1.5],
      ].map(([x, y]) => new THREE.Vector2(x, y)),
      40,
    ),
    new THREE.MeshStandardMaterial({ color: '#1f6f8b', roughness: 0.12, side: THREE.DoubleSide }),
  );
  vase.position.set(1.75, 0, 0.3);
  scene.add(knot, ball, vase);
  for (let i = 0; i < 16; i++) {
    const marble = new THREE.Mesh(
      new THREE.SphereGeometry(0.11, 16, 12),
      finish(`hsl(${(i * 41) % 360}, 70%, 42%)`, i % 3 ? 0 : 1, 0.1),
    );
    const [a, r] = [random.between(0, 6.28), random.between(1.4, 2.6)];
    marble.position.set(Math.cos(a) * r, 0.11, Math.sin(a) * r * 0.8 + 0.5);
    scene.add(marble);
  }
  // A page to read: the smallest lines are about a display pixel per stroke.
  const page = paint(512, 704, (pen) => {
    pen.fillStyle = '#f4efe4';
    pen.fillRect(0, 0, 512, 704);
    pen.fillStyle = '#1a1714';
    fitText(pen, 'The Long Exposure', 40, 40, 432, 56, 'bold serif');
    pen.textAlign = 'left';
    pen.font = '17px serif';
    const words =
      'light falls on a surface and is counted in small squares the eye forgives the squares and sees the light'.split(
        ' ',
      );
    for (let y = 140; y < 670; y += 23) {
      let x = 40;
      while (x < 420) {
        const word = random.pick(words);
        pen.fillText(word, x, y);
        x += pen.measureText(`${word} `).width;
      }
    }
  });
  const sheet = new THREE.Mesh(
    new THREE.PlaneGeometry(1.25, 1.72),
    new THREE.MeshStandardMaterial({ map: page, roughness: 0.8 }),
  );
  sheet.rotation.set(-Math.PI / 2, 0, 0.35);
  sheet.position.set(0.1, 0.012, 1.25);
  scene.add(sheet);

  const camera = new THREE.PerspectiveCamera(40, 16 / 9, 0.1, 60);
  return {
    scene,
    camera,
    update(seconds) {
      knot.rotation.set(seconds * 0.5, seconds * 0.7, 0);
      const a = 0.35 * Math.sin(seconds * 0.4);
      camera.position.set(Math.sin(a) * 5.6, 2.5 + 0.3 * Math.sin(seconds * 0.5), Math.cos(a) * 5.6);
      camera.lookAt(0.1, 0.6, 0);
      camera.updateMatrixWorld();
    },
  };
}
