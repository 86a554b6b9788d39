/** An effect composer as it is, and one line more: `UpscalerPass.create(composer, options)`. */
import * as THREE from 'three';
import { EffectComposer } from 'three/addons/postprocessing/EffectComposer.js';
import { OutputPass } from 'three/addons/postprocessing/OutputPass.js';
import { RenderPass } from 'three/addons/postprocessing/RenderPass.js';
import { UnrealBloomPass } from 'three/addons/postprocessing/UnrealBloomPass.js';
import { UpscalerPass } from 'upframe/three';
import { openExample } from './shell';

openExample('5-effects-at-render-size', async () => {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#070a14');
  scene.fog = new THREE.Fog('#070a14', 6, 26);
  scene.add(new THREE.HemisphereLight('#40508a', '#0a0a12', 1.5));
  const moon = new THREE.DirectionalLight('#a8c0ff', 1.2);
  moon.position.set(-4, 6, 2);
  scene.add(moon);

  const floor = new THREE.Mesh(
    new THREE.PlaneGeometry(60, 60),
    new THREE.MeshStandardMaterial({ color: '#202a40', roughness: 0.55 }),
  );
  floor.rotation.x = -Math.PI / 2;
  scene.add(floor);
  const towers = new THREE.InstancedMesh(
    new THREE.BoxGeometry().translate(0, 0.5, 0),
    new THREE.MeshStandardMaterial({ color: '#5a6a90', roughness: 0.7 }),
    240,
  );
  const at = new THREE.Matrix4();
  for (let i = 0; i < towers.count; i++) {
    const [angle, far] = [i * 2.4, 6.5 + 0.7 * Math.sqrt(i)];
    at.makeScale(0.5, 0.6 + 2.4 * Math.abs(Math.sin(i * 12.9)), 0.5);
    towers.setMatrixAt(i, at.setPosition(far * Math.sin(angle), 0, far * Math.cos(angle)));
  }
  scene.add(towers);
  const rings = ['#ff4d6d', '#4dc3ff', '#ffd24d', '#8dff6a'].map((color, i) => {
    // Brighter than white, so that they glow.
    const material = new THREE.MeshBasicMaterial({ color: new THREE.Color(color).multiplyScalar(2.2) });
    const ring = new THREE.Mesh(new THREE.TorusGeometry(0.5 + 0.42 * i, 0.025, 8, 90), material);
    ring.position.y = 2;
    return ring;
  });
  scene.add(...rings);
  const camera = new THREE.PerspectiveCamera(50, 1, 0.1, 60);

  const composer = new EffectComposer(renderer);
  composer.addPass(new RenderPass(scene, camera));
  composer.addPass(new UnrealBloomPass(new THREE.Vector2(256, 256), 0.22, 0.4, 0.9));
  composer.addPass(new OutputPass());
  const upscaler = await UpscalerPass.create(composer, { model: 'game-m', ratio: 2 });

  return {
    renderer,
    camera,
    upscaler,
    // Native: scene and effects at the canvas's size, shown as they are.
    native: { method: 'nearest', ratio: 1 },
    upscaled: { method: 'network', ratio: 2 },
    resize: (width, height) => composer.setSize(width, height),
    draw(seconds) {
      rings.forEach((ring, i) => {
        ring.rotation.set(0.15 * seconds + i, 0.2 * seconds * (i % 2 ? 1 : -1), 0);
      });
      camera.position.set(5.2 * Math.sin(0.12 * seconds), 2.6, 5.2 * Math.cos(0.12 * seconds));
      camera.lookAt(0, 1.9, 0);
      composer.render();
    },
  };
});
