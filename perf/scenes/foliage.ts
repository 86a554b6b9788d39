/** A meadow of alpha-tested blades and a few trees: most of what is seen is thinner than a pixel. */
import * as THREE from 'three';
import { Builder, paint, place, type SceneModule, seededRandom } from './helpers';

export async function createScene(_renderer: THREE.WebGLRenderer): Promise<SceneModule> {
  const random = seededRandom(2);
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#b9d4e6');
  scene.fog = new THREE.Fog('#b9d4e6', 10, 46);
  scene.add(new THREE.HemisphereLight('#e6f0ff', '#5c6b36', 1.7));
  const sun = new THREE.DirectionalLight('#fff1cf', 2.2);
  sun.position.set(-5, 8, 3);
  scene.add(sun);

  const blades = paint(128, 128, (pen) => {
    for (let i = 0; i < 26; i++) {
      const x = random.between(6, 122);
      pen.strokeStyle = `hsl(${random.between(62, 104)} 46% ${random.between(24, 58)}%)`;
      pen.lineWidth = random.between(2, 4);
      pen.beginPath();
      pen.moveTo(x, 128);
      pen.quadraticCurveTo(x, 60, x + random.between(-30, 30), random.between(4, 50));
      pen.stroke();
    }
  });
  const leaf = paint(64, 64, (pen) => {
    for (let i = 0; i < 9; i++) {
      pen.fillStyle = `hsl(${random.between(74, 112)} 45% ${random.between(26, 48)}%)`;
      pen.beginPath();
      pen.ellipse(random.between(12, 52), random.between(12, 52), 12, 4.5, random.between(0, 3.1), 0, 7);
      pen.fill();
    }
  });
  const cut = (map: THREE.Texture) => new THREE.MeshLambertMaterial({ map, alphaTest: 0.5, side: THREE.DoubleSide });

  const grass = new THREE.InstancedMesh(new THREE.PlaneGeometry(0.6, 0.55).translate(0, 0.27, 0), cut(blades), 2600);
  for (let i = 0; i < grass.count; i++) {
    // Denser towards the path of the camera, where blades are seen one by one.
    const [x, z] = [random.between(-11, 11), 5 - random() ** 0.8 * 26];
    grass.setMatrixAt(i, place(x, 0, z, random.between(0, 3.14), 0, 0, random.between(0.7, 1.3)));
  }
  const wood = new Builder();
  const crowns: THREE.Group[] = [];
  const bark = new THREE.CylinderGeometry(0.12, 0.2, 2.4, 7);
  const card = new THREE.PlaneGeometry(0.55, 0.55);
  for (const [x, z] of [
    [-4, -4],
    [3.4, -6],
    [-1, -11],
    [7, -12],
    [-8, -14],
  ] as const) {
    wood.add(bark, place(x, 1.2, z), '#4d3b2c');
    const crown = new THREE.Group();
    crown.position.set(x, 2.2, z);
    const leaves = new THREE.InstancedMesh(card, cut(leaf), 220);
    for (let i = 0; i < leaves.count; i++) {
      const [a, up, r] = [random.between(0, 6.28), random.between(-0.7, 1), random.between(0.3, 1.2)];
      const out = r * Math.sqrt(Math.max(0.08, 1 - up * up * 0.8));
      leaves.setMatrixAt(
        i,
        place(
          Math.cos(a) * out,
          0.8 + up * (0.5 + r * 0.55),
          Math.sin(a) * out,
          random.between(0, 6),
          random.between(-1, 1),
          random.between(0, 6),
        ),
      );
    }
    crown.add(leaves);
    crowns.push(crown);
    scene.add(crown);
  }
  const turf = paint(256, 256, (pen) => {
    pen.fillStyle = '#5c6a30';
    pen.fillRect(0, 0, 256, 256);
    for (let i = 0; i < 2600; i++) {
      pen.fillStyle = `hsl(${random.between(56, 96)} 36% ${random.between(18, 42)}%)`;
      pen.fillRect(random() * 256, random() * 256, 1.5, random.between(2, 9));
    }
  });
  turf.wrapS = turf.wrapT = THREE.RepeatWrapping;
  turf.repeat.set(50, 50);
  const ground = new THREE.Mesh(new THREE.PlaneGeometry(120, 120), new THREE.MeshLambertMaterial({ map: turf }));
  ground.rotation.x = -Math.PI / 2;
  scene.add(grass, ground, new THREE.Mesh(wood.build(), new THREE.MeshLambertMaterial({ vertexColors: true })));

  const camera = new THREE.PerspectiveCamera(52, 16 / 9, 0.1, 120);
  return {
    scene,
    camera,
    update(seconds) {
      crowns.forEach((crown, i) => {
        crown.rotation.z = Math.sin(seconds * 1.1 + i * 2) * 0.03;
      });
      camera.position.set(
        Math.sin(seconds * 0.3) * 2.2,
        1.2 + Math.sin(seconds * 0.4) * 0.2,
        7.5 - Math.sin(seconds * 0.2) * 1.5,
      );
      camera.lookAt(Math.sin(seconds * 0.3 + 0.4) * 1.4, 1.1, -4);
      camera.updateMatrixWorld();
    },
  };
}
