/**
 * A street at dusk: lettered signs, wires, railings, lamps that blink, windows and wet asphalt that mirror the sky, cars that
 * drive by. The camera walks, stands for a while and walks on. Held out: nothing is trained on it.
 */
import dusk from '@pmndrs/assets/hdri/sunset.exr.js';
import * as THREE from 'three';
import { EXRLoader } from 'three/addons/loaders/EXRLoader.js';
import { Builder, fitText, paint, place, type SceneModule, sag, seededRandom } from './helpers';

/** The walk, in seconds: the camera moves except from one to the other. */
const STAND = [0.25, 0.6] as const;

const NAMES = ['BAKERY', 'Café Lune', 'BOOKS & MAPS', 'PHARMACY', 'HOTEL MIRA', 'KEY · SHOE', 'NOODLES', 'CLOCKS'];

export async function createScene(_renderer: THREE.WebGLRenderer): Promise<SceneModule> {
  const random = seededRandom(5);
  const scene = new THREE.Scene();
  const sky = await new EXRLoader().loadAsync(dusk);
  sky.mapping = THREE.EquirectangularReflectionMapping;
  scene.environment = sky;
  scene.environmentIntensity = 0.7;
  scene.background = new THREE.Color('#8fa2c4');
  scene.fog = new THREE.Fog('#8fa2c4', 18, 60);
  const sun = new THREE.DirectionalLight('#ffd2a0', 1.3);
  sun.position.set(-4, 6, 8);
  scene.add(sun);

  const bricks = paint(256, 256, (pen) => {
    pen.fillStyle = '#6d6259';
    pen.fillRect(0, 0, 256, 256);
    for (let row = 0; row < 16; row++)
      for (let i = 0; i < 9; i++) {
        pen.fillStyle = `hsl(${random.between(6, 22)} ${random.between(22, 40)}% ${random.between(30, 46)}%)`;
        pen.fillRect(i * 32 - (row % 2) * 16 + 1, row * 16 + 1, 30, 14);
      }
  });
  const asphalt = paint(256, 256, (pen) => {
    pen.fillStyle = '#3c3f44';
    pen.fillRect(0, 0, 256, 256);
    for (let i = 0; i < 2500; i++) {
      pen.fillStyle = `hsl(220 4% ${random.between(18, 42)}%)`;
      pen.fillRect(random() * 256, random() * 256, 2, 2);
    }
    pen.fillStyle = '#c9c4b4';
    pen.fillRect(122, 20, 12, 150);
  });
  const slabs = paint(128, 128, (pen) => {
    for (let i = 0; i < 4; i++) {
      pen.fillStyle = `hsl(30 5% ${random.between(40, 50)}%)`;
      pen.fillRect((i % 2) * 64 + 1, Math.floor(i / 2) * 64 + 1, 62, 62);
    }
  });
  for (const map of [bricks, asphalt, slabs]) map.wrapS = map.wrapT = THREE.RepeatWrapping;
  asphalt.repeat.set(1, 30);
  slabs.repeat.set(33, 100);

  const walls = new Builder();
  const panes = new Builder();
  const thin = new Builder();
  const frames = new Builder();
  for (const side of [-1, 1])
    for (let i = 0; i < 9; i++) {
      const z = 4 - i * 6;
      const height = random.between(6, 9.5);
      walls.box(side * 7.5, height / 2, z, 4, height, 5.9, `hsl(${random.between(15, 40)} 20% 82%)`, 0, 0, 0.4);
      for (let floor = 1; floor * 2.2 < height; floor++)
        for (let w = -1; w <= 1; w++) {
          const at = [side * 5.47, floor * 2.2 + 0.3, z + w * 1.8] as const;
          panes.box(...at, 0.05, 1.3, 1);
          frames.box(...at, 0.09, 0.05, 1).box(...at, 0.09, 1.3, 0.05);
          // A balcony's rail: bars of 2 cm.
          if (floor === 1)
            for (let bar = -5; bar <= 5; bar++)
              thin.box(side * 5.1, 2.2, z + w * 1.8 + bar * 0.11, 0.02, 0.6, 0.02, '#1c2026');
          if (floor === 1) thin.box(side * 5.1, 2.5, z + w * 1.8, 0.03, 0.03, 1.2, '#1c2026');
        }
    }
  // Wires across and along the street, and a railing on the kerb.
  for (let i = 0; i < 8; i++) {
    const [y, z] = [5 + (i % 3) * 0.4, 1 - i * 5];
    thin.wire(sag(new THREE.Vector3(-5.5, y, z), new THREE.Vector3(5.5, y + 0.3, z - 1), 0.5), 0.012, '#17191d');
  }
  for (const x of [-4.2, -4.05])
    thin.wire(
      [new THREE.Vector3(x, 4.6, 6), new THREE.Vector3(x + 0.3, 4.2, -20), new THREE.Vector3(x, 4.6, -44)],
      0.012,
      '#17191d',
    );
  for (let z = 3; z > -40; z -= 0.16) thin.box(3.6, 0.55, z, 0.018, 0.9, 0.018, '#2b3a33');
  for (const y of [0.15, 1]) thin.box(3.6, y, -18, 0.035, 0.035, 43, '#2b3a33');

  const lettered = paint(1024, 512, (pen) => {
    NAMES.forEach((name, i) => {
      const [x, y] = [(i % 2) * 512, Math.floor(i / 2) * 128];
      pen.fillStyle = `hsl(${i * 47} 45% ${i % 3 ? 24 : 80}%)`;
      pen.fillRect(x, y, 512, 128);
      pen.fillStyle = i % 3 ? '#f3ead2' : '#2a1c14';
      fitText(pen, name, x + 20, y + 10, 472, 76);
      fitText(
        pen,
        `open 8 to ${17 + (i % 4)} · est. ${1890 + i * 11} · no. ${i * 2 + 3}`,
        x + 60,
        y + 90,
        392,
        26,
        'normal serif',
      );
    });
  });
  const signs = new Builder();
  const unit = new THREE.BoxGeometry();
  for (let i = 0; i < 16; i++) {
    const [side, z] = [i % 2 ? 1 : -1, 3 - Math.floor(i / 2) * 6];
    const [u, v] = [(i % 2) * 0.5, 0.75 - (Math.floor(i / 2) % 4) * 0.25];
    const box = [u, v, u + 0.5, v + 0.25];
    signs.add(unit, place(side * 5.3, 1.5, z, 0, 0, 0, 0.12, 0.8, 3.4), '#fff', 0, box);
    signs.add(unit, place(side * 4.6, 3.1, z + 2.4, 0, 0, 0, 1.3, 0.42, 0.06), '#fff', 0, box);
  }

  const road = new THREE.Mesh(
    new THREE.PlaneGeometry(7.2, 120),
    new THREE.MeshStandardMaterial({ map: asphalt, roughness: 0.32 }),
  );
  const pavement = new THREE.Mesh(
    new THREE.PlaneGeometry(40, 120),
    new THREE.MeshStandardMaterial({ map: slabs, roughness: 0.9 }),
  );
  road.rotation.x = pavement.rotation.x = -Math.PI / 2;
  road.position.set(0, 0.01, -20);
  pavement.position.z = -20;
  const glass = new THREE.MeshStandardMaterial({ color: '#26303c', metalness: 0.9, roughness: 0.06 });
  const painted = new THREE.MeshStandardMaterial({ vertexColors: true, roughness: 0.7 });
  scene.add(
    road,
    pavement,
    new THREE.Mesh(walls.build(), new THREE.MeshStandardMaterial({ map: bricks, vertexColors: true, roughness: 0.9 })),
    new THREE.Mesh(panes.build(), glass),
    new THREE.Mesh(frames.build(), painted),
    new THREE.Mesh(thin.build(), painted),
    new THREE.Mesh(
      signs.build(),
      new THREE.MeshStandardMaterial({ map: lettered, vertexColors: true, roughness: 0.6 }),
    ),
  );

  const lamps = Array.from({ length: 8 }, (_, i) => {
    const glow = new THREE.MeshStandardMaterial({ color: '#221', emissive: `hsl(${i * 71}, 90%, 55%)` });
    const lamp = new THREE.Mesh(new THREE.SphereGeometry(0.16, 16, 10), glow);
    lamp.position.set(i % 2 ? 3.4 : -3.4, 3, 1.5 - i * 3.5);
    scene.add(lamp);
    return glow;
  });
  const lane = (i: number) => (i % 2 ? 1.7 : -1.7);
  const cars = Array.from({ length: 5 }, (_, i) => {
    const finish = new THREE.MeshStandardMaterial({
      color: `hsl(${i * 77 + 10}, 65%, 45%)`,
      metalness: 0.5,
      roughness: 0.18,
    });
    const car = new THREE.Group();
    const body = new Builder().box(0, 0.55, 0, 1.6, 0.55, 3.6).box(0, 0.98, -0.1, 1.35, 0.05, 1.9);
    const cabin = new Builder().box(0, 0.95, -0.1, 1.4, 0.5, 1.8);
    car.add(new THREE.Mesh(body.build(), finish), new THREE.Mesh(cabin.build(), glass));
    const wheels = [-1.15, 1.15].map((z) => {
      const spokes = new Builder();
      for (let k = 0; k < 5; k++)
        spokes.add(unit, place(0, 0, 0, 0, (k / 5) * Math.PI, 0, 1.66, 0.07, 0.56), '#c8cdd4');
      const wheel = new THREE.Mesh(
        spokes
          .add(new THREE.CylinderGeometry(0.32, 0.32, 1.62, 20).rotateZ(Math.PI / 2), place(0, 0, 0), '#15161a')
          .build(),
        painted,
      );
      wheel.position.set(0, 0.32, z);
      car.add(wheel);
      return wheel;
    });
    const lights = new THREE.Mesh(
      new Builder().box(-0.55, 0.6, 1.81, 0.3, 0.14, 0.03).box(0.55, 0.6, 1.81, 0.3, 0.14, 0.03).build(),
      new THREE.MeshBasicMaterial({ color: i % 2 ? '#fff4d0' : '#ff3020' }),
    );
    car.add(lights);
    scene.add(car);
    return { car, wheels, speed: random.between(6, 10) * (i % 2 ? 1 : -1), start: random.between(0, 44) };
  });

  const camera = new THREE.PerspectiveCamera(55, 16 / 9, 0.1, 120);
  return {
    scene,
    camera,
    update(seconds) {
      lamps.forEach((glow, i) => {
        // Blinks are steps: what was lit is dark in the next frame.
        glow.emissiveIntensity = (seconds * (1.5 + i * 0.4) + i * 0.37) % 1 < 0.6 ? 1.6 : 0.05;
      });
      cars.forEach(({ car, wheels, speed, start }, i) => {
        const way = (((start + speed * seconds) % 44) + 44) % 44;
        car.position.set(lane(i), 0, way - 38);
        for (const wheel of wheels) wheel.rotation.x = (speed * seconds) / 0.32;
      });
      const walked = Math.min(seconds, STAND[0]) + Math.max(0, seconds - STAND[1]);
      camera.position.set(-2.6 + walked * 0.5, 1.65 + Math.sin(walked * 9) * 0.03, 6 - walked * 1.6);
      camera.lookAt(-0.6 + walked * 0.9, 1.9, -6 - walked);
      camera.updateMatrixWorld();
    },
  };
}
