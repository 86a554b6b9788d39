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
import type { Drawable } from './poses.ts';

/** The scene's background where that is a picture that lies flat on the screen, wherever the camera looks. */
function flatBackground({ background }: Scene): Texture | null {
  const flat = background instanceof Texture && background.mapping === UVMapping && !('isCubeTexture' in background);
  return flat ? background : null;
}

/**
 * Draws with a flat background that shows another part of its picture: at the place `at` of the screen, 0 to 1, what is at
 * `at * scale + shift`. Three draws it by no camera, so that neither jitter nor a view of a part of the screen moves it.
 */
export function withBackgroundMoved(
  scene: Scene,
  scale: readonly [number, number],
  shift: readonly [number, number],
  draw: () => void,
): void {
  const picture = flatBackground(scene);
  if (!picture) {
    draw();
    return;
  }
  const { matrix, matrixAutoUpdate } = picture;
  if (matrixAutoUpdate) picture.updateMatrix();
  const kept = matrix.clone();
  matrix.multiply(moved.set(scale[0], 0, shift[0], 0, scale[1], shift[1], 0, 0, 1));
  picture.matrixAutoUpdate = false;
  try {
    draw();
  } finally {
    matrix.copy(kept);
    picture.matrixAutoUpdate = matrixAutoUpdate;
  }
}

const moved = new Matrix3();

/** In depth units: behind all else, and not clipped for rounding. */
const BEFORE_FAR = 1e-6;

/** What stands for a flat background where motion is drawn and the mask: a plane that the camera carries along, all the way back. */
export class Backdrop {
  private readonly mesh = new Mesh(new PlaneGeometry(2, 2), new MeshBasicMaterial({ side: DoubleSide }));

  constructor(private readonly renderer: WebGLRenderer) {
    this.mesh.frustumCulled = false;
  }

  /**
   * Adds it to what was seen of the scene, where it has such a background.
   * @param projection the camera's, without jitter
   */
  collect(scene: Scene, camera: Camera, projection: Matrix4, seen: Drawable[]): void {
    const picture = flatBackground(scene);
    if (!picture) return;
    const { mesh } = this;
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
