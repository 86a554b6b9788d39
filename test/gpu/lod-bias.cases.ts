/** Runs in the page: what a small render shows of polished and of textured surfaces, with mip levels and derivatives of a larger one. */
import * as THREE from 'three';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';
import { type Picture, psnrOf, squaredError } from '../../perf/metrics.ts';
import { boxShrink } from '../../perf/resize.ts';
import { createPictureTarget, renderInto } from '../../src/render/bridge.ts';
import { withLodBias } from '../../src/render/lod-bias.ts';

const SIDE = 96;
const SAMPLES = 8;

/** A small render as three draws it, with the bias of ratio 2, and as before; and its truth. */
function draw(renderer: THREE.WebGLRenderer, scene: THREE.Scene) {
  const camera = new THREE.PerspectiveCamera(40, 1, 0.1, 20);
  camera.position.z = 5;
  const render = (side: number, ratio: number): Picture => {
    const target = createPictureTarget('render', [side, side]);
    if (ratio > 1) withLodBias(renderer, scene, ratio, () => renderInto(renderer, target, scene, camera));
    else renderInto(renderer, target, scene, camera);
    const data = new Uint8Array(side * side * 4);
    renderer.readRenderTargetPixels(target, 0, 0, side, side, data);
    target.dispose();
    return { width: side, height: side, data };
  };
  const truth = boxShrink(render(SIDE * SAMPLES, 1), SAMPLES);
  const pictures = { truth, plain: render(SIDE, 1), biased: render(SIDE, 2), again: render(SIDE, 1) };
  renderer.dispose();
  renderer.forceContextLoss();
  return pictures;
}

/** PSNR of polished metal in dB. */
export function polished() {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  const scene = new THREE.Scene();
  scene.environment = new THREE.PMREMGenerator(renderer).fromScene(new RoomEnvironment()).texture;
  const metal = new THREE.MeshStandardMaterial({ color: '#e8b84a', metalness: 1, roughness: 0.05 });
  scene.add(new THREE.Mesh(new THREE.TorusKnotGeometry(1, 0.35, 160, 32), metal));
  const { truth, plain, biased, again } = draw(renderer, scene);
  const psnr = (a: Picture) => psnrOf(squaredError(a, truth));
  return { plain: psnr(plain), biased: psnr(biased), again: psnr(again) };
}

type Kind = 'anisotropic' | 'hooked' | 'shader' | 'own bias';

function material(kind: Kind, map: THREE.Texture, tint: string): THREE.Material {
  if (kind === 'shader') {
    return new THREE.ShaderMaterial({
      uniforms: { map: { value: map } },
      vertexShader:
        'varying vec2 at; void main() { at = uv; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
      fragmentShader: `uniform sampler2D map; varying vec2 at; void main() { gl_FragColor = vec4(texture2D(map, at).rgb * vec3(${tint}), 1.0); }`,
    });
  }
  const made = new THREE.MeshBasicMaterial({ map });
  if (kind === 'anisotropic') map.anisotropy = 4;
  else {
    const read = kind === 'hooked' ? 'texture2D(map, vMapUv)' : 'texture2D(map, vMapUv, 0.0)';
    made.onBeforeCompile = (shader) => {
      const code = `diffuseColor *= ${read} * vec4(${tint}, 1.0);`;
      shader.fragmentShader = shader.fragmentShader.replace('#include <map_fragment>', code);
    };
    // Hooks that differ by what they close over have keys of their own.
    made.customProgramCacheKey = () => tint;
  }
  return made;
}

/** Two walls of small tiles, seen at a slant: mean step between neighbours and mean of each channel, in levels. */
export function tiles(kind: Kind) {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 512;
  const context = canvas.getContext('2d')!;
  for (let i = 0; i < 4096; i++) {
    context.fillStyle = `hsl(${i * 77} 60% ${30 + 40 * ((i + (i >> 6)) % 2)}%)`;
    context.fillRect((i % 64) * 8, (i >> 6) * 8, 8, 8);
  }
  const map = new THREE.CanvasTexture(canvas);
  const scene = new THREE.Scene();
  ['1.0, 0.3, 0.3', '0.3, 0.3, 1.0'].forEach((tint, i) => {
    const wall = new THREE.Mesh(new THREE.PlaneGeometry(2.4, 5), material(kind, map, tint));
    wall.position.x = i * 2.4 - 1.2;
    wall.rotation.y = 0.6;
    scene.add(wall);
  });
  const describe = ({ data }: Picture) => {
    const mean = [0, 0, 0];
    let steps = 0;
    for (let i = 4; i < data.length; i++) {
      steps += Math.abs(data[i]! - data[i - 4]!) / data.length;
      if (i % 4 < 3) mean[i % 4]! += (4 * data[i]!) / data.length;
    }
    return { steps, mean };
  };
  const { plain, biased, again } = draw(renderer, scene);
  return { plain: describe(plain), biased: describe(biased), again: describe(again) };
}
