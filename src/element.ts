import { VideoUpscaler } from './render/video.ts';
import { DEFAULTS } from './upscale/options.ts';
import type { Stats, UpscalerOptions } from './upscale/types.ts';

const OWN = ['model', 'method', 'ratio', 'sharpness', 'compare', 'compare-with', 'target-fps'] as const;
const VIDEO = [
  'src',
  'poster',
  'autoplay',
  'muted',
  'loop',
  'controls',
  'playsinline',
  'crossorigin',
  'preload',
] as const;

// The canvas lies under the video, whose own picture is moved out of its box: so its controls are seen, and work.
const STYLE = `
:host { display: inline-block; position: relative; }
video { display: block; position: relative; width: 100%; height: 100%; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
canvas[hidden] { display: none; }
canvas:not([hidden]) + video:not(:fullscreen) { object-fit: none; object-position: -99999px 0; }`;

/** Imported where pages are made and there is no document, it does nothing. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * `<upframe-video src="clip.mp4" model="video-m" ratio="2" controls>`: a video, shown upscaled. It takes attributes of `<video>`
 * (src, poster, autoplay, muted, loop, controls, playsinline, crossorigin, preload) and those of the upscaler. Where WebGL2 is
 * missing, or an option is wrong, the plain video is seen and an `error` event says why; steps down the ladder come as
 * `fallback` events.
 */
export class UpframeVideo extends Base {
  static readonly observedAttributes = [...OWN, ...VIDEO];

  /** The video underneath: play, pause, seek and `srcObject` go through it. */
  readonly video = document.createElement('video');
  private readonly canvas = document.createElement('canvas');
  private upscaler: VideoUpscaler | null = null;
  private turn = 0;

  constructor() {
    super();
    const style = document.createElement('style');
    style.textContent = STYLE;
    this.canvas.hidden = true;
    this.canvas.setAttribute('part', 'canvas');
    this.video.setAttribute('part', 'video');
    this.attachShadow({ mode: 'open' }).append(style, this.canvas, this.video);
    // Another clip may be readable where the one before was not. `loadeddata` may come after the clip's first frame.
    this.video.addEventListener('emptied', () => this.upscaler?.start());
    for (const name of ['emptied', 'loadeddata', 'playing', 'seeked']) this.video.addEventListener(name, this.show);
  }

  /** The running upscaler, null before it is ready and where there is none. */
  get active(): VideoUpscaler | null {
    return this.upscaler;
  }

  get stats(): Stats | null {
    return this.upscaler?.stats ?? null;
  }

  connectedCallback(): void {
    void this.open();
  }

  disconnectedCallback(): void {
    this.turn++;
    this.upscaler?.dispose();
    this.upscaler = null;
    this.show();
    this.video.pause();
  }

  attributeChangedCallback(name: string, _before: string | null, value: string | null): void {
    if ((VIDEO as readonly string[]).includes(name)) {
      if (value === null) this.video.removeAttribute(name);
      else this.video.setAttribute(name, value);
      // The attribute is only a video's default; the page means its present state.
      if (name === 'muted') this.video.muted = value !== null;
    } else if (this.upscaler) {
      try {
        this.upscaler.set(this.options()).catch((error) => this.fail(error));
      } catch (error) {
        this.fail(error);
      }
    } else if (this.isConnected) void this.open();
  }

  private async open(): Promise<void> {
    const turn = ++this.turn;
    await null; // attributes come one by one
    if (turn !== this.turn) return;
    try {
      const upscaler = await VideoUpscaler.create(this.video, this.canvas, {
        ...this.options(),
        onFallback: (message) => {
          this.show();
          this.dispatchEvent(new CustomEvent('fallback', { detail: message }));
        },
      });
      if (turn !== this.turn) {
        upscaler.dispose();
        return;
      }
      this.upscaler = upscaler;
      upscaler.start();
      this.show();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  /** Whatever went wrong, something is to be seen: the canvas while it is fed, else the video itself, its poster first. */
  private readonly show = (): void => {
    const { poster, played, currentTime, readyState } = this.video;
    const begun = !poster || currentTime > 0 || played.length > 0;
    this.canvas.hidden = !(this.upscaler?.running && begun && readyState >= HTMLMediaElement.HAVE_CURRENT_DATA);
  };

  private options(): UpscalerOptions {
    const text = (name: (typeof OWN)[number]) => this.getAttribute(name) ?? undefined;
    const number = (name: (typeof OWN)[number]) => (this.hasAttribute(name) ? Number(text(name)) : undefined);
    const ratio = text('ratio');
    return {
      model: text('model') ?? 'video-s',
      method: (text('method') as UpscalerOptions['method']) ?? DEFAULTS.method,
      ratio: ratio === 'auto' ? ratio : (number('ratio') ?? DEFAULTS.ratio),
      sharpness: number('sharpness') ?? DEFAULTS.sharpness,
      compare: number('compare') ?? DEFAULTS.compare,
      compareWith: (text('compare-with') as UpscalerOptions['compareWith']) ?? DEFAULTS.compareWith,
      targetFps: number('target-fps') ?? DEFAULTS.targetFps,
    };
  }

  private fail(error: unknown): void {
    this.dispatchEvent(new ErrorEvent('error', { error, message: (error as Error).message }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'upframe-video': UpframeVideo;
  }
}

if (globalThis.customElements && !customElements.get('upframe-video'))
  customElements.define('upframe-video', UpframeVideo);
