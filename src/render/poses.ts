import {
  type BufferGeometry,
  DataTexture,
  FloatType,
  type Material,
  Matrix4,
  type Object3D,
  RGBAFormat,
  type Skeleton,
  type Texture,
} from 'three';
import { displacementOf, PreviousUniforms } from './displacement.ts';
import { Positions } from './positions.ts';

/** What three.js draws, as far as motion is concerned. The fields of all kinds of object, present where the kind has them. */
export interface Drawable extends Object3D {
  isMesh?: boolean;
  isPoints?: boolean;
  isLine?: boolean;
  isSprite?: boolean;
  isInstancedMesh?: boolean;
  isSkinnedMesh?: boolean;
  isBatchedMesh?: boolean;
  instanceMatrix?: { array: Float32Array; version: number };
  skeleton?: Skeleton;
  bindMatrix?: Matrix4;
  bindMatrixInverse?: Matrix4;
  _matricesTexture?: Texture & { image: { data: Float32Array } };
  morphTargetInfluences?: number[];
  geometry: BufferGeometry;
  material: Material | Material[];
}

export function isDrawable(object: Object3D): object is Drawable {
  const { isMesh, isPoints, isLine, isSprite } = object as Drawable;
  return Boolean(isMesh || isPoints || isLine || isSprite);
}

/** Matrices of an object's parts (bones, instances, batch), as they were, and the texture that shaders read them from. */
class Parts {
  readonly texture: DataTexture;
  version: number | null = null;

  constructor(readonly count: number) {
    // Four texels a matrix, and a row no longer than any GPU allows.
    const width = Math.min(2048, Math.max(4, count * 4));
    const height = Math.ceil((count * 4) / width);
    this.texture = new DataTexture(new Float32Array(width * height * 4), width, height, RGBAFormat, FloatType);
    this.texture.name = 'previous matrices';
  }

  get data(): Float32Array {
    return this.texture.image.data as unknown as Float32Array;
  }

  take(source: PartsSource): void {
    const { matrices, version } = source;
    if (this.differ(source)) {
      this.data.set(matrices.length > this.count * 16 ? matrices.subarray(0, this.count * 16) : matrices);
      this.texture.needsUpdate = true;
    }
    this.version = version;
  }

  /** Whether they are others now. Crowds are often written anew in every frame, even where time stands still. */
  differ({ matrices, version }: PartsSource): boolean {
    if (version !== null && version === this.version) return false;
    const { data } = this;
    for (let i = 0; i < this.count * 16; i++) if (data[i] !== matrices[i]) return true;
    return false;
  }
}

/** How an object stood in the frame it was last drawn in. */
export class Pose {
  readonly model = new Matrix4();
  readonly bind = new Matrix4();
  readonly bindInverse = new Matrix4();
  parts: Parts | null = null;
  influences: number[] | null = null;
  rotation = 0;
  readonly positions = new Positions();
  private readonly displacements = new Map<Material, PreviousUniforms>();
  /** The frame it was taken in. */
  frame = -1;

  /** Whether the object stands otherwise now. */
  differs(object: Drawable): boolean {
    if (!equal(this.model.elements, object.matrixWorld.elements)) return true;
    if (object.isSprite && spriteRotation(object) !== this.rotation) return true;
    if (this.rewritten(object)) return true;
    for (const displacement of this.displacements.values()) if (displacement.differ()) return true;
    const { parts, influences } = this;
    const source = partsOf(object);
    if (source) {
      if (!parts || parts.count * 16 > source.matrices.length) return true;
      if (parts.differ(source)) return true;
    }
    const now = object.morphTargetInfluences;
    if (now && influences) for (let i = 0; i < now.length; i++) if (now[i] !== influences[i]) return true;
    return false;
  }

  /** Whether the CPU has changed the vertices. Those of a batch only ever come in addition. */
  rewritten({ isBatchedMesh, geometry }: Drawable): boolean {
    return !isBatchedMesh && this.positions.differ(geometry);
  }

  take(object: Drawable, frame: number): void {
    this.frame = frame;
    this.model.copy(object.matrixWorld);
    if (object.isSprite) this.rotation = spriteRotation(object);
    const source = partsOf(object);
    if (source) {
      const count = source.count;
      if (this.parts?.count !== count) {
        this.parts?.texture.dispose();
        this.parts = new Parts(count);
      }
      this.parts.take(source);
    }
    if (object.isSkinnedMesh) {
      this.bind.copy(object.bindMatrix!);
      this.bindInverse.copy(object.bindMatrixInverse!);
    }
    if (!object.isBatchedMesh) this.positions.take(object.geometry);
    const { material } = object;
    if (Array.isArray(material)) for (const one of material) this.displacementOf(one)?.take();
    else this.displacementOf(material)?.take();
    const now = object.morphTargetInfluences;
    if (now) {
      this.influences ??= [];
      this.influences.length = now.length;
      for (let i = 0; i < now.length; i++) this.influences[i] = now[i]!;
    }
  }

  /** What the material's displacement read in the frame before; undefined where it has none. */
  displacementOf(material: Material): PreviousUniforms | undefined {
    const displacement = displacementOf(material);
    if (!displacement) return undefined;
    let before = this.displacements.get(material);
    if (!before) {
      before = new PreviousUniforms(displacement);
      this.displacements.set(material, before);
    }
    return before;
  }

  dispose(): void {
    this.positions.dispose();
    this.parts?.texture.dispose();
  }
}

interface PartsSource {
  matrices: Float32Array;
  count: number;
  version: number | null;
}

const source: PartsSource = { matrices: new Float32Array(), count: 0, version: null };

/** The matrices of an object's parts now; version null where only a comparison tells whether they changed. One at a time. */
function partsOf(object: Drawable): PartsSource | null {
  if (object.isInstancedMesh && object.instanceMatrix) {
    source.matrices = object.instanceMatrix.array;
    source.count = source.matrices.length / 16;
    source.version = object.instanceMatrix.version;
    return source;
  }
  if (object.isSkinnedMesh && object.skeleton?.boneMatrices) {
    source.matrices = object.skeleton.boneMatrices as Float32Array;
    source.count = object.skeleton.bones.length;
    source.version = null;
    return source;
  }
  if (object.isBatchedMesh && object._matricesTexture) {
    source.matrices = object._matricesTexture.image.data;
    source.count = source.matrices.length / 16;
    source.version = object._matricesTexture.version;
    return source;
  }
  return null;
}

function spriteRotation(object: Drawable): number {
  return (object as unknown as { material: { rotation: number } }).material.rotation;
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}
