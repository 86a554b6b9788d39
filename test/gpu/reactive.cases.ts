/** Runs in the page: what is seen through, or glows, must not smear: it is drawn into the reactive mask. */
import * as THREE from 'three';
import { Reflector } from 'three/addons/objects/Reflector.js';
import type { UpscalerOptions } from '../../src/index.ts';
import { withoutClearPixels } from '../../src/render/clear-pixels.ts';
import { withLodBias } from '../../src/render/lod-bias.ts';
import { withPointShare } from '../../src/render/point-share.ts';
import { SceneUpscaler, setReactive } from '../../src/three.ts';
import { type At, drawnMap, maskOf, spy } from './frames.ts';
import { type Picture, psnr, readBack, release } from './pictures.ts';
import { sampled, smallRenderer } from './scenes.ts';
import { costlyCalls, watch } from './watch.ts';

const SIZE: [number, number] = [320, 180];

/** A soft round spot, alpha falling to 0 at its rim. */
function spot(): THREE.DataTexture {
  const data = new Uint8Array(32 * 32 * 4).map((_, i) => {
    const [x, y] = [((i >> 2) % 32) - 15.5, ((i >> 2) >> 5) - 15.5];
    return i % 4 < 3 ? 255 : Math.max(0, 255 - Math.hypot(x, y) * 16);
  });
  const texture = new THREE.DataTexture(data, 32, 32);
  texture.magFilter = THREE.LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

const shader = () =>
  new THREE.ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { tint: { value: new THREE.Color('#40e0ff') } },
    vertexShader:
      'varying vec2 at; void main() { at = uv; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
    fragmentShader:
      'uniform vec3 tint; varying vec2 at; void main() { gl_FragColor = vec4(tint, step(0.5, fract(at.x * 4.0)) * 0.7); }',
  });

const plane = (material: THREE.Material) => new THREE.Mesh(new THREE.PlaneGeometry(1, 1), material);

/** White letters of a sort, thin, on nothing. */
function letters(): THREE.DataTexture {
  const data = new Uint8Array(64 * 32 * 4).map((_, i) => {
    const [x, y] = [(i >> 2) % 64, i >> 8];
    return i % 4 < 3 || (x % 5 < 2 && y % 16 < 12) || (y % 8 < 2 && x % 10 < 7) ? 255 : 0;
  });
  const texture = new THREE.DataTexture(data, 64, 32);
  texture.magFilter = THREE.LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

const MAKERS: Record<string, () => THREE.Object3D> = {
  label: () => {
    const sprite = new THREE.Sprite(new THREE.SpriteMaterial({ map: letters(), depthWrite: false }));
    sprite.scale.set(2, 1, 1);
    return sprite;
  },
  sprite: () => new THREE.Sprite(new THREE.SpriteMaterial({ map: spot(), color: '#ff8040', depthWrite: false })),
  glass: () => plane(new THREE.MeshBasicMaterial({ color: '#a0d0ff', transparent: true, opacity: 0.35 })),
  sparks: () => {
    const places = [0, 1, 2, 3, 4, 5].map((i) => new THREE.Vector3(Math.sin(i * 5) * 0.4, Math.cos(i * 3) * 0.4, 0));
    return new THREE.Points(
      new THREE.BufferGeometry().setFromPoints(places),
      new THREE.PointsMaterial({
        map: spot(),
        color: '#c06020',
        size: 0.3,
        blending: THREE.AdditiveBlending,
        depthWrite: false,
      }),
    );
  },
  shader: () => plane(shader()),
  // Opaque ones, whose pictures move on their surfaces.
  scrolled: () => {
    const map = stripes();
    return playing(plane(new THREE.MeshBasicMaterial({ map })), (i) => map.offset.set(0.03 * i, 0));
  },
  /** So slowly that history follows. */
  drifting: () => {
    const map = stripes();
    return playing(plane(new THREE.MeshBasicMaterial({ map })), (i) => map.offset.set(0.001 * i, 0));
  },
  rewritten: () => {
    const map = stripes();
    return playing(plane(new THREE.MeshBasicMaterial({ map })), (i) => {
      map.image.data!.set(stripeData(2 * i));
      map.needsUpdate = true;
    });
  },
  lamp: () => {
    const material = new THREE.MeshBasicMaterial({ color: '#345' });
    return playing(plane(material), (i) => material.color.set(i % 2 ? '#fe8' : '#345'));
  },
  told: () => {
    const object = clocked();
    setReactive(object.material, 1);
    return object;
  },
  clocked: () => clocked(),
  /** Drawn as skies are: seen, and not in the depth. */
  backdrop: () => {
    const object = clocked();
    object.material.depthWrite = false;
    return object;
  },
  polished: () => {
    const envMap = stripes();
    envMap.mapping = THREE.EquirectangularReflectionMapping;
    const metal = new THREE.MeshStandardMaterial({ metalness: 1, roughness: 0.05, envMap });
    const ball = new THREE.Mesh(new THREE.SphereGeometry(0.6, 48, 32), metal);
    return playing(ball, (i) => ball.rotation.set(0, 0.12 * i, 0));
  },
  mirror: () => {
    const mirror = new Reflector(new THREE.PlaneGeometry(1, 1), { textureWidth: 512, textureHeight: 512 });
    const behind = plane(new THREE.MeshBasicMaterial({ map: stripes(), side: THREE.DoubleSide }));
    // It stands behind the camera, and so stands what is seen of it in a mirror that moves. A mirror hides its own children.
    mirror.scale.setScalar(1 / 8);
    return playing(behind.add(mirror), () => {
      mirror.position.copy(behind.position).sub({ x: 0, y: 0, z: 7 }).divideScalar(8);
      behind.position.set(0, 0, 7);
      behind.scale.setScalar(8);
    });
  },
};

function stripeData(shift: number): Uint8Array {
  return new Uint8Array(64 * 4).map((_, i) => (i % 4 === 3 || ((i >> 2) + shift) % 16 < 8 ? 255 : 40));
}

function stripes(): THREE.DataTexture {
  const texture = new THREE.DataTexture(stripeData(0), 64, 1);
  texture.wrapS = THREE.RepeatWrapping;
  texture.needsUpdate = true;
  return texture;
}

const moving = () =>
  new THREE.ShaderMaterial({
    uniforms: { time: { value: 0 } },
    vertexShader:
      'varying vec2 at; void main() { at = uv; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
    fragmentShader:
      'uniform float time; varying vec2 at; void main() { gl_FragColor = vec4(vec3(step(0.5, fract(at.x * 4.0 + time * 4.0))), 1.0); }',
  });

function clocked() {
  const material = moving();
  return playing(plane(material), (i) => {
    material.uniforms.time!.value = 0.03 * i;
  });
}

/** The object with what is to be done before frame i. */
function playing<T extends THREE.Object3D>(object: T, show: (i: number) => void): T {
  object.userData.show = show;
  return object;
}

function studio(kind: string) {
  const renderer = smallRenderer(...SIZE);
  const scene = new THREE.Scene();
  const wall = new THREE.Mesh(new THREE.PlaneGeometry(6.4, 3.6), new THREE.MeshBasicMaterial({ map: drawnMap() }));
  scene.add(wall);
  const camera = new THREE.PerspectiveCamera(45, SIZE[0] / SIZE[1], 0.1, 50);
  const object = MAKERS[kind]!();
  scene.add(object);
  const update = (i: number) => {
    camera.position.set(0.006 * i, 0, 4);
    camera.updateMatrixWorld();
    object.position.set(-0.9 + 0.055 * i, 0.25 * Math.sin(i * 0.4), 0.8);
    object.userData.show?.(i);
  };
  const gl = renderer.getContext() as WebGL2RenderingContext;
  /** What there is now, by sixteen samples a pixel. */
  const truth = () => sampled(renderer, scene, camera);
  return { renderer, gl, scene, camera, object, update, truth };
}

export interface Smear {
  /** PSNR in dB where the object is, or was three frames before. */
  masked: number;
  unmasked: number;
  /** Red of the mask, 0..1: its mean where the object is, and the largest elsewhere. */
  mask: { inside: number; outside: number };
  untouched: boolean;
  error: number;
  fallback: string | null;
}

/** The object crosses a wall in front of a moving camera, with the mask and without it. */
export async function smear(kind: string): Promise<Smear> {
  const FRAMES = 24;
  const { renderer, gl, scene, camera, object, update, truth } = studio(kind);
  const [width, height] = SIZE;
  const covers = (i: number): Uint8Array => {
    update(i);
    camera.position.x = 0.006 * (FRAMES - 1);
    const shown = truth();
    object.visible = false;
    const bare = truth();
    object.visible = true;
    return Uint8Array.from({ length: width * height }, (_, k) =>
      Number([0, 1, 2].some((c) => Math.abs(shown.data[4 * k + c]! - bare.data[4 * k + c]!) > 6)),
    );
  };
  const region = covers(FRAMES - 4);
  const now = covers(FRAMES - 1);
  region.forEach((value, k) => {
    region[k] = value | now[k]!;
  });
  update(FRAMES - 1);
  const sharp = truth();

  const material = (object as THREE.Mesh).material as THREE.Material & { uniforms?: object };
  const keys = () => `${Object.keys(material)} ${Object.keys(material.uniforms ?? {})} ${material.version}`;
  // What mip levels, the size of points and clear pixels ask of materials is not the mask's doing.
  const draw = () => withPointShare(scene, 0.5, () => renderer.render(scene, camera));
  withoutClearPixels(scene, () => withLodBias(renderer, scene, 2, draw));
  const before = keys();
  const result: Partial<Smear> = {};
  for (const masked of [false, true]) {
    const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal', timing: false });
    const seen = spy(upscaler, masked);
    for (let i = 0; i < FRAMES; i++) {
      update(i);
      upscaler.render(scene, camera);
    }
    const picture = readBack(gl, null, ...SIZE);
    let sum = 0;
    let count = 0;
    region.forEach((inside, k) => {
      if (!inside) return;
      for (let c = 0; c < 3; c++) sum += (picture.data[4 * k + c]! - sharp.data[4 * k + c]!) ** 2;
      count += 3;
    });
    result[masked ? 'masked' : 'unmasked'] = 10 * Math.log10(255 ** 2 / (sum / count));
    if (masked) {
      const inside = (at: At) => Boolean(at(0, 0) && at(1, -1));
      const outside = (at: At) => ![-5, 0, 5].some((dy) => [-5, 0, 5].some((dx) => at(dx, dy)));
      result.mask = maskOf(gl, seen.frame!, now, 3, inside, outside);
    }
    result.fallback = upscaler.stats.fallback;
    upscaler.dispose();
  }
  const untouched = keys() === before;
  renderer.dispose();
  return { ...(result as Smear), untouched, error: release(gl) };
}

/**
 * PSNR in dB of an object at rest that shows something else in every frame from the 41st on, or in the 46th alone, before a
 * camera that rests; and by bicubic.
 */
export async function film(
  kind: 'rewritten' | 'lamp',
  plays: boolean,
  options: UpscalerOptions,
): Promise<{ gathered: number; bicubic: number; error: number }> {
  const stage = studio(kind);
  const { object, update } = stage;
  object.scale.setScalar(2.5);
  update(8);
  // A still at first, so that much is gathered.
  return compare(stage, options, 48, (i) => {
    if (plays ? i > 40 : i === 45) object.userData.show(i);
  });
}

/** PSNR in dB of `part` of the last of some frames, `show` called before each, by those options and by bicubic. */
async function compare(
  { renderer, gl, scene, camera, truth }: ReturnType<typeof studio>,
  options: UpscalerOptions,
  frames: number,
  show: (i: number) => void,
  part = (picture: Picture) => picture,
) {
  const last = async (ways: UpscalerOptions) => {
    const upscaler = await SceneUpscaler.create(renderer, { ...ways, timing: false });
    for (let i = 0; i < frames; i++) {
      show(i);
      upscaler.render(scene, camera);
    }
    const picture = readBack(gl, null, ...SIZE);
    upscaler.dispose();
    return part(picture);
  };
  const gathered = await last(options);
  const bicubic = await last({ method: 'bicubic' });
  const sharp = part(truth());
  renderer.dispose();
  return { gathered: psnr(gathered, sharp), bicubic: psnr(bicubic, sharp), error: release(gl) };
}

/** PSNR in dB of a sprite at rest, and the board that moves behind it, before a camera that rests. */
export async function label(
  writesDepth: boolean,
  options: UpscalerOptions,
): Promise<{ gathered: number; bicubic: number; error: number }> {
  const stage = studio('label');
  const { scene, object, update } = stage;
  (object as THREE.Sprite).material.depthWrite = writesDepth;
  const board = plane(new THREE.MeshBasicMaterial({ color: '#7090a0', map: writesDepth ? stripes() : null }));
  board.scale.setScalar(2);
  scene.add(board);
  update(0);
  object.position.set(0, 0, 1);
  // The middle of the picture, which the sprite fills.
  const middle = ({ data, width, height }: Picture): Picture => {
    const [w, h] = [80, 40];
    const part = new Uint8ClampedArray(w * h * 4);
    for (let y = 0; y < h; y++) {
      const from = (((height - h) / 2 + y) * width + (width - w) / 2) * 4;
      part.set(data.subarray(from, from + w * 4), y * w * 4);
    }
    return { data: part, width: w, height: h };
  };
  return compare(stage, options, 40, (i) => board.position.set(0.008 * i - 0.3, 0.01 * i - 0.2, 0.5), middle);
}

/** A scene with and without what calls for a mask: what frames give, create, and leave. */
export async function maskFrames() {
  const { renderer, gl, scene, camera, object, update } = studio('glass');
  const solid = plane(new THREE.MeshBasicMaterial({ color: '#f00' }));
  const glass = new THREE.MeshBasicMaterial({ color: '#0f0', transparent: true, opacity: 0.5 });
  const panes = new THREE.InstancedMesh(new THREE.PlaneGeometry(0.2, 0.2), glass, 1);
  scene.add(solid, panes);
  const seen = watch(gl);
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal' });
  const passing = spy(upscaler);
  const frames = (from: number, to: number, moves = true): boolean => {
    for (let i = from; i < to; i++) {
      if (moves) update(i);
      // Written in every frame, as games do, whether it is another place or not.
      panes.setMatrixAt(0, new THREE.Matrix4().setPosition(moves ? 0.01 * i : 0, -0.5, 0));
      panes.instanceMatrix.needsUpdate = true;
      solid.position.x = 0.02 * i;
      upscaler.render(scene, camera);
    }
    return Boolean(passing.frame!.reactive);
  };
  object.visible = panes.visible = false;
  const without = frames(0, 4);
  const live = seen.live();
  object.visible = panes.visible = true;
  const shown = frames(4, 16);
  seen.clear();
  frames(16, 32);
  const costly = costlyCalls(seen.calls).filter((name) => name !== 'createQuery');
  const atRest = frames(32, 34, false);
  // Another ratio and more samples a pixel: the mask follows, and is drawn against the depth in use.
  upscaler.set({ ratio: 1.5 });
  frames(34, 36);
  upscaler.set({ ratio: 2, samples: 4 });
  const again = frames(36, 40);
  upscaler.dispose();
  const after = seen.live();
  renderer.dispose();
  return { without, shown, atRest, again, costly, live, after, error: release(gl) };
}
