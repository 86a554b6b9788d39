import {
  AlwaysDepth,
  type Camera,
  LessEqualDepth,
  type Material,
  MeshBasicMaterial,
  NoBlending,
  NormalBlending,
  Scene,
  type WebGLRenderer,
  type WebGLRenderTarget,
} from 'three';
import type { Drawable } from './poses.ts';
import { outputOf, renameMain } from './shader-changes.ts';
import { createMaterialStandIn, FORGET_AFTER, MaterialStandIns, renderStage, StandIns } from './stand-ins.ts';

/** Alpha from which on a blended surface is what is seen, and not what is behind it. */
export const SOLID = 0.5;

const NOTHING = [0, 0, 0, 0];

/** Whether what the material draws is in the depth. */
export const writesDepth = ({ depthWrite, depthTest }: Material): boolean => depthWrite && depthTest;

/**
 * Whether the material is blended and leaves no depth of its own: labels, the layers of a backdrop, decals, smoke. Points are too
 * small to hide anything for long.
 */
export function isSolid(source: Material, object: Drawable): boolean {
  const { transparent, blending, visible, colorWrite } = source;
  const { transmission } = source as Material & { transmission?: number };
  const blended = transparent && blending === NormalBlending && visible && colorWrite && !transmission;
  return blended && !writesDepth(source) && !object.isPoints;
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
  private readonly materials = new MaterialStandIns();
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
    if (this.frame % FORGET_AFTER === 0) this.materials.forget(this.frame - FORGET_AFTER);
    if (!stage.children.length) return;
    renderStage(this.renderer, stage, camera, targetFor(), NOTHING);
  }

  dispose(): void {
    this.stage.children.length = 0;
    this.materials.forget(this.frame);
  }

  private playing(source: Material, object: Drawable): Material {
    if (!isSolid(source, object)) return this.hidden;
    const known = this.materials.of(source, () => ({ material: createSolidMaterial(source) }));
    known.frame = this.frame;
    return known.material;
  }
}

/** Draws depth alone, where the material hides what is behind. */
function createSolidMaterial(source: Material): Material {
  const fields = {
    blending: NoBlending,
    colorWrite: false,
    depthTest: true,
    depthWrite: true,
    // What is drawn over everything is nearest.
    depthFunc: source.depthTest ? LessEqualDepth : AlwaysDepth,
  };
  return createMaterialStandIn(source, 'solid', fields, (shader) => {
    const output = outputOf(shader.fragmentShader, source as { glslVersion?: string | null });
    shader.fragmentShader = `${renameMain(shader.fragmentShader, 'upframeSolidMain')}
void main() {
  upframeSolidMain();
  if (${output}.a < ${SOLID}) discard;
}`;
  });
}
