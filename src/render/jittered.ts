import { type Camera, Matrix4, type Scene, type WebGLRenderer, type WebGLRenderTarget } from 'three';
import { jitterOffset } from '../upscale/jitter.ts';
import type { FrameInput } from '../upscale/types.ts';
import { renderInto, textureHandle, withJitter } from './bridge.ts';
import type { Size } from './device.ts';
import { withLodBias } from './lod-bias.ts';
import { MotionPass } from './motion.ts';
import type { Timers } from './timers.ts';

/** What the temporal path needs of a frame beside its colour. */
export type TemporalInput = Pick<FrameInput, 'depth' | 'motion' | 'jitter' | 'camera' | 'reset'>;

/** Renders a scene with sub-pixel jitter, and finds the motion of what moves by itself. */
export class JitteredRender {
  private readonly motion: MotionPass;
  private readonly projection = new Matrix4();
  private readonly previous = { projection: new Matrix4(), view: new Matrix4() };
  private last: { scene: Scene; camera: Camera } | null = null;
  private frames = 0;

  constructor(private readonly renderer: WebGLRenderer) {
    this.motion = new MotionPass(renderer);
    document.addEventListener('visibilitychange', this.forget);
  }

  /**
   * @param low the render-size target, with a depth texture
   * @param displaySize of the picture to come, in pixels
   */
  render(
    scene: Scene,
    camera: Camera,
    low: WebGLRenderTarget,
    displaySize: Size,
    pointShare: number,
    timers: Timers,
  ): TemporalInput {
    const { renderer, projection, previous } = this;
    const size: Size = [low.width, low.height];
    const ratio = displaySize[0] / size[0];
    const jitter = jitterOffset(this.frames++, ratio);
    const follows = this.last?.scene === scene && this.last.camera === camera;
    // three's logarithmic depth is no depth that a projection explains; what comes after will say that it lacks it.
    const depthTexture = renderer.capabilities.logarithmicDepthBuffer ? null : low.depthTexture;
    const motion = withJitter(renderer, camera, size, jitter, projection, () => {
      timers.begin('scene');
      withLodBias(scene, ratio, () => renderInto(renderer, low, scene, camera, { pointShare }));
      timers.end();
      if (!depthTexture) return null;
      timers.begin('motion');
      const before = follows ? previous : null;
      const texture = this.motion.draw(scene, camera, projection, before, depthTexture, size, pointShare);
      timers.end();
      return texture && textureHandle(renderer, texture);
    });
    previous.projection.copy(projection);
    previous.view.copy(camera.matrixWorldInverse);
    this.last = { scene, camera };
    return {
      jitter,
      camera: {
        projection: projection.elements,
        view: camera.matrixWorldInverse.elements,
        zeroToOne: renderer.capabilities.reversedDepthBuffer,
      },
      reset: !follows,
      ...(depthTexture && { depth: textureHandle(renderer, depthTexture) }),
      ...(motion && { motion }),
    };
  }

  /** The next frame follows none: frames were left out, or the page was hidden. */
  readonly forget = (): void => {
    this.last = null;
  };

  /** A lost context has taken the targets; freeing them is free then. */
  disposeTargets(): void {
    this.motion.disposeTarget();
    this.forget();
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.forget);
    this.motion.dispose();
  }
}
