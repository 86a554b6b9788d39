/** Runs in the page: what a small render shows of polished and of textured surfaces, with mip levels and derivatives of a larger one. */
import * as THREE from 'three';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';
import { type Picture, psnrOf, squaredError } from '../../perf/metrics.ts';
import { boxShrink } from '../../perf/resize.ts';
import { createPictureTarget, renderInto } from '../../src/render/bridge.ts';
import { withLodBias } from '../../src/render/lod-bias.ts';

const SIDE = 96;
const SAMPLES = 8;

/** PSNR of a small render against its truth, as three draws it and with the bias of ratio 2. */
export function polished() {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  const scene = new THREE.Scene();
  scene.environment = new THREE.PMREMGenerator(renderer).fromScene(new RoomEnvironment()).texture;
  const metal = new THREE.MeshStandardMaterial({ color: '#e8b84a', metalness: 1, roughness: 0.05 });
  scene.add(new THREE.Mesh(new THREE.TorusKnotGeometry(1, 0.35, 160, 32), metal));
  const camera = new THREE.PerspectiveCamera(40, 1, 0.1, 20);
  camera.position.z = 5;
  const draw = (side: number, ratio: number) => {
    const target = createPictureTarget('render', [side, side]);
    if (ratio > 1) withLodBias(scene, ratio, () => renderInto(renderer, target, scene, camera));
    else renderInto(renderer, target, scene, camera);
    const data = new Uint8Array(side * side * 4);
    renderer.readRenderTargetPixels(target, 0, 0, side, side, data);
    target.dispose();
    return { width: side, height: side, data };
  };
  const psnr = (a: Picture, b: Picture) => psnrOf(squaredError(a, b));
  const truth = boxShrink(draw(SIDE * SAMPLES, 1), SAMPLES);
  const [plain, biased] = [psnr(draw(SIDE, 1), truth), psnr(draw(SIDE, 2), truth)];
  const again = psnr(draw(SIDE, 1), truth);
  renderer.dispose();
  renderer.forceContextLoss();
  return { plain, biased, again };
}
