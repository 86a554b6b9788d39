import { SRGBColorSpace, type WebGLRenderer, WebGLRenderTarget } from 'three';
import copyFrag from '../shaders/copy.frag?raw';
import encodeFrag from '../shaders/encode.frag?raw';
import glowFrag from '../shaders/glow.frag?raw';
import { createUpscaler, type Upscaler } from '../upscale/create.ts';
import { checkOptions } from '../upscale/options.ts';
import type { FrameInput, Stats, UpscalerOptions } from '../upscale/types.ts';
import { createDepthTexture, createPictureTarget, mark, resetState, textureHandle } from './bridge.ts';
import {
  type Composer,
  type ComposerPass,
  encodes,
  isPmndrs,
  rendererOf,
  renderPassOf,
  resize,
  Stage,
} from './composer.ts';
import type { Device, Size } from './device.ts';
import type { TemporalInput } from './jittered.ts';
import { LowRender } from './low.ts';
import { Quad } from './quad.ts';
import { createMaskTarget } from './reactive.ts';

export interface UpscalerPassOptions extends UpscalerOptions {
  /** Colours reach the last pass tone-mapped and sRGB-encoded. Default: true where three's OutputPass is among the passes. */
  encoded?: boolean;
}

const OWN_OPTIONS = {
  encoded: { allowed: 'true or false', ok: (value: unknown) => typeof value === 'boolean' },
};

/**
 * Upscaling in an effect composer: the scene and all effects are drawn at render size, and the picture at the canvas's.
 * It takes the place of the composer's RenderPass (which still draws the scene, for it) and of its last pass, and gives
 * the composer's buffers and passes the render size; the composer is used as before, and `dispose` gives it back.
 */
export class UpscalerPass {
  private readonly first: Stage;
  private readonly last: Stage;
  private readonly lowRender: LowRender;
  private readonly copy = new Quad('copy', copyFrag, ['color', 'depth']);
  private readonly encode: Quad;
  private readonly glow: Quad;
  private low: WebGLRenderTarget | null = null;
  private picture: WebGLRenderTarget | null = null;
  private mask: WebGLRenderTarget | null = null;
  private extra: TemporalInput | null = null;
  private device: Device | null = null;
  private sized: ComposerPass[] = [];

  /**
   * @param composer with its RenderPass, and with whatever effects it has by then; more may be added at any time
   * @throws `upframe:` errors for bad options, models that cannot be read, and composers without a RenderPass
   */
  static async create(composer: Composer, options: UpscalerPassOptions = {}): Promise<UpscalerPass> {
    const { encoded, ...rest } = checkOptions(options, OWN_OPTIONS);
    const renderer = rendererOf(composer);
    const renderPass = renderPassOf(composer);
    const upscaler = await createUpscaler(renderer.getContext() as WebGL2RenderingContext, rest);
    resetState(renderer);
    return new UpscalerPass(composer, renderer, renderPass, upscaler, encoded);
  }

  private constructor(
    private readonly composer: Composer,
    private readonly renderer: WebGLRenderer,
    private readonly renderPass: ReturnType<typeof renderPassOf>,
    readonly upscaler: Upscaler,
    private encoded: boolean | undefined,
  ) {
    const swapped = isPmndrs(composer);
    // Postprocessing tone-maps by an effect.
    this.encode = new Quad('encode', encodeFrag, ['color'], { toneMapped: !swapped });
    this.glow = new Quad('glow', glowFrag, ['scene', 'shown', 'reactive', 'hasReactive'], { toneMapped: !swapped });
    this.lowRender = new LowRender(renderer, upscaler);
    this.first = new Stage('upframe scene', (_, a, b, seconds) =>
      this.begin(swapped ? a : b, swapped ? b : a, seconds),
    );
    this.first.needsDepthBlit = true;
    this.last = new Stage(
      'upframe picture',
      (_, a, b) => this.end(swapped ? a : b),
      () => this.dispose(),
    );
    renderPass.enabled = false;
    composer.passes.unshift(this.first);
    composer.passes.push(this.last);
    upscaler.gl.canvas.addEventListener('webglcontextlost', this.onLost);
  }

  /** Changes options while running; see `Upscaler.set`. */
  set(changes: UpscalerPassOptions): Promise<void> {
    const { encoded, ...rest } = checkOptions(changes, OWN_OPTIONS);
    if (encoded !== undefined) this.encoded = encoded;
    this.lowRender.changed(rest);
    return this.lowRender.set(rest);
  }

  /** Drops history: call it on a camera cut. */
  reset(): void {
    this.upscaler.reset();
  }

  /** Display size over render size in use now. */
  get ratio(): number {
    return this.lowRender.ratio;
  }

  get stats(): Stats {
    return this.upscaler.stats;
  }

  /** Takes itself out of the composer, which then draws at its own size again from its next `setSize`. */
  dispose(): void {
    const { composer, upscaler } = this;
    upscaler.gl.canvas.removeEventListener('webglcontextlost', this.onLost);
    composer.passes = composer.passes.filter((pass) => pass !== this.first && pass !== this.last);
    this.renderPass.enabled = true;
    const shown = composer.passes.at(-1);
    if (shown) shown.renderToScreen = true;
    upscaler.dispose();
    this.lowRender.dispose();
    for (const quad of [this.copy, this.encode, this.glow]) quad.dispose();
    this.disposeTargets();
    resetState(this.renderer);
  }

  /** First of the frame: the scene at render size, into the composer's buffer. */
  private begin(buffer: WebGLRenderTarget, other: WebGLRenderTarget, seconds: number): void {
    const { renderer, upscaler, renderPass } = this;
    const { gl } = upscaler;
    if (gl.isContextLost()) return;
    upscaler.wall.begin();
    const { device } = upscaler;
    if (device !== this.device) resetState(renderer);
    this.device = device;
    device.timers.enabled = upscaler.settings.timing;
    const display: Size = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    this.fit(buffer, other, display);
    const low = this.lowTarget(buffer);
    const { scene, camera } = renderPass;
    const draw = () => {
      renderPass.renderToScreen = false;
      renderPass.render(renderer, low, low, seconds, false);
      // Before the upscaler adds to its depth what effects are not to see.
      this.copy.draw(renderer, buffer, { color: low.texture, depth: low.depthTexture! });
    };
    this.extra = this.lowRender.render(scene, camera, low, display, upscaler.settings.compare !== null, draw);
    device.timers.begin('effects');
  }

  /** Last of the frame: what the effects have made of it, at display size. */
  private end(buffer: WebGLRenderTarget): void {
    const { renderer, upscaler } = this;
    const { gl, settings } = upscaler;
    if (gl.isContextLost()) return;
    upscaler.device.timers.end();
    let source = buffer;
    if (!(this.encoded ?? encodes(this.composer))) {
      this.picture ??= createPictureTarget('render-size colour', [buffer.width, buffer.height]);
      if (this.picture.width !== buffer.width || this.picture.height !== buffer.height)
        this.picture.setSize(buffer.width, buffer.height);
      this.encode.draw(renderer, this.picture, { color: buffer.texture });
      source = this.picture;
    }
    const frame: FrameInput = {
      color: textureHandle(renderer, source.texture),
      renderSize: [buffer.width, buffer.height],
      aliased: buffer.samples < 2,
      ...this.extra,
      ...(this.extra && { reactive: this.maskWith(source) }),
    };
    upscaler.render(frame, { framebuffer: null, size: [gl.drawingBufferWidth, gl.drawingBufferHeight] });
    resetState(renderer);
    if (settings.ratio === 'auto') this.lowRender.govern(this.stats);
  }

  /** The mask of the scene, and what the effects have added to that: both lie where depth and motion tell of other things. */
  private maskWith({ texture, width, height }: WebGLRenderTarget): WebGLTexture {
    const { renderer, lowRender } = this;
    if (!this.mask) {
      this.mask = createMaskTarget([width, height], SRGBColorSpace, null);
      // Three encodes, and by its setting tone-maps, what is drawn into such targets: see createPictureTarget.
      mark(this.mask, true);
    }
    if (this.mask.width !== width || this.mask.height !== height) this.mask.setSize(width, height);
    this.glow.draw(renderer, this.mask, { scene: this.low!.texture, shown: texture, reactive: lowRender.mask });
    return textureHandle(renderer, this.mask.texture);
  }

  /** Keeps our passes where they belong, and all buffers and passes at render size. */
  private fit(buffer: WebGLRenderTarget, other: WebGLRenderTarget, display: Size): void {
    const { composer, last } = this;
    const { passes } = composer;
    if (passes.at(-1) !== last) {
      passes.splice(passes.indexOf(last), 1);
      passes.push(last);
    }
    let same = passes.length === this.sized.length;
    for (let i = 0; i < passes.length; i++) {
      const pass = passes[i]!;
      same &&= pass === this.sized[i];
      if (pass !== last && pass.renderToScreen) pass.renderToScreen = false;
    }
    const [width, height] = this.lowRender.sizeFor(display);
    for (const { width: w, height: h } of [buffer, other]) same &&= w === width && h === height;
    if (same) return;
    resize(composer, [buffer, other], width, height);
    this.sized = [...passes];
  }

  /** A target like the composer's buffer, with a depth texture that no effect overwrites. */
  private lowTarget({ width, height, samples, texture, stencilBuffer }: WebGLRenderTarget): WebGLRenderTarget {
    let { low } = this;
    if (low && (low.samples !== samples || low.texture.type !== texture.type || low.stencilBuffer !== stencilBuffer)) {
      this.disposeTargets();
      low = null;
    }
    low ??= new WebGLRenderTarget(width, height, {
      type: texture.type,
      colorSpace: texture.colorSpace as '',
      generateMipmaps: false,
      samples,
      stencilBuffer,
      depthTexture: createDepthTexture([width, height], stencilBuffer),
    });
    low.texture.name = 'render-size scene';
    if (low.width !== width || low.height !== height) low.setSize(width, height);
    return (this.low = low);
  }

  /** What three holds for us is given up while the context is lost, when deleting is free: see SceneUpscaler. */
  private readonly onLost = (): void => {
    for (const quad of [this.copy, this.encode, this.glow]) quad.dispose();
    this.disposeTargets();
  };

  private disposeTargets(): void {
    this.lowRender.disposeTargets();
    this.low?.depthTexture?.dispose();
    this.low?.dispose();
    this.picture?.dispose();
    this.mask?.dispose();
    this.low = this.picture = this.mask = null;
  }
}
