import {
  AlwaysDepth,
  type Camera,
  LessEqualDepth,
  type Material,
  MeshBasicMaterial,
  NoBlending,
  NormalBlending,
  Scene,
  type WebGLProgramParametersWithUniforms,
  type WebGLRenderer,
  type WebGLRenderTarget,
} from 'three';
import type { Drawable } from './poses.ts';
import { outputOf, renameMain } from './shader-changes.ts';
import { renderStage, StandIns } from './stand-ins.ts';

/** Alpha from which on a blended surface is what is seen, and not what is behind it. */
export const SOLID = 0.5;

/** Materials unseen for this many frames are forgotten. */
const FORGET_AFTER = 120;

const NOTHING = [0, 0, 0, 0];

/**
 * Whether the material is blended and leaves no depth of its own: labels, the layers of a backdrop, decals, smoke. Points are too
 * small to hide anything for long.
 */
export function isSolid(source: Material, object: Drawable): boolean {
  const { transparent, blending, depthWrite, depthTest, visible, colorWrite } = source;
  const { transmission } = source as Material & { transmission?: number };
  const blended = transparent && blending === NormalBlending && visible && colorWrite && !transmission;
  return blended && !(depthWrite && depthTest) && !object.isPoints;
}

function isSomewhereSolid(object: Drawable): boolean {
  const { material } = object;
  return Array.isArray(material) ? material.some((source) => isSolid(source, object)) : isSolid(material, object);
}

/**
 * Blended surfaces that hide what is behind them, drawn into the frame's depth after the frame: so motion, what is uncovered
 * and what is seen through are those of what is seen. Their own shaders say where.
 */
export class SolidPass {
  private readonly stage = new Scene();
  private readonly standIns = new StandIns();
  private readonly materials = new Map<Material, { material: Material; frame: number }>();
  private readonly hidden = new MeshBasicMaterial({ visible: false });
  private frame = 0;

  constructor(private readonly renderer: WebGLRenderer) {
    this.stage.matrixWorldAutoUpdate = false;
  }

  /**
   * @param seen what the frame has drawn
   * @param targetFor makes a target with the frame's depth, where one is needed
   */
  draw(seen: readonly Drawable[], scene: Scene, camera: Camera, targetFor: () => WebGLRenderTarget): void {
    const { stage } = this;
    this.frame++;
    stage.children.length = 0;
    stage.fog = scene.fog;
    for (const object of seen) {
      if (isSomewhereSolid(object))
        stage.children.push(this.standIns.of(object, (source) => this.playing(source, object)));
    }
    if (this.frame % FORGET_AFTER === 0) this.forget(FORGET_AFTER);
    if (!stage.children.length) return;
    renderStage(this.renderer, stage, camera, targetFor(), NOTHING);
  }

  dispose(): void {
    this.stage.children.length = 0;
    this.forget(0);
  }

  private playing(source: Material, object: Drawable): Material {
    if (!isSolid(source, object)) return this.hidden;
    let known = this.materials.get(source);
    if (!known) {
      known = { material: createSolidMaterial(source), frame: 0 };
      this.materials.set(source, known);
    }
    known.frame = this.frame;
    return known.material;
  }

  private forget(frames: number): void {
    for (const [source, { material, frame }] of this.materials) {
      if (this.frame - frame < frames) continue;
      material.dispose();
      this.materials.delete(source);
    }
  }
}

/** The user's own in all it inherits, but that it draws depth alone, where it hides what is behind. */
function createSolidMaterial(source: Material): Material {
  const own = (value: unknown) => ({ value, writable: true, configurable: true });
  return Object.create(source, {
    _listeners: own(undefined),
    blending: own(NoBlending),
    colorWrite: own(false),
    depthTest: own(true),
    depthWrite: own(true),
    // What is drawn over everything is nearest.
    depthFunc: own(source.depthTest ? LessEqualDepth : AlwaysDepth),
    stencilWrite: own(false),
    alphaToCoverage: own(false),
    forceSinglePass: own(true),
    onBeforeCompile: own((shader: WebGLProgramParametersWithUniforms, renderer: WebGLRenderer) => {
      source.onBeforeCompile(shader, renderer);
      const output = outputOf(shader.fragmentShader, source as { glslVersion?: string | null });
      shader.fragmentShader = `${renameMain(shader.fragmentShader, 'upframeSolidMain')}
void main() {
  upframeSolidMain();
  if (${output}.a < ${SOLID}) discard;
}`;
    }),
    customProgramCacheKey: own(() => `upframe solid ${source.customProgramCacheKey()}`),
  }) as Material;
}
