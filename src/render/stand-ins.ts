import type { Camera, Light, Material, Object3D, Scene, WebGLRenderer, WebGLRenderTarget } from 'three';
import { type Drawable, isDrawable } from './poses.ts';

/** What three would draw of the scene, and by what light: a plain loop, as a frame should leave no garbage. */
export function collect(object: Object3D, camera: Camera, seen: Drawable[], lights: Light[]): void {
  if (!object.visible) return;
  if (object.layers.test(camera.layers)) {
    if (isDrawable(object)) seen.push(object);
    else if ((object as Light).isLight) lights.push(object as Light);
  }
  const { children } = object;
  for (let i = 0; i < children.length; i++) collect(children[i]!, camera, seen, lights);
}

/**
 * An object that is the user's in all it inherits (geometry, matrices, skeleton, the draw lists of a batch), and only
 * has materials of ours and no children: nothing of the user's is changed.
 */
export function createStandIn(object: Drawable, material: Material | Material[]): Drawable {
  const own = (value: unknown) => ({ value, writable: true, configurable: true });
  return Object.create(object, {
    material: own(material),
    children: own([]),
    customDepthMaterial: own(undefined),
    // The user's may render something, or change uniforms: both have been done for this frame.
    onBeforeRender: own(() => {}),
    onAfterRender: own(() => {}),
    renderOrder: own(0),
  }) as Drawable;
}

/** One stand-in for each object, with as many materials as the object has. */
export class StandIns {
  private readonly made = new WeakMap<Drawable, Drawable>();

  /** @param playing what stands for one of the object's materials */
  of(object: Drawable, playing: (source: Material) => Material): Drawable {
    const { material } = object;
    let standIn = this.made.get(object);
    const now = standIn?.material;
    const fits = Array.isArray(material)
      ? Array.isArray(now) && now.length === material.length
      : now !== undefined && !Array.isArray(now);
    if (!standIn || !fits) {
      standIn = createStandIn(object, Array.isArray(material) ? [...material] : material);
      this.made.set(object, standIn);
    }
    const actor = standIn.material;
    if (!Array.isArray(actor)) standIn.material = playing(material as Material);
    else for (let i = 0; i < actor.length; i++) actor[i] = playing((material as Material[])[i]!);
    return standIn;
  }
}

/** Draws the stage of stand-ins into a target cleared to `background` (four numbers), and puts back what was set before. */
export function renderStage(
  renderer: WebGLRenderer,
  stage: Scene,
  camera: Camera,
  target: WebGLRenderTarget,
  background: readonly number[],
): void {
  const { autoClear, shadowMap, info } = renderer;
  const before = renderer.getRenderTarget();
  const { autoUpdate } = shadowMap;
  const { autoReset } = info;
  renderer.autoClear = false;
  shadowMap.autoUpdate = false;
  // The count of draw calls goes on from the frame's own.
  info.autoReset = false;
  renderer.setRenderTarget(target);
  try {
    renderer.state.buffers.color.setMask(true);
    (renderer.getContext() as WebGL2RenderingContext).clearBufferfv(WebGL2RenderingContext.COLOR, 0, background);
    renderer.render(stage, camera);
  } finally {
    renderer.setRenderTarget(before);
    renderer.autoClear = autoClear;
    shadowMap.autoUpdate = autoUpdate;
    info.autoReset = autoReset;
  }
}
