/** Runs in the page: a small Three.js scene with what tells a wrong picture from a right one. */
import * as THREE from 'three';
import { resetState } from '../../src/render/bridge.ts';
import { halved, type Picture, readBack } from './pictures.ts';

/** The scene by sixteen samples a pixel of the canvas, which has that size again afterwards. */
export function sampled(renderer: THREE.WebGLRenderer, scene: THREE.Scene, camera: THREE.Camera): Picture {
  const { x: width, y: height } = renderer.getSize(new THREE.Vector2());
  renderer.setSize(4 * width, 4 * height);
  renderer.render(scene, camera);
  const fine = readBack(renderer.getContext() as WebGL2RenderingContext, null, 4 * width, 4 * height);
  resetState(renderer);
  renderer.setSize(width, height);
  return halved(halved(fine));
}

export function smallScene(aspect: number) {
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#406080');
  scene.fog = new THREE.Fog('#406080', 6, 14);
  const camera = new THREE.PerspectiveCamera(50, aspect, 0.1, 50);
  camera.position.set(0, 1.2, 5);
  camera.lookAt(0, 0.6, 0);
  const sun = new THREE.DirectionalLight('#fff0d0', 3);
  sun.position.set(3, 5, 2);
  sun.castShadow = true;
  scene.add(sun, new THREE.HemisphereLight('#a0c0ff', '#402010', 1.5));
  const add = (geometry: THREE.BufferGeometry, color: string, x: number, y: number) => {
    const mesh = new THREE.Mesh(geometry, new THREE.MeshStandardMaterial({ color, roughness: 0.4 }));
    mesh.position.set(x, y, 0);
    mesh.castShadow = mesh.receiveShadow = true;
    scene.add(mesh);
    return mesh;
  };
  const ground = add(new THREE.PlaneGeometry(20, 20), '#808070', 0, 0);
  ground.rotation.x = -Math.PI / 2;
  const knot = add(new THREE.TorusKnotGeometry(0.5, 0.16, 64, 12), '#e04030', -1.2, 0.9);
  add(new THREE.BoxGeometry(0.9, 0.9, 0.9), '#30b060', 1.2, 0.5);
  const glass = new THREE.Mesh(
    new THREE.SphereGeometry(0.45, 24, 16),
    new THREE.MeshBasicMaterial({ color: '#ffffff', transparent: true, opacity: 0.4 }),
  );
  glass.position.set(0, 0.8, 0.8);
  scene.add(glass);
  return { scene, camera, update: (seconds: number) => knot.rotation.set(seconds, seconds * 0.7, 0) };
}

export function smallRenderer(width: number, height: number, parameters: THREE.WebGLRendererParameters = {}) {
  const canvas = document.createElement('canvas');
  document.body.replaceChildren(canvas);
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: false, preserveDrawingBuffer: true, ...parameters });
  renderer.setPixelRatio(1);
  renderer.setSize(width, height);
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  renderer.shadowMap.enabled = true;
  return renderer;
}
