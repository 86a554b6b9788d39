/** Runs in the page: linear light of any brightness goes in, and comes out. */
import * as THREE from 'three';
import { jitterOffset } from '../../src/index.ts';
import { SceneUpscaler } from '../../src/three.ts';
import { halved, maxDifference, type Picture, psnr, readBack, release } from './pictures.ts';
import { smallRenderer, smallScene } from './scenes.ts';

const SIZE: [number, number] = [320, 180];
/** Of the lamp in the scene: light that no 8-bit picture holds. */
const LAMP = 40;

function setUp() {
  const renderer = smallRenderer(...SIZE);
  const { scene, camera } = smallScene(SIZE[0] / SIZE[1]);
  const color = new THREE.Color('#ffe0b0').multiplyScalar(LAMP);
  const lamp = new THREE.Mesh(
    new THREE.SphereGeometry(0.3, 24, 16),
    new THREE.MeshBasicMaterial({ color, fog: false }),
  );
  lamp.position.set(0.2, 2, 0);
  scene.add(lamp);
  return { renderer, gl: renderer.getContext() as WebGL2RenderingContext, scene, camera };
}

const lightTarget = (width: number, height: number) =>
  new THREE.WebGLRenderTarget(width, height, { type: THREE.HalfFloatType });

function lightOf(renderer: THREE.WebGLRenderer, target: THREE.WebGLRenderTarget): Float32Array {
  const { width, height } = target;
  const halves = new Uint16Array(width * height * 4);
  renderer.readRenderTargetPixels(target, 0, 0, width, height, halves);
  return Float32Array.from(halves, THREE.DataUtils.fromHalfFloat);
}

/** As a picture that an eye could judge: brightest channel below 1, encoded. */
function shown(light: Float32Array, width: number, height: number): Picture {
  const data = new Uint8ClampedArray(light.length);
  for (let i = 0; i < light.length; i += 4) {
    const most = 1 + Math.max(light[i]!, light[i + 1]!, light[i + 2]!);
    for (let c = 0; c < 3; c++) data[i + c] = 255 * (light[i + c]! / most) ** (1 / 2.2);
    data[i + 3] = 255;
  }
  return { width, height, data };
}

/** The largest difference, as a share of the light that is there. */
function apart(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!) / (0.05 + Math.abs(b[i]!))), 0);
}

const brightestOf = (light: Float32Array): number => light.reduce((most, value) => Math.max(most, value), 0);

/** A still scene by SceneUpscaler into a target of floats, against renderer.render into one. */
export async function sceneLight() {
  const { renderer, gl, scene, camera } = setUp();
  const draw = (target: THREE.WebGLRenderTarget, render: () => void) => {
    renderer.setRenderTarget(target);
    render();
    const light = lightOf(renderer, target);
    renderer.setRenderTarget(null);
    return light;
  };
  const target = lightTarget(...SIZE);
  const plain = draw(target, () => renderer.render(scene, camera));
  const large = lightTarget(SIZE[0] * 4, SIZE[1] * 4);
  const fine = draw(large, () => renderer.render(scene, camera));
  const truth = halved(halved(shown(fine, large.width, large.height)));
  const messages: string[] = [];
  const upscaler = await SceneUpscaler.create(renderer, {
    method: 'nearest',
    ratio: 1,
    quality: true,
    onFallback: (message) => messages.push(message),
  });
  const upscaled = () => draw(target, () => upscaler.render(scene, camera));
  const same = apart(upscaled(), plain);
  const quality: Record<string, number> = {};
  const brightest: number[] = [];
  await upscaler.set({ ratio: 2, model: 'game-s', sharpness: 0 });
  for (const method of ['native', 'lanczos', 'temporal', 'network'] as const) {
    upscaler.set({ method });
    for (let i = 0; i < (upscaler.upscaler.usesHistory(method) ? 40 : 1); i++) upscaled();
    const light = upscaled();
    quality[method] = psnr(shown(light, ...SIZE), truth);
    brightest.push(brightestOf(light));
  }
  upscaler.set({ method: 'bicubic', compare: 0.5, compareWith: 'native', sharpness: 0.5 });
  const sharpened = upscaled();
  const split = psnr(shown(sharpened, ...SIZE), truth);
  brightest.push(brightestOf(sharpened));
  // Back on the canvas the same upscaler gives pictures again, and its history is not of light.
  upscaler.set({ method: 'temporal', compare: null, sharpness: 0 });
  for (let i = 0; i < 20; i++) upscaled();
  upscaler.render(scene, camera);
  const first = readBack(gl, null, ...SIZE);
  upscaler.reset();
  upscaler.render(scene, camera);
  const afresh = psnr(first, readBack(gl, null, ...SIZE));
  upscaler.set({ method: 'native' });
  upscaler.render(scene, camera);
  const picture = readBack(gl, null, ...SIZE);
  renderer.resetState();
  renderer.render(scene, camera);
  const onCanvas = maxDifference(picture, readBack(gl, null, ...SIZE));
  upscaler.dispose();
  for (const made of [target, large]) made.dispose();
  renderer.dispose();
  return { same, psnr: quality, split, brightest, afresh, onCanvas, messages, error: release(gl) };
}

/** A pipeline's own jittered textures of light, with pixels that are none, gathered into a target of floats. */
export async function textureLight() {
  const { renderer, gl, scene, camera } = setUp();
  const broken = new THREE.Mesh(
    new THREE.PlaneGeometry(0.2, 0.2),
    new THREE.ShaderMaterial({
      vertexShader: 'void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
      fragmentShader:
        'uniform float zero; void main() { gl_FragColor = vec4(zero / zero, 1.0 / zero, -1.0 / zero, 1.0); }',
      uniforms: { zero: { value: 0 } },
    }),
  );
  broken.position.set(-0.4, 1.9, 0);
  scene.add(broken);
  const low = lightTarget(SIZE[0] / 2, SIZE[1] / 2);
  low.depthTexture = new THREE.DepthTexture(low.width, low.height, THREE.UnsignedIntType);
  const target = lightTarget(...SIZE);
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal', ratio: 2 });
  for (let i = 0; i < 12; i++) {
    const jitter = jitterOffset(i, 2);
    camera.setViewOffset(low.width, low.height, -jitter[0], jitter[1], low.width, low.height);
    renderer.setRenderTarget(low);
    renderer.render(scene, camera);
    camera.clearViewOffset();
    renderer.setRenderTarget(target);
    upscaler.renderTextures({ color: low.texture, depth: low.depthTexture, jitter, hdr: true }, camera);
  }
  const light = lightOf(renderer, target);
  renderer.setRenderTarget(null);
  let refused = '';
  try {
    upscaler.renderTextures({ color: low.texture, hdr: true }, camera);
  } catch (error) {
    refused = String(error);
  }
  upscaler.dispose();
  renderer.dispose();
  return {
    finite: light.every(Number.isFinite),
    lamp: light[4 * (SIZE[0] * Math.round(SIZE[1] * 0.75) + Math.round(SIZE[0] * 0.52))],
    refused,
    error: release(gl),
  };
}
