/** Runs in the page: what must hold of SceneUpscaler. */
import * as THREE from 'three';
import { resetState } from '../../src/render/bridge.ts';
import { SceneUpscaler } from '../../src/three.ts';
import { drawnMap } from './frames.ts';
import { maxDifference, type Picture, psnr, readBack, release } from './pictures.ts';
import { sampled, smallRenderer, smallScene } from './scenes.ts';
import { costlyCalls, watch } from './watch.ts';

const SIZE: [number, number] = [320, 180];

function setUp() {
  const renderer = smallRenderer(...SIZE);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  return { renderer, gl, ...smallScene(SIZE[0] / SIZE[1]) };
}

/** At ratio 1 the picture is that of renderer.render to the last bit but one: same tone mapping, fog, background, blending. */
export async function sameLook(): Promise<{
  ratio1: number;
  native: number;
  psnr: Record<string, number>;
  error: number;
}> {
  const { renderer, gl, scene, camera, update } = setUp();
  update(0.3);
  renderer.render(scene, camera);
  const truth = readBack(gl, null, ...SIZE);
  renderer.resetState();
  const upscaler = await SceneUpscaler.create(renderer, { method: 'nearest', ratio: 1 });
  const shown = () => {
    upscaler.render(scene, camera);
    const picture = readBack(gl, null, ...SIZE);
    renderer.resetState();
    return picture;
  };
  const ratio1 = maxDifference(shown(), truth);
  upscaler.set({ method: 'native', ratio: 2 });
  const native = maxDifference(shown(), truth);
  const quality: Record<string, number> = {};
  for (const method of ['nearest', 'bilinear', 'bicubic', 'network'] as const) {
    upscaler.set({ method });
    quality[method] = psnr(shown(), truth);
  }
  renderer.render(scene, camera);
  const after = maxDifference(readBack(gl, null, ...SIZE), truth);
  upscaler.dispose();
  renderer.dispose();
  return { ratio1, native: Math.max(native, after), psnr: quality, error: release(gl) };
}

/** The compare split shows the native picture on its left. */
export async function nativeSplit(): Promise<{ left: number; right: number }> {
  const { renderer, gl, scene, camera } = setUp();
  renderer.render(scene, camera);
  const truth = readBack(gl, null, ...SIZE);
  renderer.resetState();
  const upscaler = await SceneUpscaler.create(renderer, { compare: 0.5, compareWith: 'native' });
  upscaler.render(scene, camera);
  const picture = readBack(gl, null, ...SIZE);
  let left = 0;
  let right = 0;
  for (let i = 0; i < picture.data.length; i++) {
    const difference = Math.abs(picture.data[i]! - truth.data[i]!);
    if (((i / 4) | 0) % SIZE[0] < SIZE[0] / 2) left = Math.max(left, difference);
    else right = Math.max(right, difference);
  }
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return { left, right };
}

/** Live quality follows the method: the probe's figures arrive without a wait and rank the methods; before a picture, too. */
export async function liveQuality(pictured: boolean): Promise<Record<string, { psnr: number; ssim: number }>> {
  const { renderer, gl, scene, camera } = setUp();
  if (pictured) scene.background = drawnMap();
  const upscaler = await SceneUpscaler.create(renderer, { quality: true });
  const result: Record<string, { psnr: number; ssim: number }> = {};
  for (const method of ['nearest', 'bicubic', 'network'] as const) {
    upscaler.set({ method });
    for (let i = 0; i < 100; i++) {
      upscaler.render(scene, camera);
      await new Promise(requestAnimationFrame);
    }
    const { quality } = upscaler.stats;
    if (quality) result[method] = quality;
  }
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return result;
}

/** Frames of a moving scene make no GPU object and wait for nothing. */
export async function perFrame(): Promise<{ costly: string[]; stats: unknown }> {
  const { renderer, gl, scene, camera, update } = setUp();
  const seen = watch(gl);
  const upscaler = await SceneUpscaler.create(renderer, { compare: 0.5, compareWith: 'native', quality: true });
  const frame = async (i: number) => {
    update(i / 60);
    upscaler.render(scene, camera);
    if (i % 4 === 3) await new Promise(requestAnimationFrame);
  };
  for (let i = 0; i < 80; i++) await frame(i);
  seen.clear();
  for (let i = 0; i < 80; i++) await frame(i);
  // The probe reads sixteen bytes into a buffer, behind a fence: neither call waits.
  const costly = costlyCalls(seen.calls).filter((name) => !/^(createQuery|readPixels|getBufferSubData)$/.test(name));
  const { stats } = upscaler;
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return { costly, stats };
}

/** Into the user's own render target, and with an orthographic camera. */
export async function ownTarget(): Promise<{ psnr: number; kept: boolean }> {
  const { renderer, gl, scene } = setUp();
  const camera = new THREE.OrthographicCamera(-3, 3, 2.5, -0.9, 0.1, 50);
  camera.position.set(0, 1.2, 5);
  renderer.render(scene, camera);
  const truth = readBack(gl, null, ...SIZE);
  renderer.resetState();
  const upscaler = await SceneUpscaler.create(renderer, { quality: true });
  const target = new THREE.WebGLRenderTarget(...SIZE);
  renderer.setRenderTarget(target);
  upscaler.render(scene, camera);
  const kept = renderer.getRenderTarget() === target;
  const pixels = new Uint8Array(SIZE[0] * SIZE[1] * 4);
  renderer.readRenderTargetPixels(target, 0, 0, ...SIZE, pixels);
  const { flipped } = await import('./pictures.ts');
  const picture = flipped({ width: SIZE[0], height: SIZE[1], data: new Uint8ClampedArray(pixels) });
  upscaler.dispose();
  target.dispose();
  renderer.dispose();
  release(gl);
  return { psnr: psnr(picture, truth), kept };
}

/** The governor raises the ratio when a frame costs too much, and says so in the sizes. */
export async function governed(): Promise<number[]> {
  const { renderer, gl, scene, camera } = setUp();
  const upscaler = await SceneUpscaler.create(renderer, { ratio: 'auto', targetFps: 240 });
  const ratios = [upscaler.ratio];
  const end = performance.now() + 20_000;
  while (performance.now() < end && upscaler.ratio === ratios[0]) {
    upscaler.render(scene, camera);
    await new Promise(requestAnimationFrame);
  }
  ratios.push(upscaler.ratio);
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return ratios;
}

/** The still scene by 'temporal' after two rounds of jitter, and by 'bicubic', against four by four samples a pixel. */
export async function gathered(): Promise<{ psnr: Record<string, number>; fallback: string | null; error: number }> {
  const { renderer, gl, scene, camera, update } = setUp();
  update(0.3);
  const truth = sampled(renderer, scene, camera);
  const upscaler = await SceneUpscaler.create(renderer, { method: 'bicubic' });
  const shown = (frames: number) => {
    for (let i = 0; i < frames; i++) upscaler.render(scene, camera);
    const picture = readBack(gl, null, ...SIZE);
    renderer.resetState();
    return psnr(picture, truth);
  };
  const quality: Record<string, number> = { bicubic: shown(1) };
  upscaler.set({ method: 'temporal' });
  quality.temporal = shown(64);
  // What moves by itself, and an object that appears: nothing falls or fails on the way.
  for (let i = 1; i < 8; i++) {
    update(0.3 + i / 60);
    scene.children[scene.children.length - 1 - (i % 3)]!.visible = i % 2 === 0;
    shown(1);
  }
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  renderer.dispose();
  return { psnr: quality, fallback, error: release(gl) };
}

/** A camera that circles before a flat picture as background, which may be drawn anew in the end: PSNR by 'temporal' and by 'bicubic'. */
export async function backdrop(reversed: boolean, film: boolean) {
  const renderer = smallRenderer(...SIZE, { reversedDepthBuffer: reversed });
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const { scene, camera } = smallScene(SIZE[0] / SIZE[1]);
  scene.children.find((child) => child.rotation.x < 0)!.visible = false; // the ground
  const picture = drawnMap();
  scene.background = picture;
  const upscaler = await SceneUpscaler.create(renderer, { timing: false });
  const shown = (method: 'temporal' | 'bicubic') => {
    upscaler.set({ method });
    for (let i = 0; i < 24; i++) {
      camera.position.x = i * 0.1;
      camera.lookAt(0, 0.6, 0);
      if (film && i > 20) picture.offset.x = (i - 20) * 0.07;
      if (film && i > 20) picture.needsUpdate = true;
      upscaler.render(scene, camera);
    }
    const made = readBack(gl, null, ...SIZE);
    resetState(renderer);
    return made;
  };
  const temporal = shown('temporal');
  const bicubic = shown('bicubic');
  const own = picture.matrixAutoUpdate && picture.matrix.elements[6] === picture.offset.x;
  const truth = sampled(renderer, scene, camera);
  upscaler.dispose();
  renderer.dispose();
  return { temporal: psnr(temporal, truth), bicubic: psnr(bicubic, truth), own, error: release(gl) };
}

/** A walk past a turning object, gathered with a reversed depth buffer and with a plain one: how near the pictures are, in dB. */
export async function reversedDepth(): Promise<{
  reversed: boolean;
  psnr: number;
  fallback: string | null;
  error: number;
}> {
  const walk = async (reversedDepthBuffer: boolean) => {
    const renderer = smallRenderer(...SIZE, { reversedDepthBuffer });
    const gl = renderer.getContext() as WebGL2RenderingContext;
    const { scene, camera, update } = smallScene(SIZE[0] / SIZE[1]);
    const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal' });
    for (let i = 0; i < 24; i++) {
      update(0.3 + i / 60);
      camera.position.x = i * 0.01;
      upscaler.render(scene, camera);
    }
    const picture = readBack(gl, null, ...SIZE);
    const { fallback } = upscaler.stats;
    const reversed = renderer.capabilities.reversedDepthBuffer;
    upscaler.dispose();
    renderer.dispose();
    return { picture, fallback, reversed, error: release(gl) };
  };
  const plain = await walk(false);
  const { picture, ...rest } = await walk(true);
  return { ...rest, psnr: psnr(picture, plain.picture) };
}

/** What a render leaves of the user's camera, also one that throws: the largest change of its two projections. */
export async function keptCamera(): Promise<{ change: number; during: number; thrown: string }> {
  const { renderer, gl, scene, camera } = setUp();
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal' });
  const elements = () => [...camera.projectionMatrix.elements, ...camera.projectionMatrixInverse.elements];
  const before = elements();
  const change = () => Math.max(...elements().map((value, i) => Math.abs(value - before[i]!)));
  let during = 0;
  const probe = new THREE.Mesh(new THREE.PlaneGeometry(), new THREE.MeshBasicMaterial());
  probe.onBeforeRender = () => {
    during = Math.max(during, change());
  };
  scene.add(probe);
  for (let i = 0; i < 3; i++) upscaler.render(scene, camera);
  let worst = change();
  probe.onBeforeRender = () => {
    throw new Error('from the scene');
  };
  let thrown = '';
  try {
    upscaler.render(scene, camera);
  } catch (error) {
    thrown = (error as Error).message;
  }
  worst = Math.max(worst, change());
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return { change: worst, during, thrown };
}

const POINT_SHADERS = {
  vertexShader:
    'void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); gl_PointSize = 120.0 / gl_Position.w; }',
  fragmentShader: 'uniform sampler2D map; void main() { gl_FragColor = vec4(1.0) + texture2D(map, gl_PointCoord); }',
};
const RAW_POINT_SHADERS = {
  glslVersion: THREE.GLSL3,
  vertexShader: `precision highp float; in vec3 position; uniform mat4 modelViewMatrix, projectionMatrix;
    void main(void) { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); gl_PointSize = 30.0; }`,
  fragmentShader: 'precision highp float; out vec4 color; void main() { color = vec4(1.0); }',
};

const POINTS = {
  PointsMaterial: () => new THREE.PointsMaterial({ color: '#fff', size: 0.7, toneMapped: false }),
  ShaderMaterial: () => new THREE.ShaderMaterial({ ...POINT_SHADERS, uniforms: { map: { value: null } } }),
  RawShaderMaterial: () => new THREE.RawShaderMaterial(RAW_POINT_SHADERS),
};

/** Pixels that points cover: drawn by the renderer, by an upscaler at ratio 2, and by the renderer after it. */
export async function pointSizes(kind: keyof typeof POINTS, method: 'nearest' | 'temporal'): Promise<number[]> {
  const renderer = smallRenderer(...SIZE);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const scene = new THREE.Scene();
  const camera = new THREE.PerspectiveCamera(50, SIZE[0] / SIZE[1], 0.1, 50);
  camera.position.z = 4;
  const geometry = new THREE.BufferGeometry().setFromPoints([
    new THREE.Vector3(-1, 0, 0),
    new THREE.Vector3(1, 0.4, 0),
  ]);
  scene.add(new THREE.Points(geometry, POINTS[kind]()));
  const covered = () => readBack(gl, null, ...SIZE).data.filter((value, i) => i % 4 === 0 && value > 127).length;
  renderer.render(scene, camera);
  const counts = [covered()];
  renderer.resetState();
  const upscaler = await SceneUpscaler.create(renderer, { method });
  for (let i = 0; i < 3; i++) upscaler.render(scene, camera);
  counts.push(covered());
  renderer.render(scene, camera);
  counts.push(covered());
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return counts;
}

const THIN: Record<string, () => THREE.Object3D> = {
  lines: () => new THREE.LineSegments(star(), new THREE.LineBasicMaterial({ color: 'white' })),
  'dashed lines': () => {
    const lines = new THREE.LineSegments(star(), new THREE.LineDashedMaterial({ dashSize: 0.2, gapSize: 0.1 }));
    lines.computeLineDistances();
    return lines;
  },
  'lines of a ShaderMaterial': () => new THREE.LineSegments(star(), new THREE.ShaderMaterial(PLAIN)),
  'a wireframe': () =>
    new THREE.Mesh(new THREE.BoxGeometry(2, 1.4, 1), new THREE.MeshBasicMaterial({ color: 'white', wireframe: true })),
  'points of a pixel': () => {
    const positions = Array.from({ length: 300 }, (_, i) => new THREE.Vector3(Math.cos(i * 2.4), Math.sin(i * 2.4)));
    for (const [i, at] of positions.entries()) at.multiplyScalar(1.6 * Math.sqrt(i / 300));
    const material = new THREE.PointsMaterial({ color: 'white', size: 1, sizeAttenuation: false });
    return new THREE.Points(new THREE.BufferGeometry().setFromPoints(positions), material);
  },
};

const PLAIN = {
  vertexShader: 'void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
  fragmentShader: 'void main() { gl_FragColor = vec4(1.0); }',
};

/** Segments of all directions. */
function star(): THREE.BufferGeometry {
  const ends = Array.from({ length: 26 }, (_, i) => {
    const angle = Math.PI * Math.floor(i / 2) * (2 / 13);
    return new THREE.Vector3(Math.cos(angle), Math.sin(angle)).multiplyScalar(i % 2 ? 1.6 : 0.3);
  });
  return new THREE.BufferGeometry().setFromPoints(ends);
}

/**
 * The light of something thin, which an upscaler that renders it small should not change: by the renderer alone, after
 * frames of 'temporal', and the largest difference of what the renderer draws after that.
 */
export async function thinLight(kind: string): Promise<{ native: number; temporal: number; after: number }> {
  const renderer = smallRenderer(...SIZE);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const scene = new THREE.Scene();
  const camera = new THREE.PerspectiveCamera(50, SIZE[0] / SIZE[1], 0.1, 50);
  camera.position.z = 4;
  scene.add(THIN[kind]!());
  const pictures: Picture[] = [];
  const light = ({ data }: Picture) => data.reduce((sum, value, i) => sum + (i % 4 === 0 ? value : 0), 0) / 255;
  const native = () => {
    renderer.render(scene, camera);
    pictures.push(readBack(gl, null, ...SIZE));
  };
  native();
  renderer.resetState();
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal', sharpness: 0 });
  for (let i = 0; i < 48; i++) upscaler.render(scene, camera);
  const temporal = light(readBack(gl, null, ...SIZE));
  native();
  const [before, again] = pictures as [Picture, Picture];
  const after = maxDifference(before, again);
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return { native: light(before), temporal, after };
}

/** Frames of 'temporal' with a moving object make no GPU object and wait for nothing. */
export async function temporalFrames(): Promise<{ costly: string[]; passes: string[] }> {
  const { renderer, gl, scene, camera, update } = setUp();
  const seen = watch(gl);
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal' });
  const frames = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      update(i / 60);
      upscaler.render(scene, camera);
      if (i % 4 === 3) await new Promise(requestAnimationFrame);
    }
  };
  await frames(0, 24);
  seen.clear();
  await frames(24, 48);
  const costly = costlyCalls(seen.calls).filter((name) => name !== 'createQuery');
  const passes = Object.keys(upscaler.stats.gpu.passes);
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return { costly, passes };
}
