/** Shared by the scene modules: seeded chance, canvases with text, geometry gathered into one draw call. */
import * as THREE from 'three';

/** What `createScene` returns. */
export interface SceneModule {
  scene: THREE.Scene;
  camera: THREE.PerspectiveCamera;
  /** Poses the world at a time; a pure function of `seconds`. */
  update(seconds: number): void;
  /** Seconds at which the camera jumps. */
  cuts?: number[];
}

export interface Random {
  (): number;
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
}

/** mulberry32 (Tommy Ettinger, public domain): the same world on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Object.assign(next, {
    between: (low: number, high: number) => low + (high - low) * next(),
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)]!,
  });
}

/** A colour texture painted by `draw`; a plain upload, so it survives a lost context. */
export function paint(
  width: number,
  height: number,
  draw: (pen: CanvasRenderingContext2D) => void,
): THREE.CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  // Kept in memory: these are many small strokes, painted once, and a software GPU is slow at those.
  draw(canvas.getContext('2d', { willReadFrequently: true })!);
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  return texture;
}

/** Text fitted into a box, centred; the system's own fonts, so glyph shapes vary a little between machines. */
export function fitText(
  pen: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  width: number,
  height: number,
  font = 'bold sans-serif',
): void {
  const [weight, ...family] = font.split(' ');
  let size = height;
  const set = () => {
    pen.font = `${weight} ${size}px ${family.join(' ')}`;
  };
  set();
  size = Math.min(size, (size * width) / Math.max(1, pen.measureText(text).width));
  set();
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, x + width / 2, y + height / 2 + size * 0.04);
}

const at = new THREE.Matrix4();
const turn = new THREE.Quaternion();
const euler = new THREE.Euler();
const unitBox = new THREE.BoxGeometry();

/** Gathers many small shapes into one geometry with vertex colours: one draw call. */
export class Builder {
  private positions: number[] = [];
  private normals: number[] = [];
  private uvs: number[] = [];
  private colors: number[] = [];
  private indices: number[] = [];

  /** Adds a geometry under a matrix. `uvScale` maps UVs from world metres, `uvBox` [u0, v0, u1, v1] into a part of an atlas. */
  add(
    geometry: THREE.BufferGeometry,
    matrix: THREE.Matrix4,
    color: THREE.ColorRepresentation = '#fff',
    uvScale = 0,
    uvBox?: readonly number[],
  ): this {
    const first = this.positions.length / 3;
    const position = geometry.getAttribute('position');
    const normal = geometry.getAttribute('normal');
    const uv = geometry.getAttribute('uv');
    const own = geometry.getAttribute('color');
    const tint = new THREE.Color(color);
    const p = new THREE.Vector3();
    const n = new THREE.Vector3();
    const normalMatrix = new THREE.Matrix3().getNormalMatrix(matrix);
    for (let i = 0; i < position.count; i++) {
      p.fromBufferAttribute(position, i).applyMatrix4(matrix);
      n.fromBufferAttribute(normal, i).applyMatrix3(normalMatrix).normalize();
      this.positions.push(p.x, p.y, p.z);
      this.normals.push(n.x, n.y, n.z);
      let u = uv?.getX(i) ?? 0;
      let v = uv?.getY(i) ?? 0;
      if (uvScale) {
        u = (Math.abs(n.x) > 0.7 ? p.z : p.x) * uvScale;
        v = (Math.abs(n.y) > 0.7 ? p.z : p.y) * uvScale;
      } else if (uvBox) {
        u = uvBox[0]! + u * (uvBox[2]! - uvBox[0]!);
        v = uvBox[1]! + v * (uvBox[3]! - uvBox[1]!);
      }
      this.uvs.push(u, v);
      if (own) this.colors.push(own.getX(i) * tint.r, own.getY(i) * tint.g, own.getZ(i) * tint.b);
      else this.colors.push(tint.r, tint.g, tint.b);
    }
    const index = geometry.getIndex();
    const count = index ? index.count : position.count;
    for (let i = 0; i < count; i++) this.indices.push(first + (index ? index.getX(i) : i));
    return this;
  }

  /** A box by centre and size, turned about y (then z). */
  box(
    x: number,
    y: number,
    z: number,
    w: number,
    h: number,
    d: number,
    color?: THREE.ColorRepresentation,
    yaw = 0,
    roll = 0,
    uvScale = 0,
  ): this {
    return this.add(unitBox, place(x, y, z, yaw, 0, roll, w, h, d), color, uvScale);
  }

  /** A tube along points, `sides` flat faces around. */
  wire(
    points: THREE.Vector3[],
    radius: number,
    color?: THREE.ColorRepresentation,
    sides = 3,
    segments = points.length * 2,
  ): this {
    const curve =
      points.length === 2 ? new THREE.LineCurve3(points[0]!, points[1]!) : new THREE.CatmullRomCurve3(points);
    const tube = new THREE.TubeGeometry(curve as THREE.Curve<THREE.Vector3>, segments, radius, sides);
    return this.add(tube, at.identity(), color);
  }

  build(): THREE.BufferGeometry {
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute('position', new THREE.Float32BufferAttribute(this.positions, 3));
    geometry.setAttribute('normal', new THREE.Float32BufferAttribute(this.normals, 3));
    geometry.setAttribute('uv', new THREE.Float32BufferAttribute(this.uvs, 2));
    geometry.setAttribute('color', new THREE.Float32BufferAttribute(this.colors, 3));
    geometry.setIndex(this.indices);
    return geometry;
  }
}

/** A matrix from position, rotation (yaw about y first) and scale. A fresh one each time. */
export function place(
  x: number,
  y: number,
  z: number,
  yaw = 0,
  pitch = 0,
  roll = 0,
  w = 1,
  h = w,
  d = w,
): THREE.Matrix4 {
  turn.setFromEuler(euler.set(pitch, yaw, roll, 'YXZ'));
  return new THREE.Matrix4().compose(new THREE.Vector3(x, y, z), turn, new THREE.Vector3(w, h, d));
}

/** Points of a hanging line between two ends. */
export function sag(from: THREE.Vector3, to: THREE.Vector3, depth: number, count = 9): THREE.Vector3[] {
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    const point = from.clone().lerp(to, t);
    point.y -= depth * 4 * t * (1 - t);
    return point;
  });
}
