/** Two lines more than plain three.js: `SceneUpscaler.create`, and `upscaler.render` in place of `renderer.render`. */
import * as THREE from 'three';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';
import { SceneUpscaler } from 'upframe/three';
import { openExample } from './shell';

openExample('1-hello', async () => {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  renderer.shadowMap.enabled = true;

  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#c9d6df');
  scene.fog = new THREE.Fog('#c9d6df', 9, 22);
  scene.environment = new THREE.PMREMGenerator(renderer).fromScene(new RoomEnvironment()).texture;
  scene.environmentIntensity = 0.55;
  const sun = new THREE.DirectionalLight('#fff1dc', 2.5);
  sun.position.set(3, 6, 2);
  sun.castShadow = true;
  sun.shadow.mapSize.set(1024, 1024);
  scene.add(sun);

  const ground = new THREE.Mesh(
    new THREE.CircleGeometry(40, 64),
    new THREE.MeshStandardMaterial({ color: '#8f9aa1', roughness: 0.9 }),
  );
  ground.rotation.x = -Math.PI / 2;
  ground.receiveShadow = true;
  const knot = new THREE.Mesh(
    new THREE.TorusKnotGeometry(0.9, 0.26, 220, 28),
    new THREE.MeshStandardMaterial({ color: '#e2583e', roughness: 0.25, metalness: 0.1 }),
  );
  knot.castShadow = knot.receiveShadow = true;
  scene.add(ground, knot);
  const camera = new THREE.PerspectiveCamera(45, 1, 0.1, 50);

  // Three pixels in four are not rendered: they come from the frames before.
  const upscaler = await SceneUpscaler.create(renderer, { model: 'game-m', ratio: 2 });

  return {
    renderer,
    camera,
    upscaler,
    draw(seconds) {
      knot.position.y = 1.7 + 0.1 * Math.sin(seconds);
      knot.rotation.set(0.2 * seconds, 0.5 * seconds, 0);
      camera.position.set(5 * Math.sin(0.1 * seconds), 2.4, 5 * Math.cos(0.1 * seconds));
      camera.lookAt(0, 1.4, 0);
      upscaler.render(scene, camera);
    },
  };
});
