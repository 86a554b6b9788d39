import {
  type BufferAttribute,
  type BufferGeometry,
  DataTexture,
  FloatType,
  type InterleavedBufferAttribute,
  RGBAFormat,
  StaticDrawUsage,
} from 'three';

type Attribute = BufferAttribute | InterleavedBufferAttribute;

/** Texels in a row: no longer than any GPU allows. */
const WIDTH = 2048;

/**
 * The vertex positions that an object was last drawn with, for geometry that the CPU writes anew. A copy is kept where
 * the attribute's usage announces that, or once it has happened; the first unannounced change has no history.
 */
export class Positions {
  /** x, y and z of vertex i in texel i; null where there is no copy. */
  texture: DataTexture | null = null;
  private buffer: object | null = null;
  private version = -1;

  /** Whether the geometry holds other positions now. */
  differ(geometry: BufferGeometry): boolean {
    const buffer = bufferOf(attributeOf(geometry));
    return buffer !== this.buffer || buffer?.version !== this.version;
  }

  /** Whether what the geometry holds now has its former positions in `texture`. */
  follow(geometry: BufferGeometry): boolean {
    return this.texture !== null && bufferOf(attributeOf(geometry)) === this.buffer;
  }

  take(geometry: BufferGeometry): void {
    const attribute = attributeOf(geometry);
    const buffer = bufferOf(attribute);
    const same = buffer === this.buffer;
    if (same && buffer?.version === this.version) return;
    if (!same) this.dispose();
    this.buffer = buffer;
    this.version = buffer?.version ?? -1;
    // Ends of fat lines come from elsewhere than their shape, which is the position.
    if (!attribute || !buffer?.array || attribute !== geometry.attributes.position) return;
    if (same || buffer.usage !== StaticDrawUsage) this.copy(attribute);
  }

  dispose(): void {
    this.texture?.dispose();
    this.texture = null;
  }

  private copy(attribute: Attribute): void {
    const { count } = attribute;
    if (!this.texture) {
      const height = Math.max(1, Math.ceil(count / WIDTH));
      const data = new Float32Array(WIDTH * height * 4);
      this.texture = new DataTexture(data, WIDTH, height, RGBAFormat, FloatType);
      this.texture.name = 'previous positions';
    }
    const data = this.texture.image.data as unknown as Float32Array;
    for (let i = 0, at = 0; i < count; i++, at += 4) {
      data[at] = attribute.getX(i);
      data[at + 1] = attribute.getY(i);
      data[at + 2] = attribute.getZ(i);
    }
    this.texture.needsUpdate = true;
  }
}

function attributeOf({ attributes }: BufferGeometry): Attribute | undefined {
  return (attributes.instanceStart ?? attributes.position) as Attribute | undefined;
}

interface Buffer {
  readonly array?: ArrayLike<number>;
  readonly version: number;
  readonly usage: number;
}

/** What is uploaded, and counts its versions. */
function bufferOf(attribute: Attribute | undefined): Buffer | null {
  if (!attribute) return null;
  return 'isInterleavedBufferAttribute' in attribute ? attribute.data : attribute;
}
