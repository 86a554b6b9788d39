import type {
  Camera,
  IUniform,
  Light,
  Material,
  Object3D,
  Scene,
  WebGLProgramParametersWithUniforms,
  WebGLRenderer,
  WebGLRenderTarget,
} from 'three';
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

/** What is unseen for this many frames is forgotten. */
export const FORGET_AFTER = 120;

/** Fields of its own for what inherits all others. */
const owned = (fields: Record<string, unknown>): PropertyDescriptorMap =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { value, writable: true, configurable: true }]),
  );

/**
 * An object that is the user's in all it inherits (geometry, matrices, skeleton, the draw lists of a batch), and only
 * has materials of ours and no children: nothing of the user's is changed.
 */
export function createStandIn(object: Drawable, material: Material | Material[]): Drawable {
  const fields = {
    material,
    children: [],
    customDepthMaterial: undefined,
    // The user's may render something, or change uniforms: both have been done for this frame.
    onBeforeRender() {},
    onAfterRender() {},
    renderOrder: 0,
  };
  return Object.create(object, owned(fields)) as Drawable;
}

/**
 * A material that is the user's in all it inherits, but for `fields` and what `change` makes of its shaders; `name` tells its
 * programs from others'.
 */
export function createMaterialStandIn(
  source: Material & { uniforms?: Record<string, IUniform> },
  name: string,
  fields: Partial<Material> & { transmission?: number },
  change: (shader: WebGLProgramParametersWithUniforms) => void,
): Material {
  // What three writes into uniforms (lights, fog) must not reach the user's: it is read through, and written here.
  const uniforms =
    source.uniforms &&
    Object.fromEntries(Object.entries(source.uniforms).map(([key, uniform]) => [key, Object.create(uniform)]));
  const all = {
    _listeners: undefined,
    ...(uniforms && { uniforms }),
    stencilWrite: false,
    alphaToCoverage: false,
    // three would draw the back and the front apart, and to do so change the material.
    forceSinglePass: true,
    ...fields,
    onBeforeCompile(shader: WebGLProgramParametersWithUniforms, renderer: WebGLRenderer) {
      const given = new Set(Object.keys(shader.uniforms));
      source.onBeforeCompile(shader, renderer);
      shareUniforms(source, shader, renderer, given);
      change(shader);
    },
    customProgramCacheKey: () => `upframe ${name} ${source.customProgramCacheKey()}`,
  };
  return Object.create(source, owned(all)) as Material;
}

/** Uniforms of the latest programs of stand-ins, by the material they stand for: a material has few at a time. */
const programs = new WeakMap<Material, Record<string, IUniform>[]>();

/**
 * A hook that adds uniforms often keeps them, to change them in every frame. It has now been called for another program of the
 * same material: what it has added is given to the others too, so that all go by what it keeps.
 */
function shareUniforms(
  source: Material,
  { uniforms }: WebGLProgramParametersWithUniforms,
  renderer: WebGLRenderer,
  given: ReadonlySet<string>,
): void {
  const { uniforms: own } = renderer.properties.get(source) as { uniforms?: Record<string, IUniform> };
  const others = programs.get(source) ?? [];
  programs.set(source, [...others.slice(-3), uniforms]);
  for (const [name, uniform] of Object.entries(uniforms)) {
    if (given.has(name)) continue;
    for (const other of own ? [own, ...others] : others) if (name in other) other[name] = uniform;
  }
}

/** What stands for materials, each with the frame it was last seen in, which who asks for it keeps. */
export class MaterialStandIns<Made extends { readonly material: Material }> {
  private readonly made = new Map<Material, Made & { frame: number }>();

  of(source: Material, create: () => Made): Made & { frame: number } {
    let known = this.made.get(source);
    if (!known) {
      known = { ...create(), frame: 0 };
      this.made.set(source, known);
    }
    return known;
  }

  /** Frees what was not seen after that frame. */
  forget(frame: number): void {
    for (const [source, known] of this.made) {
      if (known.frame > frame) continue;
      known.material.dispose();
      this.made.delete(source);
    }
  }
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
