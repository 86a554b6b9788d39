import {
  type Camera,
  HalfFloatType,
  type Material,
  type Matrix4,
  NearestFilter,
  type Object3D,
  RGFormat,
  Scene,
  type Texture,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three';
import type { Size } from './device.ts';
import { createFrameUniforms, leavesDepth, MotionMaterial } from './motion-material.ts';
import { type Drawable, Pose } from './poses.ts';
import { createStandIn, FORGET_AFTER, renderStage } from './stand-ins.ts';

/** What stands for an object in the motion pass. */
interface StandIn {
  readonly object: Drawable;
  readonly materials: readonly MotionMaterial[];
}

interface Actor {
  readonly pose: Pose;
  standIn: StandIn | null;
  /** Stood otherwise a frame ago, or was not there. */
  moved: boolean;
}

/**
 * Motion of what moves by itself, drawn at render size after the frame's colour: only the objects that stand otherwise
 * than in the frame before, each through a stand-in that shares its geometry and pose. Poses are taken after that.
 */
export class MotionPass {
  private readonly actors = new Map<Object3D, Actor>();
  private readonly stage = new Scene();
  private readonly uniforms = createFrameUniforms();
  private target: WebGLRenderTarget | null = null;
  private frame = 0;
  private casters = 0;
  /** Something that casts a shadow stood otherwise a frame ago than in the one last drawn, or has come or gone. */
  movesShadows = false;

  constructor(private readonly renderer: WebGLRenderer) {
    this.stage.matrixWorldAutoUpdate = false;
  }

  /**
   * Draws motion for the frame whose depth is given, with the camera as it stands (jittered), and takes the poses.
   * @param seen what the frame has drawn
   * @param projection the camera's, without jitter
   * @param previous the camera a frame ago; null where there is no such frame, and poses are only taken
   * @param pointShare size of points in this render, of that on the canvas
   * @returns the motion texture, null where nothing moved by itself
   */
  draw(
    seen: readonly Drawable[],
    camera: Camera,
    projection: Matrix4,
    previous: { projection: Matrix4; view: Matrix4 } | null,
    depth: Texture,
    size: Size,
    pointShare: number,
  ): Texture | null {
    const { stage, uniforms } = this;
    this.frame++;
    stage.children.length = 0;
    const { casters } = this;
    this.casters = 0;
    this.movesShadows = false;
    for (const { castShadow } of seen) if (castShadow) this.casters++;
    if (previous) {
      for (const object of seen) this.enter(object, camera, pointShare);
      uniforms.currentProjection.value.copy(projection);
      uniforms.currentViewProjection.value.multiplyMatrices(projection, camera.matrixWorldInverse);
      uniforms.previousProjection.value.copy(previous.projection);
      uniforms.previousView.value.copy(previous.view);
      uniforms.previousViewProjection.value.multiplyMatrices(previous.projection, previous.view);
      uniforms.frameDepth.value = depth;
    }
    this.movesShadows ||= this.casters !== casters;
    const moved = stage.children.length > 0;
    if (moved) this.render(camera, size);
    for (const object of seen) this.actorOf(object).pose.take(object, this.frame);
    if (this.frame % FORGET_AFTER === 0) this.forget();
    return moved ? this.target!.texture : null;
  }

  /** Whether the object stood in the frame before last drawn as it did in that one. */
  rests(object: Drawable): boolean {
    return this.actors.get(object)?.moved === false;
  }

  dispose(): void {
    for (const actor of this.actors.values()) free(actor);
    this.actors.clear();
    this.stage.children.length = 0;
    this.disposeTarget();
  }

  /** The target and the poses' textures, which a lost context has taken. */
  disposeTarget(): void {
    for (const actor of this.actors.values()) actor.pose.dispose();
    this.target?.dispose();
    this.target = null;
  }

  /** Puts a stand-in on the stage where the object moved or is new. */
  private enter(object: Drawable, camera: Camera, pointShare: number): void {
    const actor = this.actorOf(object);
    const appeared = actor.pose.frame !== this.frame - 1;
    actor.moved = appeared || actor.pose.differs(object);
    if (!actor.moved) return;
    this.movesShadows ||= object.castShadow;
    const sources = object.material;
    const list = Array.isArray(sources) ? sources : [sources];
    if (!list.some((material) => material && leavesDepth(material, object))) return;
    const fits =
      actor.standIn?.materials.length === list.length &&
      list.every((material, i) => actor.standIn!.materials[i]!.source === material);
    if (!fits) {
      free(actor, false);
      actor.standIn = this.createStandIn(object, actor.pose, sources, list);
    }
    const { standIn } = actor;
    for (const material of standIn!.materials) {
      material.visible = leavesDepth(material.source, object);
      material.update(object, actor.pose, appeared);
      if (object.isPoints) material.sizePoints(this.renderer, camera, pointShare);
    }
    this.stage.children.push(standIn!.object);
  }

  private createStandIn(object: Drawable, pose: Pose, sources: Material | Material[], list: Material[]): StandIn {
    const materials = list.map((material) => new MotionMaterial(this.uniforms, material, object, pose));
    return { object: createStandIn(object, Array.isArray(sources) ? materials : materials[0]!), materials };
  }

  private render(camera: Camera, size: Size): void {
    this.target ??= createMotionTarget(size);
    if (this.target.width !== size[0] || this.target.height !== size[1]) this.target.setSize(size[0], size[1]);
    // "No motion of its own": see FrameInput.motion.
    renderStage(this.renderer, this.stage, camera, this.target, NO_MOTION);
  }

  private actorOf(object: Drawable): Actor {
    let actor = this.actors.get(object);
    if (!actor) {
      actor = { pose: new Pose(), standIn: null, moved: true };
      this.actors.set(object, actor);
    }
    return actor;
  }

  private forget(): void {
    for (const [object, actor] of this.actors) {
      if (this.frame - actor.pose.frame < FORGET_AFTER) continue;
      free(actor);
      this.actors.delete(object);
    }
  }
}

const NO_MOTION = [4, 4, 0, 0];

function createMotionTarget(size: Size): WebGLRenderTarget {
  const target = new WebGLRenderTarget(size[0], size[1], {
    format: RGFormat,
    type: HalfFloatType,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
    depthBuffer: false,
    generateMipmaps: false,
  });
  target.texture.name = 'motion';
  return target;
}

function free(actor: Actor, all = true): void {
  for (const material of actor.standIn?.materials ?? []) material.dispose();
  actor.standIn = null;
  if (all) actor.pose.dispose();
}
