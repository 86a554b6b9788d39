import {
  type Camera,
  DoubleSide,
  Matrix3,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  type Scene,
  Texture,
  UVMapping,
  type WebGLRenderer,
} from 'three';
import type { Size } from './device.ts';
import type { Drawable } from './poses.ts';

/** In depth units: behind all else, and not clipped for rounding. */
const BEFORE_FAR = 1e-6;

/**
 * A picture as a scene's background lies flat on the screen, wherever the camera looks. Three draws it without depth and by no
 * camera, so it has neither jitter nor a motion that depth tells of.
 */
export class Backdrop {
  private readonly mesh = new Mesh(new PlaneGeometry(2, 2), new MeshBasicMaterial({ side: DoubleSide }));
  private readonly kept = new Matrix3();
  private picture: Texture | null = null;

  constructor(private readonly renderer: WebGLRenderer) {
    this.mesh.frustumCulled = false;
  }

  /** Draws the scene with its background, where that is a flat picture, moved by `jitter` render pixels. */
  withJitter(scene: Scene, size: Size, jitter: readonly [number, number], draw: () => void): void {
    const { background } = scene;
    const flat = background instanceof Texture && background.mapping === UVMapping && !('isCubeTexture' in background);
    this.picture = flat ? background : null;
    if (!this.picture) {
      draw();
      return;
    }
    const { matrix, matrixAutoUpdate } = this.picture;
    if (matrixAutoUpdate) this.picture.updateMatrix();
    this.kept.copy(matrix);
    const e = matrix.elements;
    const [x, y] = [jitter[0] / size[0], jitter[1] / size[1]];
    e[6] -= e[0] * x + e[3] * y;
    e[7] -= e[1] * x + e[4] * y;
    this.picture.matrixAutoUpdate = false;
    try {
      draw();
    } finally {
      matrix.copy(this.kept);
      this.picture.matrixAutoUpdate = matrixAutoUpdate;
    }
  }

  /**
   * Adds what stands for the picture last drawn to what was seen: a plane that the camera carries along, all the way back.
   * @param projection the camera's, without jitter
   */
  collect(camera: Camera, projection: Matrix4, seen: Drawable[]): void {
    const { mesh, picture } = this;
    if (!picture) return;
    const reversed = this.renderer.capabilities.reversedDepthBuffer;
    const { matrixWorld } = mesh;
    matrixWorld.makeTranslation(0, 0, reversed ? BEFORE_FAR : 1 - 2 * BEFORE_FAR);
    matrixWorld.premultiply(inverse.copy(projection).invert()).premultiply(camera.matrixWorld);
    matrixWorld.multiplyScalar(1 / matrixWorld.elements[15]!);
    mesh.layers.mask = camera.layers.mask;
    mesh.material.map = picture;
    seen.push(mesh);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

const inverse = new Matrix4();
