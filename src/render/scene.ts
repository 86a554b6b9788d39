import type { Camera, Scene, WebGLRenderer, WebGLRenderTarget } from 'three';
import { createUpscaler, type Upscaler } from '../upscale/create.ts';
import { checkOptions } from '../upscale/options.ts';
import type { FrameInput, Stats, UpscalerOptions } from '../upscale/types.ts';
import {
  createPictureTarget,
  currentOutput,
  hasStencil,
  hindrance,
  holdsLight,
  limitWidth,
  renderInto,
  resetState,
  textureHandle,
} from './bridge.ts';
import type { Device, Size } from './device.ts';
import { type InspectView, VIEWS } from './inspect.ts';
import { LowRender } from './low.ts';
import { SceneInspect } from './scene-inspect.ts';
import { SceneQuality } from './scene-quality.ts';
import { frameOfTextures, type SceneTextures } from './textures.ts';

export interface SceneUpscalerOptions extends UpscalerOptions {
  /** Measure PSNR and SSIM of what is on screen against a supersampled native render of small tiles. Default false. */
  quality?: boolean;
  /**
   * Coverage samples per rendered pixel (MSAA), 0 to 8. The spatial networks are made for antialiased pictures: 4 is
   * worth 1 to 3 dB on edges and costs a GPU little; on a software renderer it costs as much as it saves. Default 0.
   */
  samples?: number;
  /** Shows what the temporal path knows in place of the picture: 'motion', 'disocclusion', 'age', 'decisions', 'error', or null. Default null. */
  inspect?: InspectView | null;
}

const OWN_OPTIONS = {
  quality: { allowed: 'true or false', ok: (value: unknown) => typeof value === 'boolean' },
  samples: {
    allowed: 'a whole number from 0 to 8',
    ok: (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 8,
  },
  inspect: {
    allowed: `${VIEWS.map((view) => `'${view}'`).join(', ')}, or null`,
    ok: (value: unknown) => value === null || VIEWS.includes(value as InspectView),
  },
};

/** Renders a Three.js scene small and shows it large: `render(scene, camera)` in place of the renderer's. */
export class SceneUpscaler {
  private low: WebGLRenderTarget | null = null;
  private native: WebGLRenderTarget | null = null;
  private readonly lowRender: LowRender;
  private readonly probe: SceneQuality;
  private readonly inspection: SceneInspect;
  private device: Device | null = null;
  /** The targets hold linear light. */
  private hdr = false;
  /** What has been said to hinder upscaling. */
  private readonly hindered = new Set<string>();

  /**
   * @throws `upframe:` errors for bad options and models that cannot be read
   */
  static async create(renderer: WebGLRenderer, options: SceneUpscalerOptions = {}): Promise<SceneUpscaler> {
    const { quality = false, samples = 0, inspect = null, ...rest } = checkOptions(options, OWN_OPTIONS);
    if (!renderer?.properties || !renderer.getContext)
      throw new TypeError('upframe: SceneUpscaler.create needs a THREE.WebGLRenderer');
    const gl = renderer.getContext() as WebGL2RenderingContext;
    const upscaler = await createUpscaler(gl, rest);
    resetState(renderer);
    return new SceneUpscaler(renderer, upscaler, quality, samples, inspect);
  }

  private constructor(
    readonly renderer: WebGLRenderer,
    readonly upscaler: Upscaler,
    private quality: boolean,
    private samples: number,
    inspect: InspectView | null,
  ) {
    this.lowRender = new LowRender(renderer, upscaler);
    this.probe = new SceneQuality(renderer, upscaler);
    this.inspection = new SceneInspect(renderer, upscaler);
    this.inspection.view = inspect;
    upscaler.gl.canvas.addEventListener('webglcontextlost', this.onLost);
  }

  /**
   * Draws the frame into the canvas, or into the renderer's current render target: tone-mapped and sRGB-encoded, but into
   * a target of floats as linear light, before tone mapping.
   */
  render(scene: Scene, camera: Camera): void {
    const { renderer, upscaler } = this;
    const { settings } = upscaler;
    const output = currentOutput(renderer);
    if (upscaler.gl.isContextLost() || !(output.size[0] >= 1 && output.size[1] >= 1)) return;
    const hinders = hindrance(renderer, camera, output.size);
    if (hinders) {
      this.drawPlainly(scene, camera, hinders);
      return;
    }
    upscaler.wall.begin();
    const { timers } = this.meetDevice();
    const hdr = holdsLight(renderer.getRenderTarget());
    if (hdr !== this.hdr) this.disposeTargets();
    this.hdr = hdr;
    const low = this.lowTarget(output.size);
    const split = settings.compare === null ? null : Math.round(settings.compare * output.size[0]);
    // A side that is native, or hidden behind the split, needs no low-resolution render, and the other way round.
    const nativeWidth = this.nativeWidth(output.size[0], split);
    const native = nativeWidth ? this.nativeTarget(output.size) : null;
    timers.enabled = settings.timing;
    const drawsLow = nativeWidth < output.size[0];
    const temporal = drawsLow ? this.lowRender.render(scene, camera, low, output.size, split !== null) : null;
    if (native) {
      limitWidth(native, nativeWidth);
      timers.begin('scene native');
      renderInto(renderer, native, scene, camera, { keepShadows: drawsLow });
      timers.end();
    }
    const nativeTexture = native && textureHandle(renderer, native.texture);
    const frame: FrameInput =
      nativeTexture && !drawsLow
        ? { color: nativeTexture, renderSize: output.size, native: nativeTexture, hdr }
        : {
            color: textureHandle(renderer, low.texture),
            renderSize: [low.width, low.height],
            aliased: this.samples < 2,
            hdr,
            ...temporal,
            ...(nativeTexture && { native: nativeTexture }),
          };
    upscaler.render(frame, output);
    if (this.quality && !hdr && settings.method !== 'native') this.probe.measure(scene, camera, frame, output.size);
    if (!hdr) this.inspection.draw(scene, camera, output);
    resetState(renderer);
    if (settings.ratio === 'auto') this.lowRender.govern(this.stats);
  }

  /**
   * Upscales a frame that a pipeline of your own has rendered, to where `render` would draw. For 'temporal', move the
   * camera's picture by `jitterOffset` while rendering, and have its projection without jitter again by now.
   */
  renderTextures(textures: SceneTextures, camera: Camera): void {
    const { renderer, upscaler } = this;
    const output = currentOutput(renderer);
    if (upscaler.gl.isContextLost()) return;
    this.meetDevice();
    upscaler.render(frameOfTextures(renderer, textures, camera), output);
    resetState(renderer);
  }

  /** Changes options while running; see `Upscaler.set`. */
  set(changes: SceneUpscalerOptions): Promise<void> {
    const { quality, samples, inspect, ...rest } = checkOptions(changes, OWN_OPTIONS);
    if (inspect !== undefined) this.inspection.view = inspect;
    if (quality !== undefined) this.quality = quality;
    if (samples !== undefined && samples !== this.samples) {
      this.samples = samples;
      this.disposeTargets();
    }
    if (this.lowRender.changed(changes)) this.probe.clear();
    return this.lowRender.set(rest);
  }

  /** Drops history: call it on a camera cut. */
  reset(): void {
    this.upscaler.reset();
    this.probe.clear();
  }

  /** Display size over render size in use now. */
  get ratio(): number {
    return this.lowRender.ratio;
  }

  get stats(): Stats {
    const stats = this.upscaler.stats;
    // What is rendered only to compare with, or to measure by, is no part of what the picture costs.
    const extra = stats.method === 'native' ? /^quality/ : /^quality|^scene native$/;
    if (stats.gpu.source === 'gpu') {
      const parts = Object.entries(stats.gpu.passes).filter(([name]) => !extra.test(name));
      stats.gpu.totalMs = parts.reduce((sum, [, ms]) => sum + ms, 0);
    }
    stats.quality = this.quality ? this.probe.result : null;
    return stats;
  }

  dispose(): void {
    this.upscaler.gl.canvas.removeEventListener('webglcontextlost', this.onLost);
    this.probe.dispose();
    this.inspection.dispose();
    this.upscaler.dispose();
    this.lowRender.dispose();
    this.disposeTargets();
    resetState(this.renderer);
  }

  /**
   * Targets are given up while the context is lost, when deleting is free: three.js would remember the handles of every
   * earlier life, and delete them all in the last one.
   */
  private readonly onLost = (): void => {
    this.disposeTargets();
    this.probe.lose();
    this.inspection.lose();
  };

  /** As `renderer.render` does, said once for each reason. */
  private drawPlainly(scene: Scene, camera: Camera, hinders: string): void {
    this.reset();
    this.renderer.render(scene, camera);
    if (this.hindered.has(hinders)) return;
    this.hindered.add(hinders);
    this.upscaler.settings.onFallback(`upframe: with ${hinders} the scene is rendered as it would be without upframe`);
  }

  private disposeTargets(): void {
    this.lowRender.disposeTargets();
    for (const target of [this.low, this.native]) {
      target?.depthTexture?.dispose();
      target?.dispose();
    }
    this.low = this.native = null;
  }

  private meetDevice(): Device {
    const { device } = this.upscaler;
    // Made this moment, after a context restore, it has drawn its self-test: three.js must not trust its own cache.
    if (device !== this.device) resetState(this.renderer);
    return (this.device = device);
  }

  private get kind(): { hdr: boolean; stencil: boolean } {
    return { hdr: this.hdr, stencil: hasStencil(this.renderer) };
  }

  private nativeWidth(width: number, split: number | null): number {
    const { method, compareWith } = this.upscaler.settings;
    if (method === 'native') return width;
    return split !== null && compareWith === 'native' ? split : 0;
  }

  private lowTarget(display: Size): WebGLRenderTarget {
    const size = this.lowRender.sizeFor(display);
    this.low ??= createPictureTarget('render-size colour', size, { depth: true, samples: this.samples, ...this.kind });
    if (this.low.width !== size[0] || this.low.height !== size[1]) this.low.setSize(size[0], size[1]);
    return this.low;
  }

  private nativeTarget(size: Size): WebGLRenderTarget {
    this.native ??= createPictureTarget('native colour', size, this.kind);
    if (this.native.width !== size[0] || this.native.height !== size[1]) this.native.setSize(size[0], size[1]);
    return this.native;
  }
}
