import type { Camera, Scene, WebGLRenderer, WebGLRenderTarget } from 'three';
import type { Upscaler } from '../upscale/create.ts';
import { createPictureTarget, hasStencil, renderInto, resetState, textureHandle } from './bridge.ts';
import type { Size, Target } from './device.ts';
import { Inspector, type InspectView } from './inspect.ts';

/** Samples of the truth per display pixel and axis, for 'error': bilinear reads between them take their mean. */
const TRUTH_SCALE = 2;

/** Views of what the temporal path knows, drawn over a scene's picture. */
export class SceneInspect {
  view: InspectView | null = null;
  private inspector: Inspector | null = null;
  private truth: WebGLRenderTarget | null = null;

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly upscaler: Upscaler,
  ) {}

  /** Draws the view, where one is asked for and history is gathered, over what `upscaler.render` has just drawn. */
  draw(scene: Scene, camera: Camera, output: { framebuffer: WebGLFramebuffer | null; size: Size }): void {
    const { renderer, upscaler, view } = this;
    if (!view) return;
    const { device } = upscaler;
    if (this.inspector?.device !== device) this.inspector = new Inspector(device);
    const target: Target = { name: 'inspect', ...output };
    const { compare } = upscaler.settings;
    const [width, height] = output.size;
    const split = Math.round((compare ?? 0) * width);
    const region = [split, 0, width - split, height] as const;
    if (view !== 'error') {
      this.inspector.draw(view, upscaler.gathering, target, region, null);
      return;
    }
    const size = output.size.map((side) => side * TRUTH_SCALE) as [number, number];
    if (Math.max(...size) > device.maxTextureSize) return;
    this.truth ??= createPictureTarget('inspected truth', size, { stencil: hasStencil(renderer) });
    if (this.truth.width !== size[0] || this.truth.height !== size[1]) this.truth.setSize(...size);
    resetState(renderer);
    renderInto(renderer, this.truth, scene, camera, { keepShadows: true, pointShare: TRUTH_SCALE });
    const truth = device.wrap('truth', textureHandle(renderer, this.truth.texture), size, 'linear');
    this.inspector.draw(view, upscaler.gathering, target, region, truth);
  }

  /** A lost context has taken everything. */
  lose(): void {
    this.inspector = null;
    this.truth?.dispose();
    this.truth = null;
  }

  dispose(): void {
    this.inspector?.dispose();
    this.lose();
  }
}
