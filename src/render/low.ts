import type { Camera, Scene, Texture, WebGLRenderer, WebGLRenderTarget } from 'three';
import type { Upscaler } from '../upscale/create.ts';
import { costOf, Governor } from '../upscale/governor.ts';
import type { Stats, UpscalerOptions } from '../upscale/types.ts';
import { renderInto, resetState } from './bridge.ts';
import type { Size } from './device.ts';
import { JitteredRender, type TemporalInput } from './jittered.ts';

/** The render-size half of a frame: how large it is, and the scene drawn at that size. */
export class LowRender {
  private jittered: JitteredRender | null = null;
  private governor = new Governor();
  private failed = false;

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly upscaler: Upscaler,
  ) {}

  /** Display size over render size in use now. */
  get ratio(): number {
    const { ratio } = this.upscaler.settings;
    return ratio === 'auto' ? this.governor.ratio : ratio;
  }

  /** The reactive mask of the frame drawn last, null where it has none. */
  get mask(): Texture | null {
    return this.jittered?.mask ?? null;
  }

  sizeFor(display: Size): [width: number, height: number] {
    const { ratio } = this;
    return [Math.max(1, Math.round(display[0] / ratio)), Math.max(1, Math.round(display[1] / ratio))];
  }

  /**
   * Draws the scene into `low`.
   * @param split part of the picture is made by `compareWith`
   * @param draw draws it there by the camera; by default the renderer does
   * @returns what the temporal path needs, where a side of the picture is made that way
   */
  render(
    scene: Scene,
    camera: Camera,
    low: WebGLRenderTarget,
    display: Size,
    split: boolean,
    draw?: () => void,
  ): TemporalInput | null {
    const { renderer, upscaler } = this;
    const { method, compareWith } = upscaler.settings;
    const { timers } = upscaler.device;
    const pointShare = low.height / display[1];
    if (upscaler.usesHistory(method) || (split && upscaler.usesHistory(compareWith))) {
      this.jittered ??= new JitteredRender(renderer, this.onFailure);
      return this.jittered.render(scene, camera, low, display, pointShare, timers, draw);
    }
    this.jittered?.dispose();
    this.jittered = null;
    timers.begin('scene');
    renderInto(renderer, low, scene, camera, { pointShare, draw });
    timers.end();
    return null;
  }

  /** After options have changed: another way of working is measured from the start. Says whether it is one. */
  changed(changes: UpscalerOptions): boolean {
    if (changes.ratio === 'auto') this.governor = new Governor(this.ratio);
    const other = Object.keys(changes).some((name) => REMEASURED.includes(name));
    if (other) this.upscaler.clearTimings();
    return other;
  }

  /** As `Upscaler.set`; three.js is told of the state that trying a new network out leaves changed. */
  set(changes: UpscalerOptions): Promise<void> {
    const applied = this.upscaler.set(changes);
    const tried = changes.model !== undefined || changes.backend !== undefined;
    return tried ? applied.then(() => resetState(this.renderer)) : applied;
  }

  /** With ratio 'auto', chooses the next frame's by what frames cost. */
  govern(stats: Stats): void {
    const budget = 1000 / this.upscaler.settings.targetFps;
    if (this.governor.update(costOf(stats, budget), budget, performance.now())) this.upscaler.clearTimings();
  }

  private readonly onFailure = ({ message }: Error): void => {
    if (this.failed) return;
    this.failed = true;
    this.upscaler.settings.onFallback(`upframe: motion of objects and mask are left out: ${message}`);
  };

  /** A lost context has taken the targets; freeing them is free then. */
  disposeTargets(): void {
    this.jittered?.disposeTargets();
  }

  dispose(): void {
    this.jittered?.dispose();
    this.jittered = null;
  }
}

const REMEASURED = ['model', 'method', 'ratio', 'samples', 'sharpness'];
