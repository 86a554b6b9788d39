import { VideoUpscaler } from './render/video.ts';
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

const STYLE = `
:host { display: inline-block; position: relative; }
video { display: block; width: 100%; height: 100%; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; pointer-events: none; }
canvas[hidden] { display: none; }`;

/**
 * `<upframe-video src="clip.mp4" model="video-m" ratio="2" controls>`: a video, shown upscaled. It takes the attributes
 * of `<video>` and those of the upscaler. Where WebGL2 is missing, or an option is wrong, the plain video is seen and an
 * `error` event says why; steps down the ladder come as `fallback` events.
 */
export class UpframeVideo extends HTMLElement {
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
    this.attachShadow({ mode: 'open' }).append(style, this.video, this.canvas);
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
    this.canvas.hidden = true;
    this.upscaler?.dispose();
    this.upscaler = null;
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
    }
  }

  private async open(): Promise<void> {
    const turn = ++this.turn;
    try {
      const upscaler = await VideoUpscaler.create(this.video, this.canvas, {
        ...this.options(),
        onFallback: (message) => {
          // Whatever went wrong, something is to be seen: the canvas while it is fed, else the video itself.
          this.canvas.hidden = !this.upscaler?.running;
          this.dispatchEvent(new CustomEvent('fallback', { detail: message }));
        },
      });
      if (turn !== this.turn) {
        upscaler.dispose();
        return;
      }
      this.upscaler = upscaler;
      this.canvas.hidden = false;
      upscaler.start();
    } catch (error) {
      if (turn === this.turn) this.fail(error);
    }
  }

  private options(): UpscalerOptions {
    const text = (name: (typeof OWN)[number]) => this.getAttribute(name) ?? undefined;
    const number = (name: (typeof OWN)[number]) => (this.hasAttribute(name) ? Number(text(name)) : undefined);
    const ratio = text('ratio');
    return {
      model: text('model'),
      method: text('method') as UpscalerOptions['method'],
      ratio: ratio === 'auto' ? ratio : number('ratio'),
      sharpness: number('sharpness'),
      compare: this.hasAttribute('compare') ? number('compare') : null,
      compareWith: text('compare-with') as UpscalerOptions['compareWith'],
      targetFps: number('target-fps'),
    };
  }

  private fail(error: unknown): void {
    this.dispatchEvent(new ErrorEvent('error', { error, message: (error as Error).message }));
  }
}

if (!customElements.get('upframe-video')) customElements.define('upframe-video', UpframeVideo);
