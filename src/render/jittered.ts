import {
  type Camera,
  type DepthTexture,
  type Light,
  Matrix4,
  type Scene,
  type Texture,
  type WebGLRenderer,
  type WebGLRenderTarget,
} from 'three';
import { jitterOffset } from '../upscale/jitter.ts';
import type { FrameInput } from '../upscale/types.ts';
import { Backdrop, withBackgroundMoved } from './backdrop.ts';
import { renderInto, textureHandle, withJitter } from './bridge.ts';
import { withoutClearPixels } from './clear-pixels.ts';
import type { Size } from './device.ts';
import { LightChanges } from './light-change.ts';
import { withLodBias } from './lod-bias.ts';
import { MotionPass } from './motion.ts';
import type { Drawable } from './poses.ts';
import { ReactivePass } from './reactive.ts';
import { SolidPass } from './solid.ts';
import { collect } from './stand-ins.ts';
import { withThinLines } from './thin-lines.ts';
import type { Timers } from './timers.ts';

/** What the temporal path needs of a frame beside its colour. */
export type TemporalInput = Pick<FrameInput, 'depth' | 'motion' | 'reactive' | 'jitter' | 'camera' | 'reset'>;

/** Renders a scene with sub-pixel jitter, finds the motion of what moves by itself, and where neither tells the colour. */
export class JitteredRender {
  private readonly motion: MotionPass;
  private readonly reactive: ReactivePass;
  private readonly solid: SolidPass;
  private readonly lightChanges: LightChanges;
  private readonly backdrop: Backdrop;
  private readonly seen: Drawable[] = [];
  private readonly lights: Light[] = [];
  private readonly projection = new Matrix4();
  private readonly previous = { projection: new Matrix4(), view: new Matrix4() };
  /** The reactive mask of the frame drawn last, null where it has none. */
  mask: Texture | null = null;
  private last: { scene: Scene; camera: Camera } | null = null;
  private frames = 0;

  /** @param onFailure told what goes wrong in finding motion and mask, in every frame in which it does */
  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly onFailure: (error: Error) => void,
  ) {
    this.motion = new MotionPass(renderer);
    this.reactive = new ReactivePass(renderer);
    this.solid = new SolidPass(renderer);
    this.lightChanges = new LightChanges(renderer);
    this.backdrop = new Backdrop(renderer);
    document.addEventListener('visibilitychange', this.forget);
  }

  /**
   * @param low the render-size target, with a depth texture
   * @param displaySize of the picture to come, in pixels
   * @param pointShare size of points in this render, of that on the canvas
   * @param draw draws the scene into `low` by the camera; by default the renderer does
   */
  render(
    scene: Scene,
    camera: Camera,
    low: WebGLRenderTarget,
    displaySize: Size,
    pointShare: number,
    timers: Timers,
    draw?: () => void,
  ): TemporalInput {
    const { renderer, projection, previous, seen, lights } = this;
    const size: Size = [low.width, low.height];
    const ratio = displaySize[0] / size[0];
    const jitter = jitterOffset(this.frames++, ratio);
    const follows = this.last?.scene === scene && this.last.camera === camera;
    // three's logarithmic depth is no depth that a projection explains; what comes after will say that it lacks it.
    const depthTexture = renderer.capabilities.logarithmicDepthBuffer ? null : low.depthTexture;
    const lookBeside = (depth: DepthTexture): Drawn => {
      seen.length = lights.length = 0;
      collect(scene, camera, seen, lights);
      this.backdrop.collect(scene, camera, projection, seen);
      timers.begin('motion');
      this.solid.draw(seen, scene, camera, () => this.reactive.targetFor(low));
      const before = follows ? previous : null;
      const motion = this.motion.draw(seen, camera, projection, before, depth, size, pointShare);
      timers.end();
      const still = projection.equals(previous.projection) && camera.matrixWorldInverse.equals(previous.view);
      timers.begin('reactive');
      const { rests } = this;
      const moving = this.motion.movesShadows;
      const lit = { scene, lights, camera, depth, motion, moving, size, follows };
      const relit = this.lightChanges.draw(lit);
      const reactive = this.reactive.draw({ seen, scene, camera, low, motion, relit, pointShare, still, rests });
      timers.end();
      return { motion, reactive };
    };
    const guarded = (depth: DepthTexture): Drawn => {
      try {
        return lookBeside(depth);
      } catch (error) {
        // A hook of the user's may not bear to be called for another program. The picture has been drawn.
        timers.end();
        this.onFailure(error as Error);
        return NOTHING;
      }
    };
    const drawAll = (): Drawn => {
      this.lightChanges.beforeDraw();
      timers.begin('scene');
      const drawScene = () => renderInto(renderer, low, scene, camera, { pointShare, draw });
      const shift = [-jitter[0] / size[0], -jitter[1] / size[1]] as const;
      withBackgroundMoved(scene, [1, 1], shift, () => withLodBias(renderer, scene, ratio, drawScene));
      timers.end();
      return depthTexture ? guarded(depthTexture) : NOTHING;
    };
    const { motion, reactive } = withoutClearPixels(scene, () =>
      withThinLines(scene, size, ratio, () => withJitter(renderer, camera, size, jitter, projection, drawAll)),
    );
    this.mask = reactive;
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
      ...(motion && { motion: textureHandle(renderer, motion) }),
      ...(reactive && { reactive: textureHandle(renderer, reactive) }),
    };
  }

  /** The next frame follows none: frames were left out, or the page was hidden. */
  readonly forget = (): void => {
    this.last = null;
  };

  private readonly rests = (object: Drawable): boolean => this.motion.rests(object);

  /** A lost context has taken the targets; freeing them is free then. */
  disposeTargets(): void {
    this.motion.disposeTarget();
    this.reactive.disposeTarget();
    this.lightChanges.dispose();
    this.forget();
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.forget);
    this.motion.dispose();
    this.reactive.dispose();
    this.solid.dispose();
    this.lightChanges.dispose();
    this.backdrop.dispose();
  }
}

interface Drawn {
  motion: Texture | null;
  reactive: Texture | null;
}

const NOTHING: Drawn = { motion: null, reactive: null };
