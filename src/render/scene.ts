import type { Camera, Scene, WebGLRenderer, WebGLRenderTarget } from 'three';
import { createUpscaler, type Upscaler } from '../upscale/create.ts';
import { Governor } from '../upscale/governor.ts';
import { checkOptions } from '../upscale/options.ts';
import type { FrameInput, Stats, UpscalerOptions } from '../upscale/types.ts';
import {
  canRenderTile,
  createPictureTarget,
  currentOutput,
  limitWidth,
  renderInto,
  renderTile,
  resetState,
  textureHandle,
} from './bridge.ts';
import type { Device, Size } from './device.ts';
import { JitteredRender, type TemporalInput } from './jittered.ts';
import { QualityProbe, TRUTH_SCALE } from './quality.ts';

export interface SceneUpscalerOptions extends UpscalerOptions {
  /** Measure PSNR and SSIM of what is on screen against a supersampled native render of small tiles. Default false. */
  quality?: boolean;
  /**
   * Coverage samples per rendered pixel (MSAA), 0 to 8. The spatial networks are made for antialiased pictures: 4 is
   * worth 1 to 3 dB on edges and costs a GPU little; on a software renderer it costs as much as it saves. Default 0.
   */
  samples?: number;
}

const OWN_OPTIONS = {
  quality: { allowed: 'true or false', ok: (value: unknown) => typeof value === 'boolean' },
  samples: {
    allowed: 'a whole number from 0 to 8',
    ok: (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 8,
  },
};

/** Tiles are an eighth of the picture per axis: a sixty-fourth of its pixels. */
const TILE_SHARE = 8;

/** A tile is measured every so many frames: with four samples a pixel, the truth costs about 1% of a native render. */
const TILE_INTERVAL = 12;

/** Renders a Three.js scene small and shows it large: `render(scene, camera)` in place of the renderer's. */
export class SceneUpscaler {
  private low: WebGLRenderTarget | null = null;
  private native: WebGLRenderTarget | null = null;
  private truth: WebGLRenderTarget | null = null;
  private jittered: JitteredRender | null = null;
  private probe: QualityProbe | null = null;
  private governor = new Governor();
  private device: Device | null = null;
  private frames = 0;

  /**
   * @throws `upframe:` errors for bad options and models that cannot be read
   */
  static async create(renderer: WebGLRenderer, options: SceneUpscalerOptions = {}): Promise<SceneUpscaler> {
    const { quality = false, samples = 0, ...rest } = checkOptions(options, OWN_OPTIONS);
    if (!renderer?.properties || !renderer.getContext)
      throw new TypeError('upframe: SceneUpscaler.create needs a THREE.WebGLRenderer');
    const gl = renderer.getContext() as WebGL2RenderingContext;
    const upscaler = await createUpscaler(gl, rest);
    resetState(renderer);
    return new SceneUpscaler(renderer, upscaler, quality, samples);
  }

  private constructor(
    readonly renderer: WebGLRenderer,
    readonly upscaler: Upscaler,
    private quality: boolean,
    private samples: number,
  ) {
    upscaler.gl.canvas.addEventListener('webglcontextlost', this.onLost);
  }

  /** Draws the frame into the canvas, or into the renderer's current render target, tone-mapped and sRGB-encoded. */
  render(scene: Scene, camera: Camera): void {
    const { renderer, upscaler } = this;
    const { settings } = upscaler;
    const output = currentOutput(renderer);
    if (upscaler.gl.isContextLost() || !(output.size[0] >= 1 && output.size[1] >= 1)) return;
    const { device } = upscaler;
    // Made this moment, after a context restore, it has drawn its self-test: three.js must not trust its own cache.
    if (device !== this.device) resetState(renderer);
    this.device = device;
    const { timers } = device;
    const low = this.lowTarget(output.size);
    const split = settings.compare === null ? null : Math.round(settings.compare * output.size[0]);
    // A side that is native, or hidden behind the split, needs no low-resolution render, and the other way round.
    const nativeWidth = this.nativeWidth(output.size[0], split);
    const native = nativeWidth ? this.nativeTarget(output.size) : null;
    timers.enabled = settings.timing;
    const drawsLow = nativeWidth < output.size[0];
    const temporal = drawsLow ? this.renderLow(scene, camera, low, output.size, split !== null) : null;
    if (native) {
      limitWidth(native, nativeWidth);
      timers.begin('scene native');
      renderInto(renderer, native, scene, camera, { keepShadows: drawsLow });
      timers.end();
    }
    const nativeTexture = native && textureHandle(renderer, native.texture);
    const frame: FrameInput =
      nativeTexture && !drawsLow
        ? { color: nativeTexture, renderSize: output.size, native: nativeTexture }
        : {
            color: textureHandle(renderer, low.texture),
            renderSize: [low.width, low.height],
            aliased: this.samples < 2,
            ...temporal,
            ...(nativeTexture && { native: nativeTexture }),
          };
    upscaler.render(frame, output);
    if (this.quality && settings.method !== 'native') this.measure(scene, camera, frame, output.size);
    resetState(renderer);
    this.govern();
    this.frames++;
  }

  /** Changes options while running; see `Upscaler.set`. */
  set(changes: SceneUpscalerOptions): Promise<void> {
    const { quality, samples, ...rest } = checkOptions(changes, OWN_OPTIONS);
    if (quality !== undefined) this.quality = quality;
    if (samples !== undefined && samples !== this.samples) {
      this.samples = samples;
      this.disposeTargets();
    }
    if (rest.ratio === 'auto') this.governor = new Governor(this.ratio);
    if (Object.keys(changes).some((name) => ['model', 'method', 'ratio', 'samples', 'sharpness'].includes(name))) {
      this.probe?.clear();
      this.upscaler.clearTimings();
    }
    return this.upscaler.set(rest);
  }

  /** Drops history: call it on a camera cut. */
  reset(): void {
    this.upscaler.reset();
    this.probe?.clear();
  }

  /** Display size over render size in use now. */
  get ratio(): number {
    const { ratio } = this.upscaler.settings;
    return ratio === 'auto' ? this.governor.ratio : ratio;
  }

  get stats(): Stats {
    const stats = this.upscaler.stats;
    // What is rendered only to compare with, or to measure by, is no part of what the picture costs.
    const extra = stats.method === 'native' ? /^quality/ : /^quality|^scene native$/;
    if (stats.gpu.source === 'gpu') {
      const parts = Object.entries(stats.gpu.passes).filter(([name]) => !extra.test(name));
      stats.gpu.totalMs = parts.reduce((sum, [, ms]) => sum + ms, 0);
    }
    stats.quality = this.quality ? (this.probe?.result ?? null) : null;
    return stats;
  }

  dispose(): void {
    this.upscaler.gl.canvas.removeEventListener('webglcontextlost', this.onLost);
    this.probe?.dispose();
    this.probe = null;
    this.upscaler.dispose();
    this.jittered?.dispose();
    this.disposeTargets();
    resetState(this.renderer);
  }

  /**
   * Targets are given up while the context is lost, when deleting is free: three.js would remember the handles of every
   * earlier life, and delete them all in the last one.
   */
  private readonly onLost = (): void => {
    this.disposeTargets();
    this.probe = null;
  };

  private disposeTargets(): void {
    this.jittered?.disposeTargets();
    for (const target of [this.low, this.native, this.truth]) {
      target?.depthTexture?.dispose();
      target?.dispose();
    }
    this.low = this.native = this.truth = null;
  }

  /** The scene at render size; with what the temporal path needs, where a side of the picture is made that way. */
  private renderLow(
    scene: Scene,
    camera: Camera,
    low: WebGLRenderTarget,
    display: Size,
    split: boolean,
  ): TemporalInput | null {
    const { renderer, upscaler } = this;
    const { method, compareWith } = upscaler.settings;
    const { timers } = upscaler.device;
    const pointShare = low.height / display[1];
    if (upscaler.usesHistory(method) || (split && upscaler.usesHistory(compareWith))) {
      this.jittered ??= new JitteredRender(renderer);
      return this.jittered.render(scene, camera, low, display, pointShare, timers);
    }
    this.jittered?.dispose();
    this.jittered = null;
    timers.begin('scene');
    renderInto(renderer, low, scene, camera, { pointShare });
    timers.end();
    return null;
  }

  private nativeWidth(width: number, split: number | null): number {
    const { method, compareWith } = this.upscaler.settings;
    if (method === 'native') return width;
    return split !== null && compareWith === 'native' ? split : 0;
  }

  private lowTarget(display: Size): WebGLRenderTarget {
    const size = display.map((pixels) => Math.max(1, Math.round(pixels / this.ratio))) as [number, number];
    this.low ??= createPictureTarget('render-size colour', size, { depth: true, samples: this.samples });
    if (this.low.width !== size[0] || this.low.height !== size[1]) this.low.setSize(size[0], size[1]);
    return this.low;
  }

  private nativeTarget(size: Size): WebGLRenderTarget {
    this.native ??= createPictureTarget('native colour', size);
    if (this.native.width !== size[0] || this.native.height !== size[1]) this.native.setSize(size[0], size[1]);
    return this.native;
  }

  /** Every few frames, one tile: rendered with several samples a pixel, and compared with the same tile of our picture. */
  private measure(scene: Scene, camera: Camera, frame: FrameInput, display: Size): void {
    const { renderer, upscaler } = this;
    const { device } = upscaler;
    // A probe of a context's earlier life holds nothing that still exists.
    if (this.probe?.device !== device) this.probe = null;
    this.probe?.poll();
    if (this.frames % TILE_INTERVAL || !device.support.rgba32f || !canRenderTile(camera)) return;
    const tileSize = display.map((pixels) => Math.min(pixels, Math.max(32, Math.round(pixels / TILE_SHARE)))) as [
      number,
      number,
    ];
    if (Math.min(...tileSize) < 8) return;
    const truthSize: Size = [tileSize[0] * TRUTH_SCALE, tileSize[1] * TRUTH_SCALE];
    this.truth ??= createPictureTarget('truth tile', truthSize);
    if (this.truth.width !== truthSize[0] || this.truth.height !== truthSize[1]) this.truth.setSize(...truthSize);
    if (this.probe && (this.probe.tileSize[0] !== tileSize[0] || this.probe.tileSize[1] !== tileSize[1])) {
      this.probe.dispose();
      this.probe = null;
    }
    this.probe ??= new QualityProbe(device, tileSize);
    if (!this.probe.idle) return;
    const offset = this.probe.nextOffset(display);
    resetState(renderer);
    device.timers.begin('quality truth');
    renderTile(renderer, this.truth, scene, camera, display, offset, tileSize);
    device.timers.end();
    upscaler.renderTile(frame, display, this.probe.tile, offset);
    this.probe.measure(device.wrap('truth tile', textureHandle(renderer, this.truth.texture), truthSize));
  }

  private govern(): void {
    const { settings } = this.upscaler;
    if (settings.ratio !== 'auto') return;
    const { gpu, frameMs } = this.stats;
    const ms = gpu.source === 'gpu' && gpu.totalMs ? gpu.totalMs : frameMs.p50;
    if (this.governor.update(ms, 1000 / settings.targetFps, performance.now())) this.upscaler.clearTimings();
  }
}
