import { createUpscaler, type Upscaler } from '../upscale/create.ts';
import { Governor } from '../upscale/governor.ts';
import type { Stats, UpscalerOptions } from '../upscale/types.ts';
import type { Device } from './device.ts';
import { type FrameSource, openSource, type VideoSource } from './source.ts';

/** Frames handed to the GPU and not finished: beyond this a new one waits for the next repaint and replaces the one waiting. */
const MAX_IN_FLIGHT = 2;

/** Shows a video, webcam, MediaStream, canvas or bitmap upscaled on a canvas of yours. */
export class VideoUpscaler {
  private source: FrameSource;
  private texture: { device: Device; texture: WebGLTexture } | null = null;
  private readonly fences: WebGLSync[] = [];
  private governor = new Governor(2, 'lower');
  private started = false;
  private repaint = 0;
  private readonly listeners = new AbortController();

  /**
   * @param source a <video>, MediaStream, canvas, ImageBitmap or VideoFrame; it stays yours
   * @param canvas where the picture goes; its width and height become source size x ratio. Style it with CSS
   * @param options as of `createUpscaler`, but the network is 'video-s' unless told otherwise
   * @throws `upframe:` errors for bad options, models that cannot be read, and browsers without WebGL2
   */
  static async create(
    source: VideoSource,
    canvas: HTMLCanvasElement,
    options: UpscalerOptions = {},
  ): Promise<VideoUpscaler> {
    const opened = openSource(source);
    const gl = canvas.getContext('webgl2', {
      alpha: true,
      antialias: false,
      depth: false,
      powerPreference: 'high-performance',
    });
    if (!gl) {
      opened.dispose();
      throw new Error('upframe: this browser or canvas gives no WebGL2 context; show the source itself instead');
    }
    try {
      const model = options.model ?? 'video-s';
      return new VideoUpscaler(canvas, opened, await createUpscaler(gl, { ...options, model }));
    } catch (error) {
      opened.dispose();
      throw error;
    }
  }

  private constructor(
    readonly canvas: HTMLCanvasElement,
    source: FrameSource,
    readonly upscaler: Upscaler,
  ) {
    this.source = source;
    const { signal } = this.listeners;
    canvas.addEventListener('webglcontextlost', this.onLost, { signal });
    canvas.addEventListener('webglcontextrestored', this.redraw, { signal });
    // The time a tab was hidden was not a frame.
    document.addEventListener('visibilitychange', () => this.upscaler.reset(), { signal });
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    this.source.start(this.draw, () => this.upscaler.reset());
  }

  /** Stops taking in frames; the last picture stays. */
  stop(): void {
    this.started = false;
    this.source.stop();
    cancelAnimationFrame(this.repaint);
    this.upscaler.reset();
  }

  /** Shows another source from now on. */
  setSource(source: VideoSource): void {
    const opened = openSource(source);
    this.source.dispose();
    this.source = opened;
    this.upscaler.reset();
    if (this.started) opened.start(this.draw, () => this.upscaler.reset());
  }

  /** Changes options while running; see `Upscaler.set`. A paused picture is drawn again. */
  set(changes: UpscalerOptions): Promise<void> {
    const applied = this.upscaler.set(changes);
    if (changes.ratio === 'auto') this.governor = new Governor(this.ratio, 'lower');
    // A moved split costs what it did before; anything else is another way of working.
    if (Object.keys(changes).some((name) => !name.startsWith('compare'))) this.upscaler.clearTimings();
    this.redraw();
    return changes.model === undefined ? applied : applied.then(this.redraw);
  }

  /** A cut that the source does not tell of: measured times begin anew. */
  reset(): void {
    this.upscaler.reset();
  }

  /** The upscaled picture as a MediaStream, for a peer connection or a recorder. `fps` limits its rate. */
  captureStream(fps?: number): MediaStream {
    return fps === undefined ? this.canvas.captureStream() : this.canvas.captureStream(fps);
  }

  /** Whether it is started and takes in frames. */
  get running(): boolean {
    return this.started;
  }

  get stats(): Stats {
    return this.upscaler.stats;
  }

  /** Display size over source size in use now. */
  get ratio(): number {
    const { ratio } = this.upscaler.settings;
    return ratio === 'auto' ? this.governor.ratio : ratio;
  }

  dispose(): void {
    this.stop();
    this.listeners.abort();
    this.source.dispose();
    for (const fence of this.fences.splice(0)) this.upscaler.gl.deleteSync(fence);
    if (this.texture) this.texture.device.free(this.texture.texture);
    this.texture = null;
    this.upscaler.dispose();
  }

  private readonly draw = (): void => {
    const { canvas, source, upscaler } = this;
    const { gl } = upscaler;
    const renderSize = source.size;
    if (this.listeners.signal.aborted || gl.isContextLost() || !renderSize[0] || !renderSize[1]) return;
    if (this.gpuIsBehind()) {
      this.redraw();
      return;
    }
    const width = Math.round(renderSize[0] * this.ratio);
    const height = Math.round(renderSize[1] * this.ratio);
    // Setting a canvas's size clears it, so only when it changes; the picture follows in the same task.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const { device } = upscaler;
    if (this.texture?.device !== device) this.texture = { device, texture: device.uploadTexture() };
    const { texture } = this.texture;
    try {
      if (Math.max(...renderSize) > device.maxTextureSize)
        throw new Error(`${renderSize.join('x')} is more than the GPU's ${device.maxTextureSize}`);
      source.upload(device, texture);
    } catch (error) {
      // A source from another origin without CORS may be looked at but not read; it will not get better by itself.
      this.stop();
      upscaler.settings.onFallback(`upframe: the source cannot be read: ${(error as Error).message}`);
      return;
    }
    upscaler.render({ color: texture, renderSize, origin: 'top-left', subsampled: source.subsampled });
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (fence) this.fences.push(fence);
    this.govern();
  };

  /** Draws the present picture at the next repaint; several requests make one drawing. */
  private readonly redraw = (): void => {
    cancelAnimationFrame(this.repaint);
    this.repaint = requestAnimationFrame(this.draw);
  };

  private readonly onLost = (): void => {
    this.fences.length = 0;
    this.texture = null;
  };

  private gpuIsBehind(): boolean {
    const { gl } = this.upscaler;
    while (this.fences.length && gl.getSyncParameter(this.fences[0]!, gl.SYNC_STATUS) === gl.SIGNALED) {
      gl.deleteSync(this.fences.shift()!);
    }
    return this.fences.length >= MAX_IN_FLIGHT;
  }

  private govern(): void {
    const { settings, stats } = this.upscaler;
    if (settings.ratio !== 'auto') return;
    if (this.governor.update(stats.gpu.totalMs, 1000 / settings.targetFps, performance.now()))
      this.upscaler.clearTimings();
  }
}
