import { FrameClock } from '../render/clock.ts';
import type { Device, Target, Texture } from '../render/device.ts';
import { type Size, sameSize } from '../render/size.ts';
import { WallTimer } from '../render/walltime.ts';
import { autotune, type Variant } from './autotune.ts';
import { gameGraph } from './game.ts';
import { Ladder } from './ladder.ts';
import { loadModel, type Model } from './models.ts';
import { checkOptions, DEFAULTS, type Settings } from './options.ts';
import type { Output } from './stages.ts';
import type { Temporal } from './temporal.ts';
import type { FrameInput, Method, OutputTarget, Stats, UpscalerOptions } from './types.ts';
import { type Frame, Upscale } from './upscaler.ts';

/** Render size the weight layouts are compared at: large enough to time, small enough to be over soon. */
const AUTOTUNE_SIZE: Size = [320, 180];

const UNMOVED = [0, 0] as const;

type TextureInput = 'color' | 'depth' | 'motion' | 'reactive' | 'native';

/** Without it browsers give a lost context up for good. One for all, so that a canvas has it once. */
const restorable = (event: Event): void => event.preventDefault();

/**
 * Creates an upscaler on a WebGL2 context of yours.
 * @throws `upframe:` errors for bad options, models that cannot be read, and contexts that are not WebGL2
 */
export async function createUpscaler(gl: WebGL2RenderingContext, options: UpscalerOptions = {}): Promise<Upscaler> {
  if (typeof gl?.texStorage2D !== 'function') {
    throw new TypeError("upframe: createUpscaler needs a WebGL2RenderingContext: canvas.getContext('webgl2')");
  }
  const settings = { ...DEFAULTS, ...checkOptions(options) };
  gl.canvas.addEventListener('webglcontextlost', restorable);
  const model = await loadModel(settings.model, settings.backend);
  const upscaler = new Upscaler(gl, settings, model);
  upscaler.tune();
  return upscaler;
}

/** Draws frames at display size from frames at render size. Made by `createUpscaler`. */
export class Upscaler {
  readonly settings: Settings;
  private model: Model;
  private gpu: Upscale | null = null;
  private variant: Variant | undefined;
  private readonly ladder: Ladder;
  private readonly clock = new FrameClock();
  /** @internal For the parts of the library that render what a frame is made from: a frame begins there. */
  readonly wall: WallTimer;
  private renderSize: Size = [0, 0];
  private displaySize: Size = [0, 0];
  private wrapped: Partial<Record<TextureInput, Texture>> = {};
  private cut = false;
  private loading = 0;
  private disposed = false;

  constructor(
    readonly gl: WebGL2RenderingContext,
    settings: Settings,
    model: Model,
  ) {
    this.settings = settings;
    this.model = model;
    this.ladder = new Ladder((message) => this.settings.onFallback(message));
    this.wall = new WallTimer(gl);
    gl.canvas.addEventListener('webglcontextlost', this.onLost);
  }

  /**
   * Upscales a frame. Leaves the context with no framebuffer, program, vertex array or sampler of ours bound, and with
   * blending, depth, stencil and scissor tests and face culling off; engines that cache state must reset it.
   * @param target the context's canvas (default, filled), a framebuffer with its size, or a bare framebuffer
   *   (display size is then render size x ratio)
   */
  render(
    frame: FrameInput,
    target?: OutputTarget | WebGLFramebuffer | HTMLCanvasElement | OffscreenCanvas | null,
  ): void {
    const { gl, settings } = this;
    if (this.disposed || gl.isContextLost()) return;
    const gpu = this.gpuOf();
    const output = this.outputOf(target, frame.renderSize);
    if (frame.hdr && !output.framebuffer) {
      throw new TypeError('upframe: a frame with hdr needs a framebuffer of floats as its target');
    }
    const [width, height] = output.size;
    if (!(width >= 1 && height >= 1 && frame.renderSize[0] >= 1 && frame.renderSize[1] >= 1)) return;
    this.renderSize = frame.renderSize;
    this.displaySize = output.size;
    this.clock.tick(performance.now());
    gpu.device.timers.enabled = settings.timing;
    this.wall.begin();
    gpu.device.begin();
    const view = this.frameOf(frame, output.size);
    if (settings.compare === null) this.draw(settings.method, settings.sharpness, view, { target: output });
    else {
      const split = Math.round(settings.compare * width);
      this.draw(settings.compareWith, 0, view, { target: output, region: [0, 0, split, height] });
      this.draw(settings.method, settings.sharpness, view, {
        target: output,
        region: [split, 0, width - split, height],
      });
    }
    gpu.end(view);
    this.cut = false;
    gpu.device.end();
    gpu.device.timers.poll();
    this.wall.end(settings.timing && !gpu.device.timers.available);
  }

  /** @internal Draws the frame just rendered again, a tile of it, `offset` display pixels from its corner. For live quality. */
  renderTile(frame: FrameInput, displaySize: Size, tile: Target, offset: readonly [number, number]): void {
    const { device } = this.gpuOf();
    // A tile's time is not the time of the passes that share its names.
    device.timers.enabled = false;
    device.begin();
    const { method, sharpness } = this.settings;
    this.draw(method, sharpness, this.frameOf(frame, displaySize), { target: tile, offset }, true);
    device.end();
  }

  /**
   * Changes options while running. Values are checked at once and apply from the next frame; a new model is loaded
   * first, while the old one goes on, and the promise settles when it is in use.
   */
  set(changes: UpscalerOptions): Promise<void> {
    const { model, ...rest } = checkOptions(changes);
    const before = this.settings.backend;
    Object.assign(this.settings, rest);
    if (rest.precision || rest.method) this.ladder.reset();
    const backend = rest.backend !== undefined && rest.backend !== before;
    if (!backend && model === undefined) return Promise.resolve();
    if (!backend && model === this.settings.model) {
      // The model in use: one still loading is no longer wanted.
      this.loading++;
      return Promise.resolve();
    }
    return this.use(model ?? this.settings.model);
  }

  /** Drops history: a camera cut, a seek, a change of source. */
  reset(): void {
    this.cut = true;
    this.clock.reset();
  }

  /** Whether the method, with the model in use, gathers history: it needs depth, jitter and camera in every frame. */
  usesHistory(method: Method): boolean {
    return method === 'temporal' || gameGraph(method, this.model) !== null;
  }

  /** @internal Chooses the fastest weight layout for this model on this device; part of creation. */
  tune(): void {
    const { graph } = this.model;
    if (graph && !this.gl.isContextLost())
      this.variant = autotune(this.device, graph, AUTOTUNE_SIZE, this.settings.precision);
  }

  /** @internal Forgets measured times: what follows is another way of working. */
  clearTimings(): void {
    this.gpu?.device.timers.clear();
    this.wall.clear();
    this.clock.reset();
  }

  get stats(): Stats {
    const { settings, displaySize, ladder } = this;
    const timers = this.gpu?.device.timers;
    const passes = timers?.passes() ?? {};
    const totalMs = timers?.available ? Object.values(passes).reduce((sum, ms) => sum + ms, 0) : this.wall.ms;
    const pixels = displaySize[0] * displaySize[1];
    const fallback = ladder.fallback(settings.method);
    const runsNetwork = settings.method === 'network' && !fallback;
    return {
      ...this.clock.read(),
      gpu: { source: timers?.available ? 'gpu' : 'wall', totalMs, passes },
      renderSize: this.renderSize,
      displaySize,
      macsPerPixel: runsNetwork && pixels ? (this.gpu?.macs ?? 0) / pixels : 0,
      method: settings.method,
      model: this.model.name,
      fallback,
      quality: null,
    };
  }

  /** @internal The device of the context's present life, for the parts of the library that draw beside the upscaler. */
  get device(): Device {
    return this.gpuOf().device;
  }

  /** @internal What gathers history now, for those who look inside; null where nothing does. */
  get gathering(): Temporal | null {
    return this.gpu?.gathering ?? null;
  }

  dispose(): void {
    this.disposed = true;
    this.loading++;
    this.gl.canvas.removeEventListener('webglcontextlost', this.onLost);
    this.wall.forget();
    this.gpu?.dispose();
    this.gpu = null;
  }

  /** Of a lost context nothing is left to free; the next frame after its restore makes everything again. */
  private readonly onLost = (): void => {
    this.gpu = null;
    this.wrapped = {};
    this.wall.forget();
    this.ladder.reset();
  };

  private gpuOf(): Upscale {
    this.gpu ??= new Upscale(this.gl);
    return this.gpu;
  }

  private async use(source: NonNullable<UpscalerOptions['model']>): Promise<void> {
    const turn = ++this.loading;
    const model = await loadModel(source, this.settings.backend);
    if (turn !== this.loading) return;
    this.model = model;
    this.settings.model = source;
    this.ladder.reset();
    this.clearTimings();
    this.tune();
  }

  private draw(method: Method, sharpness: number, frame: Frame, output: Output, again = false): void {
    const { gpu, ladder, model, settings } = this;
    if (method === 'native' && !frame.native) ladder.fail('native', 'this source gives no native picture');
    for (;;) {
      const rung = ladder.rung(method);
      try {
        gpu!.draw(
          frame,
          { rung, model, precision: settings.precision, variant: this.variant, sharpness, again },
          output,
        );
        return;
      } catch (error) {
        ladder.fail(rung, error);
        if (rung === 'passthrough') return;
      }
    }
  }

  private frameOf(frame: FrameInput, displaySize: Size): Frame {
    const { renderSize } = frame;
    const color = this.wrap('color', frame.color, renderSize)!;
    return {
      color: frame.hdr ? this.gpuOf().encoded(renderSize) : color,
      light: frame.hdr ? color : null,
      depth: this.wrap('depth', frame.depth, renderSize),
      motion: this.wrap('motion', frame.motion, renderSize),
      reactive: this.wrap('reactive', frame.reactive, renderSize),
      native: this.wrap('native', frame.native, displaySize),
      renderSize,
      displaySize,
      topLeft: frame.origin === 'top-left',
      subsampled: frame.subsampled,
      aliased: frame.aliased ?? false,
      jitter: frame.jitter ?? UNMOVED,
      // Jitter left out is a mistake, where camera and depth are given; no jitter at all is written [0, 0].
      camera: (frame.jitter && frame.camera) ?? null,
      reset: this.cut || (frame.reset ?? false),
    };
  }

  /** The caller's texture as ours; the wrapping of the frame before serves where it is the same one. */
  private wrap(name: TextureInput, texture: WebGLTexture | undefined, size: Size): Texture | null {
    if (!texture) return null;
    const known = this.wrapped[name];
    if (known?.texture === texture && sameSize(known.size, size)) return known;
    return (this.wrapped[name] = this.gpuOf().device.wrap(name, texture, size));
  }

  private outputOf(target: Parameters<Upscaler['render']>[1], renderSize: Size): Target {
    const { gl, settings } = this;
    if (!target || target === gl.canvas) {
      return { name: 'canvas', framebuffer: null, size: [gl.drawingBufferWidth, gl.drawingBufferHeight] };
    }
    if ('size' in target && 'framebuffer' in target) return { name: 'target', ...target };
    if (target instanceof WebGLFramebuffer) {
      const ratio = settings.ratio === 'auto' ? 2 : settings.ratio;
      return {
        name: 'target',
        framebuffer: target,
        size: [Math.round(renderSize[0] * ratio), Math.round(renderSize[1] * ratio)],
      };
    }
    throw new TypeError(
      "upframe: render's target must be the context's canvas, a framebuffer, or { framebuffer, size }",
    );
  }
}
