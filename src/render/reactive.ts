import {
  type BufferGeometry,
  type Camera,
  type ColorSpace,
  DepthStencilFormat,
  type DepthTexture,
  type Material,
  type Mesh,
  MeshBasicMaterial,
  NearestFilter,
  RedFormat,
  Scene,
  ShaderMaterial,
  type Texture,
  UnsignedByteType,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three';
import { isMarked, mark, textureHandle } from './bridge.ts';
import type { Size } from './device.ts';
import { withKnownShare } from './point-share.ts';
import type { Drawable } from './poses.ts';
import { createFullScreenMesh, FULL_SCREEN } from './quad.ts';
import { createReactiveMaterial, isReactive, type ReactiveMaterial } from './reactive-material.ts';
import { ReactiveShares } from './reactive-share.ts';
import { writesDepth } from './solid.ts';
import { FORGET_AFTER, MaterialStandIns, renderStage, StandIns } from './stand-ins.ts';

const NOTHING = [0, 0, 0, 0];

/** A frame as it has been drawn. */
interface ReactiveFrame {
  readonly seen: readonly Drawable[];
  readonly scene: Scene;
  readonly camera: Camera;
  /** The picture, with a depth texture. */
  readonly low: WebGLRenderTarget;
  /** What moves by itself, as depth shows it. */
  readonly motion: Texture | null;
  /** How much of what lights it has changed, where no motion tells of it. */
  readonly relit: Texture | null;
  /** Size of points in this render, of that on the canvas. */
  readonly pointShare: number;
  /** The camera stands as a frame ago. */
  readonly still: boolean;
  /** Whether the object does. */
  readonly rests: (object: Drawable) => boolean;
}

/**
 * How much of each pixel's colour is not what depth and motion tell of (red 0..1, R8, render size): transparent objects,
 * sprites, particles, mirrors and moving pictures drawn once more, against the frame's depth, through stand-ins that write
 * their share.
 */
export class ReactivePass {
  private readonly stage = new Scene();
  private readonly standIns = new StandIns();
  private readonly materials = new MaterialStandIns<ReactiveMaterial>();
  /** The same for what has settled. */
  private readonly resting = new MaterialStandIns<ReactiveMaterial>();
  private readonly shares = new ReactiveShares();
  private readonly ground = createGround();
  private readonly hidden = new MeshBasicMaterial({ visible: false });
  private target: WebGLRenderTarget | null = null;
  private depth: WebGLTexture | null = null;
  private frame = 0;
  private still = false;
  private quiet = false;
  private color: Texture | null = null;
  private motion: Texture | null = null;

  constructor(private readonly renderer: WebGLRenderer) {
    this.stage.matrixWorldAutoUpdate = false;
  }

  /** @returns the mask, null where nothing calls for one */
  draw({ seen, scene, camera, low, motion, relit, pointShare, still, rests }: ReactiveFrame): Texture | null {
    const { stage } = this;
    this.frame++;
    stage.children.length = 0;
    stage.fog = scene.fog;
    this.color = low.texture;
    this.motion = motion;
    this.quiet = still && !motion;
    this.still = still;
    for (const object of seen) this.enter(object, rests(object));
    if (this.frame % FORGET_AFTER === 0) this.forget(this.frame - FORGET_AFTER);
    if (!stage.children.length) return relit;
    if (relit) {
      this.ground.material.uniforms.relit!.value = relit;
      stage.children.push(this.ground);
    }
    const target = this.targetFor(low);
    withKnownShare(pointShare, () => renderStage(this.renderer, stage, camera, target, NOTHING));
    return target.texture;
  }

  dispose(): void {
    this.stage.children.length = 0;
    this.forget(this.frame);
    this.disposeTarget();
  }

  /** The target and the ground, which a lost context has taken. The depth texture is another's. */
  disposeTarget(): void {
    this.ground.geometry.dispose();
    this.ground.material.dispose();
    if (this.target) this.target.depthTexture = null;
    this.target?.dispose();
    this.target = null;
  }

  /** Puts a stand-in on the stage where one of the object's materials calls for it. */
  private enter(object: Drawable, rests: boolean): void {
    const { material } = object;
    const several = Array.isArray(material);
    let shown = false;
    for (let i = 0; i < (several ? material.length : 1); i++) {
      shown = this.leastOf(several ? material[i]! : material, object, rests) !== null || shown;
    }
    if (!shown) return;
    const standIn = this.standIns.of(object, (source) => {
      const least = this.leastOf(source, object, rests);
      return least === null ? this.hidden : this.materialOf(source, object, least, rests);
    });
    this.stage.children.push(standIn);
  }

  /** The least share of the material in the mask, null where it is not drawn there at all. */
  private leastOf(source: Material, object: Drawable, rests: boolean): number | null {
    if (!source.visible || !source.colorWrite) return null;
    const least = this.shares.of(source, object, this.frame, this.quiet, rests);
    if (least > 0) return least;
    if (!isReactive(source, object)) return null;
    if (!this.settled(source, rests)) return 0;
    // At rest it is told of as what is behind it is, where that rests too.
    return writesDepth(source) || !this.motion ? null : 0;
  }

  /** Whether the material's object and the camera stand as a frame ago, and no clock of a shader's may move what it draws. */
  private settled(source: Material, rests: boolean): boolean {
    return rests && this.still && !hasClock(source);
  }

  private materialOf(source: Material, object: Drawable, least: number, rests: boolean): Material {
    const settled = this.settled(source, rests);
    const materials = settled ? this.resting : this.materials;
    const known = materials.of(source, () => createReactiveMaterial(source, object));
    if (known.frame !== this.frame) known.update(this.color!, least, settled && least === 0 ? this.motion : null);
    known.frame = this.frame;
    return known.material;
  }

  /** The mask's target, which has the frame's depth. */
  targetFor(low: WebGLRenderTarget): WebGLRenderTarget {
    const depth = textureHandle(this.renderer, low.depthTexture!);
    if (this.target && this.depth === depth) return this.target;
    this.disposeTarget();
    const target = createMaskTarget([low.width, low.height], low.texture.colorSpace, low.depthTexture);
    // Light is added in the space that the frame's colour is in: see createPictureTarget.
    mark(target, isMarked(low));
    this.depth = depth;
    return (this.target = target);
  }

  /** Frees what was not seen after that frame. */
  private forget(frame: number): void {
    this.materials.forget(frame);
    this.resting.forget(frame);
  }
}

/** What the stand-ins are drawn over. */
function createGround(): Mesh<BufferGeometry, ShaderMaterial> {
  const material = new ShaderMaterial({
    name: 'upframe relit',
    vertexShader: FULL_SCREEN,
    fragmentShader: `uniform sampler2D relit;
      void main() { gl_FragColor = texelFetch(relit, ivec2(gl_FragCoord.xy), 0); }`,
    uniforms: { relit: { value: null } },
    depthTest: false,
    depthWrite: false,
    toneMapped: false,
  });
  return createFullScreenMesh(material);
}

/** Whether a shader of the user's may move what it draws by a clock of its own, where depth does not tell. */
const hasClock = (source: Material): boolean => 'isShaderMaterial' in source && !writesDepth(source);

export function createMaskTarget(
  [width, height]: Size,
  colorSpace: string,
  depthTexture: DepthTexture | null,
): WebGLRenderTarget {
  const target = new WebGLRenderTarget(width, height, {
    format: RedFormat,
    type: UnsignedByteType,
    internalFormat: 'R8',
    colorSpace: colorSpace as ColorSpace,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
    generateMipmaps: false,
    depthBuffer: depthTexture !== null,
    stencilBuffer: depthTexture?.format === DepthStencilFormat,
    depthTexture,
  });
  target.texture.name = 'reactive';
  return target;
}
