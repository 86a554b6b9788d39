import type { Camera, Scene, WebGLRenderer, WebGLRenderTarget } from 'three';
import type { Upscaler } from '../upscale/create.ts';
import type { FrameInput, Stats } from '../upscale/types.ts';
import { createPictureTarget, hasStencil, renderTile, resetState, textureHandle } from './bridge.ts';
import type { Size } from './device.ts';
import { QualityProbe, TRUTH_SCALE } from './quality.ts';

/** Tiles are an eighth of the picture per axis: a sixty-fourth of its pixels. */
const TILE_SHARE = 8;

/** A tile is measured every so many frames: with four samples a pixel, the truth costs about 1% of a native render. */
const TILE_INTERVAL = 12;

/** Live quality of a scene: every few frames one tile, rendered with several samples a pixel, against our picture's. */
export class SceneQuality {
  private truth: WebGLRenderTarget | null = null;
  private probe: QualityProbe | null = null;
  private frames = 0;

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly upscaler: Upscaler,
  ) {}

  get result(): Stats['quality'] {
    return this.probe?.result ?? null;
  }

  /** Call once a frame, after the picture has been drawn. */
  measure(scene: Scene, camera: Camera, frame: FrameInput, display: Size): void {
    const { renderer, upscaler } = this;
    const { device } = upscaler;
    // A probe of a context's earlier life holds nothing that still exists.
    if (this.probe?.device !== device) this.probe = null;
    this.probe?.poll();
    if (this.frames++ % TILE_INTERVAL || !device.support.rgba32f) return;
    const tile = (pixels: number) => Math.min(pixels, Math.max(32, Math.round(pixels / TILE_SHARE)));
    const tileSize: Size = [tile(display[0]), tile(display[1])];
    if (Math.min(...tileSize) < 8) return;
    const truthSize: Size = [tileSize[0] * TRUTH_SCALE, tileSize[1] * TRUTH_SCALE];
    this.truth ??= createPictureTarget('truth tile', truthSize, { stencil: hasStencil(renderer) });
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

  /** Another way of working: what was measured is of no use. */
  clear(): void {
    this.probe?.clear();
  }

  /** A lost context has taken everything. */
  lose(): void {
    this.truth?.dispose();
    this.truth = null;
    this.probe = null;
  }

  dispose(): void {
    this.probe?.dispose();
    this.lose();
  }
}
