/** Runs in the page: motion per pixel, as the temporal path uses it, against what geometry says. */
import * as THREE from 'three';
import { LineMaterial } from 'three/addons/lines/LineMaterial.js';
import { LineSegments2 } from 'three/addons/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/addons/lines/LineSegmentsGeometry.js';
import { SceneUpscaler, setDisplacement } from '../../src/three.ts';
import { spy } from './frames.ts';
import { release } from './pictures.ts';
import { smallRenderer } from './scenes.ts';

const DISPLAY: [number, number] = [320, 200];
const WALL_Z = -3;

/** A flat square in red that somehow moves: `pose` puts it where `matrix(t)` says. */
interface Mover {
  object: THREE.Object3D;
  pose(matrix: THREE.Matrix4, t: number): void;
  /** Thin things have no pixel whose neighbours are all theirs. */
  thin?: boolean;
  /** Faces the camera: motion is that of its centre. */
  billboard?: boolean;
}

const red = (options: THREE.MeshBasicMaterialParameters = {}) =>
  new THREE.MeshBasicMaterial({ color: '#f00', side: THREE.DoubleSide, ...options });
const square = () => new THREE.PlaneGeometry(1.6, 1.6, 4, 4);

/** An object that moves by its own matrix. */
function moved(object: THREE.Object3D, extra: Partial<Mover> = {}): Mover {
  object.matrixAutoUpdate = false;
  const pose = (matrix: THREE.Matrix4) => {
    object.matrix.copy(matrix);
    object.matrixWorldNeedsUpdate = true;
  };
  return { object, pose, ...extra };
}

/** A cut-out pattern: half of the square is not there. */
function holes(): THREE.DataTexture {
  const data = new Uint8Array(16 * 16 * 4).map((_, i) => {
    const [x, y] = [((i / 4) | 0) % 16, (i / 64) | 0];
    return i % 4 < 3 || ((x >> 2) + (y >> 2)) % 2 ? 255 : 0;
  });
  const texture = new THREE.DataTexture(data, 16, 16);
  texture.needsUpdate = true;
  return texture;
}

const MOVERS: Record<string, () => Mover> = {
  transform: () => moved(new THREE.Mesh(square(), red())),
  'two materials': () => {
    const geometry = square();
    geometry.addGroup(0, 48, 0);
    geometry.addGroup(48, Infinity, 1);
    return moved(new THREE.Mesh(geometry, [red(), red()]));
  },
  instances: () => {
    const mesh = new THREE.InstancedMesh(square(), red(), 3);
    mesh.frustumCulled = false;
    const away = new THREE.Matrix4().makeTranslation(0, -50, 0);
    return {
      object: mesh,
      pose(matrix) {
        mesh.setMatrixAt(0, away);
        mesh.setMatrixAt(1, matrix);
        mesh.setMatrixAt(2, away);
        mesh.instanceMatrix.needsUpdate = true;
      },
    };
  },
  batch: () => {
    const mesh = new THREE.BatchedMesh(4, 200, 400, red());
    const geometry = mesh.addGeometry(square());
    mesh.addInstance(mesh.addGeometry(new THREE.BoxGeometry()));
    mesh.setMatrixAt(0, new THREE.Matrix4().makeTranslation(0, -50, 0));
    const id = mesh.addInstance(geometry);
    return { object: mesh, pose: (matrix) => mesh.setMatrixAt(id, matrix) };
  },
  skin: () => {
    const geometry = square();
    const count = geometry.getAttribute('position').count;
    geometry.setAttribute('skinIndex', new THREE.Uint16BufferAttribute(new Array(count * 4).fill(1), 4));
    geometry.setAttribute(
      'skinWeight',
      new THREE.Float32BufferAttribute(new Array(count).fill([1, 0, 0, 0]).flat(), 4),
    );
    const mesh = new THREE.SkinnedMesh(geometry, red());
    const bones = [new THREE.Bone(), new THREE.Bone()];
    bones[0]!.add(bones[1]!);
    mesh.add(bones[0]!);
    mesh.bind(new THREE.Skeleton(bones));
    mesh.frustumCulled = false;
    const [, tip] = bones;
    return { object: mesh, pose: (matrix, t) => moved(tip!).pose(matrix, t) };
  },
  morph: () => {
    // Two targets that move the square along x and y, on top of its matrix.
    const geometry = square();
    const base = geometry.getAttribute('position');
    geometry.morphAttributes.position = [0, 1].map((axis) => {
      const target = base.clone() as THREE.BufferAttribute;
      for (let i = 0; i < target.count; i++) target.setComponent(i, axis, target.getComponent(i, axis) + 1);
      return target;
    });
    const mesh = new THREE.Mesh(geometry, red());
    mesh.frustumCulled = false;
    const inner = moved(mesh);
    return {
      object: mesh,
      pose(matrix, t) {
        const along = [0.3 + t * 0.13, 0.5 - t * 0.11] as const;
        mesh.morphTargetInfluences = [...along];
        inner.pose(matrix.clone().multiply(new THREE.Matrix4().makeTranslation(-along[0], -along[1], 0)), t);
        // The matrix takes back what the targets do, but for a part that grows: they do move it.
        mesh.morphTargetInfluences[0]! += 0.05 * t;
      },
    };
  },
  displaced: () => {
    const time = { value: 0 };
    const material = red();
    material.onBeforeCompile = (shader) => {
      shader.uniforms.time = time;
      shader.vertexShader = `uniform float time;\n${shader.vertexShader.replace(
        '#include <begin_vertex>',
        'vec3 transformed = position + vec3(0.2 * time, 0.1 * time, 0.0);',
      )}`;
    };
    const glsl = 'uniform float time;\nvec3 displace(vec3 p) { return p + vec3(0.2 * time, 0.1 * time, 0.0); }';
    setDisplacement(material, { glsl, uniforms: { time } });
    const mesh = new THREE.Mesh(square(), material);
    mesh.frustumCulled = false;
    const inner = moved(mesh);
    return {
      object: mesh,
      pose(matrix, t) {
        time.value = t;
        inner.pose(matrix, t);
      },
    };
  },
  'alpha test': () => {
    const map = holes();
    return moved(new THREE.Mesh(square(), red({ map, alphaTest: 0.5 })));
  },
  lines: () => {
    const points = [-0.7, -0.4, 0, 0.3, 0.7].flatMap((y) => [
      new THREE.Vector3(-0.8, y, 0),
      new THREE.Vector3(0.8, y, 0),
    ]);
    const lines = new THREE.LineSegments(
      new THREE.BufferGeometry().setFromPoints(points),
      new THREE.LineBasicMaterial({ color: '#f00' }),
    );
    return moved(lines, { thin: true });
  },
  'fat lines': () => moved(fatLines({ linewidth: 18 })),
  'fat lines in world units': () => moved(fatLines({ linewidth: 0.25, worldUnits: true })),
  'rewritten positions': () => {
    const geometry = square();
    const positions = geometry.getAttribute('position') as THREE.BufferAttribute;
    const shape = positions.setUsage(THREE.DynamicDrawUsage).clone();
    const mesh = new THREE.Mesh(geometry, red());
    mesh.frustumCulled = false;
    return {
      object: mesh,
      pose(matrix) {
        positions.copy(shape).applyMatrix4(matrix);
        positions.needsUpdate = true;
      },
    };
  },
  points: () => {
    const points = new THREE.Points(
      new THREE.BufferGeometry().setFromPoints([new THREE.Vector3()]),
      new THREE.PointsMaterial({ color: '#f00', size: 1.8 }),
    );
    points.frustumCulled = false;
    return moved(points, { billboard: true });
  },
  sprite: () => moved(new THREE.Sprite(new THREE.SpriteMaterial({ color: '#f00' })), { billboard: true }),
};

/** Heights of three lines across the square. */
const LINES = [-0.6, 0, 0.6];

/**
 * Where a point of a fat line was: as far along the line, and as far beside it on the screen.
 * @param at in normalised device coordinates, as all results
 */
function fatLineBefore(
  at: THREE.Vector2,
  now: { pose: THREE.Matrix4; camera: THREE.Camera },
  before: { pose: THREE.Matrix4; camera: THREE.Camera },
): THREE.Vector2 {
  const aspect = DISPLAY[0] / DISPLAY[1];
  const seen = (x: number, y: number, { pose, camera }: typeof now) => {
    const p = new THREE.Vector4(x, y, 0, 1).applyMatrix4(pose).applyMatrix4(camera.matrixWorldInverse);
    p.applyMatrix4(camera.projectionMatrix);
    return { at: new THREE.Vector2((p.x / p.w) * aspect, p.y / p.w), w: p.w };
  };
  const point = new THREE.Vector2(at.x * aspect, at.y);
  let best = { distance: Infinity, result: at };
  for (const y of LINES) {
    const [a, b] = [seen(-0.8, y, now), seen(0.8, y, now)];
    const along = b.at.clone().sub(a.at);
    const share = point.clone().sub(a.at).dot(along) / along.lengthSq();
    const beside = point.clone().sub(a.at).cross(along) / along.length();
    if (Math.abs(beside) > best.distance) continue;
    // From a share of the way on the screen to one in space.
    const inSpace = share / b.w / ((1 - share) / a.w + share / b.w);
    const centre = seen(-0.8 + 1.6 * inSpace, y, before).at;
    const alongBefore = seen(0.8, y, before)
      .at.sub(seen(-0.8, y, before).at)
      .normalize();
    centre.x += alongBefore.y * beside;
    centre.y -= alongBefore.x * beside;
    best = { distance: Math.abs(beside), result: new THREE.Vector2(centre.x / aspect, centre.y) };
  }
  return best.result;
}

function fatLines(options: ConstructorParameters<typeof LineMaterial>[0]): LineSegments2 {
  const ends = LINES.flatMap((y) => [-0.8, y, 0, 0.8, y, 0]);
  const lines = new LineSegments2(
    new LineSegmentsGeometry().setPositions(ends),
    new LineMaterial({ color: '#f00', ...options }),
  );
  lines.frustumCulled = false;
  return lines;
}

/** Where the square stands at time t. */
function poseAt(t: number, flat: boolean): THREE.Matrix4 {
  const turn = flat
    ? new THREE.Quaternion()
    : new THREE.Quaternion().setFromEuler(new THREE.Euler(0.2 * t, 0.5, 0.3 * t));
  return new THREE.Matrix4().compose(
    new THREE.Vector3(0.2 + 0.25 * t, 0.1 - 0.15 * t, 0.3 + 0.1 * t),
    turn,
    new THREE.Vector3(1, 1, 1),
  );
}

/** What the morph target adds to the pose: see MOVERS. */
function extra(kind: string, t: number): THREE.Matrix4 {
  if (kind === 'displaced') return new THREE.Matrix4().makeTranslation(0.2 * t, 0.1 * t, 0);
  return kind === 'morph' ? new THREE.Matrix4().makeTranslation(0.05 * t, 0, 0) : new THREE.Matrix4();
}

type Cameras = 'perspective' | 'orthographic' | 'offset';

function cameraOf(kind: Cameras): THREE.PerspectiveCamera | THREE.OrthographicCamera {
  if (kind === 'orthographic') return new THREE.OrthographicCamera(-3.2, 3.2, 2, -2, 0.1, 40);
  const camera = new THREE.PerspectiveCamera(45, DISPLAY[0] / DISPLAY[1], 0.1, 40);
  if (kind === 'offset') camera.setViewOffset(400, 260, 31, 22, ...DISPLAY);
  return camera;
}

function aim(camera: THREE.Camera, t: number): void {
  camera.position.set(0.3 * t, 0.2, 5 - 0.1 * t);
  camera.rotation.set(0, 0.03 * t, 0.02 * t);
  camera.updateMatrixWorld();
}

/** Errors in display pixels: of the red mover and of the still wall behind. */
export interface Motions {
  mover: { mean: number; p99: number; pixels: number };
  wall: { mean: number; p99: number; pixels: number };
  leaked: boolean;
  error: number;
  fallback: string | null;
}

/** What motion says of a mesh whose positions are rewritten without announcing it, frame by frame. */
export async function unannounced(): Promise<string[]> {
  const renderer = smallRenderer(...DISPLAY);
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const scene = new THREE.Scene();
  const geometry = new THREE.PlaneGeometry(8, 8);
  const mesh = new THREE.Mesh(geometry, red());
  scene.add(mesh);
  const camera = cameraOf('perspective');
  camera.position.z = 5;
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal', timing: false });
  const seen = spy(upscaler);
  const said: string[] = [];
  for (const change of [0, 0, 1, 1, 0, 2]) {
    if (change === 1) geometry.translate(0.1, 0, 0);
    if (change === 2) mesh.geometry = geometry.clone().translate(0.1, 0, 0);
    upscaler.render(scene, camera);
    const { motion } = seen.frame!;
    said.push(motion ? wordFor(gl, motion) : 'rests');
  }
  upscaler.dispose();
  renderer.dispose();
  release(gl);
  return said;
}

/** The middle pixel of a motion texture in a word: see FrameInput.motion. */
function wordFor(gl: WebGL2RenderingContext, motion: WebGLTexture): string {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, motion, 0);
  const pixel = new Float32Array(4);
  gl.readPixels(DISPLAY[0] / 4, DISPLAY[1] / 4, 1, 1, gl.RGBA, gl.FLOAT, pixel);
  gl.deleteFramebuffer(framebuffer);
  if (pixel[0]! >= 6) return 'no history';
  return pixel[0]! >= 2 ? 'rests' : pixel[0]! < -0.001 ? 'moves' : 'stands';
}

interface Inside {
  gpu: { temporal: { surroundings: { read: { target: { framebuffer: WebGLFramebuffer } } } } };
}

export async function motions(kind: string, cameraKind: Cameras = 'perspective'): Promise<Motions> {
  const renderer = smallRenderer(...DISPLAY);
  renderer.toneMapping = THREE.NoToneMapping;
  const gl = renderer.getContext() as WebGL2RenderingContext;
  const scene = new THREE.Scene();
  const wall = new THREE.Mesh(new THREE.PlaneGeometry(60, 60), new THREE.MeshBasicMaterial({ color: '#00f' }));
  wall.position.z = WALL_Z;
  const mover = MOVERS[kind]!();
  scene.add(wall, mover.object);
  const camera = cameraOf(cameraKind);
  const upscaler = await SceneUpscaler.create(renderer, { method: 'temporal', ratio: 2, timing: false });
  const at = (t: number) => poseAt(t, mover.billboard ?? false);
  const projection = camera.projectionMatrix.clone();
  for (const t of [0, 1]) {
    aim(camera, t);
    mover.pose(at(t), t);
    upscaler.render(scene, camera);
  }
  const leaked = !camera.projectionMatrix.equals(projection);

  const [width, height] = upscaler.stats.renderSize as [number, number];
  const inside = upscaler.upscaler as unknown as Inside;
  const found = new Float32Array(width * height * 4);
  gl.bindFramebuffer(gl.FRAMEBUFFER, inside.gpu.temporal.surroundings.read.target.framebuffer);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, found);
  const colors = new Uint8Array(width * height * 4);
  const low = (upscaler as unknown as { low: THREE.WebGLRenderTarget }).low;
  renderer.resetState();
  renderer.readRenderTargetPixels(low, 0, 0, width, height, colors);

  const jitter = (await import('../../src/index.ts')).jitterOffset(1, 2);
  const before = cameraOf(cameraKind);
  aim(before, 0);
  const toPrevious = at(0)
    .multiply(extra(kind, 0))
    .multiply(at(1).multiply(extra(kind, 1)).invert());
  const centre = new THREE.Vector3();
  const plane = new THREE.Plane();
  const redAt = (x: number, y: number) => colors[(y * width + x) * 4]! > 128;
  const errors: { mover: number[]; wall: number[] } = { mover: [], wall: [] };
  // By cells of four samples, away from edges.
  for (let y = 2; y < height - 3; y++) {
    for (let x = 2; x < width - 3; x++) {
      const isMover = redAt(x, y);
      let inner = true;
      for (let dy = -1; dy <= 2; dy++) for (let dx = -1; dx <= 2; dx++) inner &&= redAt(x + dx, y + dy) === isMover;
      if (!inner && !(isMover && mover.thin)) continue;
      // Of a cell that an edge goes through, the motion is that of its nearest sample.
      const middle = inner ? 1 : 0.5;
      const ndc = new THREE.Vector2(
        ((x + middle - jitter[0]) / width) * 2 - 1,
        ((y + middle - jitter[1]) / height) * 2 - 1,
      );
      const ray = new THREE.Raycaster();
      ray.setFromCamera(ndc, camera);
      const point = new THREE.Vector3();
      if (!isMover) {
        plane.set(new THREE.Vector3(0, 0, 1), -WALL_Z);
        ray.ray.intersectPlane(plane, point);
      } else if (mover.billboard) {
        point.setFromMatrixPosition(at(1));
      } else {
        const now = at(1).multiply(extra(kind, 1));
        plane.setFromNormalAndCoplanarPoint(
          new THREE.Vector3(0, 0, 1).transformDirection(now),
          centre.setFromMatrixPosition(now),
        );
        ray.ray.intersectPlane(plane, point);
      }
      const nowNdc = point.clone().project(camera);
      const beforeNdc = (isMover ? point.clone().applyMatrix4(toPrevious) : point.clone()).project(before);
      if (isMover && mover.billboard && kind === 'sprite') {
        // A corner keeps its place in view space, seen from the centre.
        const view = camera.matrixWorldInverse;
        const pivot = point.clone().applyMatrix4(view);
        const hit = new THREE.Vector3();
        ray.ray
          .clone()
          .applyMatrix4(view)
          .intersectPlane(new THREE.Plane(new THREE.Vector3(0, 0, 1), -pivot.z), hit);
        const offset = hit.clone().sub(pivot);
        nowNdc.copy(hit).applyMatrix4(camera.projectionMatrix);
        const old = new THREE.Vector3()
          .setFromMatrixPosition(at(0))
          .applyMatrix4(before.matrixWorldInverse)
          .add(offset);
        beforeNdc.copy(old).applyMatrix4(before.projectionMatrix);
      }
      if (isMover && kind.startsWith('fat')) {
        nowNdc.set(ndc.x, ndc.y, 0);
        const then = fatLineBefore(ndc, { pose: at(1), camera }, { pose: at(0), camera: before });
        beforeNdc.set(then.x, then.y, 0);
      }
      const k = (y * width + x) * 4;
      const error = Math.hypot(
        (found[k]! - (beforeNdc.x - nowNdc.x) / 2) * DISPLAY[0],
        (found[k + 1]! - (beforeNdc.y - nowNdc.y) / 2) * DISPLAY[1],
      );
      errors[isMover ? 'mover' : 'wall'].push(error);
    }
  }
  const summary = (values: number[]) => {
    values.sort((a, b) => a - b);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, p99: values[Math.floor(values.length * 0.99)] ?? Number.NaN, pixels: values.length };
  };
  const { fallback } = upscaler.stats;
  upscaler.dispose();
  renderer.dispose();
  return { mover: summary(errors.mover), wall: summary(errors.wall), leaked, error: release(gl), fallback };
}
