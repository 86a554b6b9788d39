/** Nothing to do for them: what is transparent or glows is found, and history is believed less where it is. */
import * as THREE from 'three';
import { SceneUpscaler } from 'upframe/three';
import { openExample } from './shell';

/** A texture of a size, painted. */
function paint(size: number, draw: (pen: CanvasRenderingContext2D) => void): THREE.CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  draw(canvas.getContext('2d')!);
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  return texture;
}

const bricks = () =>
  paint(512, (pen) => {
    pen.fillStyle = '#cfc3b2';
    pen.fillRect(0, 0, 512, 512);
    for (let row = 0; row < 16; row++) {
      for (let i = -1; i < 8; i++) {
        pen.fillStyle = `hsl(${12 + ((row * 7 + i * 13) % 9)} 45% ${34 + ((row * 5 + i * 11) % 12)}%)`;
        pen.fillRect(i * 64 + (row % 2) * 32 + 2, row * 32 + 2, 60, 28);
      }
    }
  });

const puff = () =>
  paint(64, (pen) => {
    const soft = pen.createRadialGradient(32, 32, 0, 32, 32, 32);
    soft.addColorStop(0, '#ffff');
    soft.addColorStop(1, '#fff0');
    pen.fillStyle = soft;
    pen.fillRect(0, 0, 64, 64);
  });

openExample('4-transparency-and-particles', async () => {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#20262b');
  scene.add(new THREE.HemisphereLight('#fff4e6', '#4b4038', 3));
  const map = bricks();
  map.wrapS = map.wrapT = THREE.RepeatWrapping;
  map.repeat.set(4, 2);
  map.anisotropy = 8;
  scene.add(new THREE.Mesh(new THREE.PlaneGeometry(16, 8), new THREE.MeshLambertMaterial({ map })));

  const glass = ['#7fd0ff', '#ffd27f', '#9dffb0'].map((color, i) => {
    const material = new THREE.MeshBasicMaterial({ color, transparent: true, opacity: 0.35, depthWrite: false });
    const pane = new THREE.Mesh(new THREE.PlaneGeometry(1.3, 2), material);
    pane.position.z = 1 + i * 0.4;
    return pane;
  });
  const soft = puff();
  const smoke = Array.from({ length: 26 }, () => {
    const material = new THREE.SpriteMaterial({ map: soft, color: '#c9ced2', depthWrite: false });
    return new THREE.Sprite(material);
  });
  const places = new THREE.BufferAttribute(new Float32Array(160 * 3), 3).setUsage(THREE.DynamicDrawUsage);
  const glow = new THREE.PointsMaterial({
    map: soft,
    color: '#ff9a3c',
    size: 0.13,
    blending: THREE.AdditiveBlending,
    depthWrite: false,
  });
  const sparks = new THREE.Points(new THREE.BufferGeometry().setAttribute('position', places), glow);
  sparks.frustumCulled = false;
  scene.add(...glass, ...smoke, sparks);
  const camera = new THREE.PerspectiveCamera(45, 1, 0.1, 30);

  const upscaler = await SceneUpscaler.create(renderer, { model: 'game-m', ratio: 2 });

  return {
    renderer,
    camera,
    upscaler,
    draw(seconds) {
      glass.forEach((pane, i) => {
        pane.position.x = -0.4 + 2.6 * Math.sin(0.5 * seconds + i * 2.1);
        pane.position.y = 0.5 * Math.cos(0.4 * seconds + i);
      });
      smoke.forEach((sprite, i) => {
        const age = (0.12 * seconds + i / smoke.length) % 1;
        sprite.position.set(-2.6 + 0.5 * Math.sin(i * 4 + 3 * age), -2.2 + 4.4 * age, 0.6 + 0.02 * i);
        sprite.scale.setScalar(0.4 + 1.3 * age);
        sprite.material.opacity = 0.5 * (1 - age);
      });
      for (let i = 0; i < places.count; i++) {
        const age = (0.5 * seconds + i * 0.618) % 1;
        const [side, up] = [
          1.6 * Math.sin(i * 12.9) * age,
          4.2 * age * (0.6 + 0.4 * Math.cos(i * 7.3)) - 5 * age * age,
        ];
        places.setXYZ(i, 2.7 + side, -1.4 + up, 0.8 + 0.5 * Math.cos(i * 3.7) * age);
      }
      places.needsUpdate = true;
      camera.position.set(0.4 * Math.sin(0.25 * seconds), 0, 6);
      camera.lookAt(0, 0, 0);
      upscaler.render(scene, camera);
    },
  };
});
