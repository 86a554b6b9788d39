/** `compare` splits the picture: left of it `compareWith` is shown, of the very same frame. */
import * as THREE from 'three';
import { SceneUpscaler } from 'upframe/three';
import { createCompare } from '../shared/compare';
import { openExample } from './shell';

/** A page of print, as small as letters get on a wall. */
function poster(): THREE.CanvasTexture {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1024, 1024];
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = '#f3ead8';
  pen.fillRect(0, 0, 1024, 1024);
  pen.fillStyle = '#1d2b36';
  pen.font = '700 150px Georgia, serif';
  pen.fillText('Harbour', 60, 190);
  for (let line = 0; line < 13; line++) {
    pen.font = `${64 - line * 3}px Georgia, serif`;
    pen.fillText('Ships arrive on the evening tide, 1977 to 2026', 60, 290 + line * 56, 900);
  }
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

openExample('2-split-compare', async (page) => {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  const scene = new THREE.Scene();
  scene.background = new THREE.Color('#26343d');
  scene.add(new THREE.HemisphereLight('#e8f2ff', '#4a3d30', 2.2));
  const sun = new THREE.DirectionalLight('#fff', 1.6);
  sun.position.set(2, 3, 4);
  scene.add(sun);
  const wall = new THREE.Mesh(new THREE.PlaneGeometry(3.4, 3.4), new THREE.MeshLambertMaterial({ map: poster() }));
  const cages = ['#e2583e', '#e9b44c', '#4fa3a5'].map((color, i) => {
    const edges = new THREE.EdgesGeometry(new THREE.IcosahedronGeometry(0.7, 2));
    const cage = new THREE.LineSegments(edges, new THREE.LineBasicMaterial({ color }));
    cage.position.set(2.6, 1.2 - i * 1.2, 0.4);
    return cage;
  });
  const twins = cages.map((cage) => {
    const twin = cage.clone();
    twin.position.x *= -1;
    return twin;
  });
  scene.add(wall, ...cages, ...twins);
  const camera = new THREE.PerspectiveCamera(40, 1, 0.1, 30);

  const upscaler = await SceneUpscaler.create(renderer, {
    model: 'game-m',
    ratio: 2,
    compare: 0.5,
    compareWith: 'bilinear',
  });
  const split = createCompare(page.stage, { position: 0.5, onChange: (compare) => void upscaler.set({ compare }) });
  split.labels('Bilinear', 'Upframe', 'right');
  split.show(true);

  return {
    renderer,
    camera,
    upscaler,
    draw(seconds) {
      [...cages, ...twins].forEach((cage, i) => {
        cage.rotation.set(0.2 * seconds, 0.3 * seconds + i, 0);
      });
      camera.position.set(0.7 * Math.sin(0.3 * seconds), 0.2 * Math.sin(0.2 * seconds), 5.6);
      camera.lookAt(0, 0, 0);
      upscaler.render(scene, camera);
    },
  };
});
