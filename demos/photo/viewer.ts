/** Zoom and pan over a picture before and after, with a split. Draws only when something changed. */
import type { Picture, Tile } from './tiles';

export interface Viewer {
  /** Another picture: the view goes back to fit. `after` may still be empty. */
  show(before: Picture, after: OffscreenCanvas): void;
  /** The same picture upscaled anew: the view stays. */
  replaceAfter(after: OffscreenCanvas): void;
  /** A tile was drawn into `after`. */
  tile(tile: Tile): void;
  /** Nothing more will be drawn into `after`. */
  finish(): void;
  /** Position of the split in the stage, 0..1; null shows only the upscaled picture, Infinity only the original. */
  setSplit(at: number | null): void;
  /** How the original is stretched: smooth as a browser does it, or as its pixels. */
  setPixels(pixels: boolean): void;
  /** Device pixels per input pixel; null fits the window. */
  zoom(scale: number | null): void;
  readonly scale: number;
}

/** Beyond this a picture is also kept smaller: zoomed out, drawing from 100 megapixels for every move would stutter. */
const OVERVIEW = 2048;

/** A picture, and where it is large a smaller copy for the zoomed-out view. */
class Layer {
  private readonly share: number;
  private readonly overview: OffscreenCanvas | null;
  private readonly pen: OffscreenCanvasRenderingContext2D | null;
  /** Only the copy is drawn while the picture grows: each tile would have it all copied to the GPU again. */
  private growing: boolean;

  constructor(
    readonly full: Picture,
    complete: boolean,
  ) {
    this.share = Math.min(1, OVERVIEW / Math.max(full.width, full.height));
    this.growing = !complete;
    const [width, height] = [Math.round(full.width * this.share), Math.round(full.height * this.share)];
    this.overview = this.share < 1 ? new OffscreenCanvas(width, height) : null;
    this.pen = this.overview?.getContext('2d') ?? null;
    if (complete) this.finish();
  }

  add({ canvas, from, to }: Tile): void {
    // Grown to whole pixels, so that no gap is left between tiles; the finished copy is exact.
    const [left, top] = [Math.floor(to[0] * this.share), Math.floor(to[1] * this.share)];
    const [right, bottom] = [Math.ceil((to[0] + to[2]) * this.share), Math.ceil((to[1] + to[3]) * this.share)];
    this.pen?.drawImage(canvas, ...from, left, top, right - left, bottom - top);
  }

  finish(): void {
    this.growing = false;
    const { overview, pen } = this;
    if (!overview || !pen) return;
    pen.imageSmoothingQuality = 'high';
    pen.clearRect(0, 0, overview.width, overview.height);
    pen.drawImage(this.full, 0, 0, overview.width, overview.height);
  }

  /** The copy to draw from when the picture is `width` device pixels wide. */
  at(width: number): Picture {
    return this.overview && (this.growing || width <= this.overview.width) ? this.overview : this.full;
  }
}

export function createViewer(stage: HTMLElement, onScale: (scale: number) => void): Viewer {
  const canvas = document.createElement('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('aria-label', 'Picture: drag to pan, wheel or plus and minus to zoom');
  canvas.className = 'viewer';
  stage.append(canvas);
  const pen = canvas.getContext('2d', { alpha: false })!;
  let before: Layer | null = null;
  let after: Layer | null = null;
  let split: number | null = 0.5;
  let pixels = false;
  /** Device pixels per input pixel, and the input pixel in the middle of the window. */
  let scale = 1;
  let [x, y] = [0, 0];
  let fitted = true;
  let frame = 0;

  const draw = () => {
    frame = 0;
    const { width, height } = canvas;
    pen.fillStyle = '#07090b';
    pen.fillRect(0, 0, width, height);
    if (!before || !after) return;
    const [w, h] = [before.full.width * scale, before.full.height * scale];
    const [left, top] = [Math.round(width / 2 - x * scale), Math.round(height / 2 - y * scale)];
    const at = split === null ? 0 : Math.min(width, Math.max(0, Math.round(split * width)));
    const side = (from: number, to: number, layer: Layer, smooth: boolean) => {
      if (to <= from) return;
      pen.save();
      pen.beginPath();
      pen.rect(from, 0, to - from, height);
      pen.clip();
      const source = layer.at(w);
      pen.imageSmoothingEnabled = smooth;
      // Making a picture larger is the plain bilinear that players and browsers use; smaller, it must not alias.
      pen.imageSmoothingQuality = w < source.width ? 'medium' : 'low';
      pen.drawImage(source, left, top, w, h);
      pen.restore();
    };
    side(0, split === null ? width : at, before, !pixels);
    // Tiles that are not there yet show the original underneath.
    if (split !== Number.POSITIVE_INFINITY) {
      side(at, width, before, true);
      side(at, width, after, w < 6 * after.full.width);
    }
  };
  const request = () => {
    if (!frame) frame = requestAnimationFrame(draw);
  };
  const fitScale = () => {
    if (!before) return 1;

    return Math.min(canvas.width / before.full.width, canvas.height / before.full.height);
  };
  const clamp = () => {
    if (!before) return;
    const low = Math.min(fitScale(), 1) / 2;
    scale = Math.min(32, Math.max(low, scale));
    const keep = (value: number, size: number, window: number) => {
      const half = window / 2 / scale;
      return size <= 2 * half ? size / 2 : Math.min(size - half, Math.max(half, value));
    };
    x = keep(x, before.full.width, canvas.width);
    y = keep(y, before.full.height, canvas.height);
    onScale(scale);
    request();
  };
  const fitWindow = () => {
    if (!before) return;
    fitted = true;
    scale = fitScale();
    [x, y] = [before.full.width / 2, before.full.height / 2];
    clamp();
  };
  /** Zooms by a factor about a point of the window, in device pixels. */
  const zoomAt = (factor: number, px = canvas.width / 2, py = canvas.height / 2) => {
    const old = scale;
    fitted = false;
    scale *= factor;
    clamp();
    const shift = 1 / old - 1 / scale;
    x += (px - canvas.width / 2) * shift;
    y += (py - canvas.height / 2) * shift;
    clamp();
  };

  const density = () => window.devicePixelRatio || 1;
  new ResizeObserver(() => {
    canvas.width = Math.max(1, Math.round(stage.clientWidth * density()));
    canvas.height = Math.max(1, Math.round(stage.clientHeight * density()));
    if (fitted) fitWindow();
    else clamp();
    draw();
  }).observe(stage);

  const fingers = new Map<number, PointerEvent>();
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
    canvas.classList.add('is-dragging');
  });
  canvas.addEventListener('pointermove', (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const other = [...fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
    if (other) {
      const reach = (finger: PointerEvent) =>
        Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY);
      const middle = [(event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2] as const;
      zoomAt(reach(event) / Math.max(1, reach(last)), middle[0] * density(), middle[1] * density());
    }
    const share = density() / scale / fingers.size;
    x -= (event.clientX - last.clientX) * share;
    y -= (event.clientY - last.clientY) * share;
    fingers.set(event.pointerId, event);
    fitted = false;
    clamp();
  });
  for (const name of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(name, (event) => {
      fingers.delete(event.pointerId);
      canvas.classList.toggle('is-dragging', fingers.size > 0);
    });
  }
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      // A notch of a wheel is 100 pixels or 3 lines; a trackpad sends many small ones.
      const pixels = event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY;
      zoomAt(2 ** (-pixels / 240), event.clientX * density(), event.clientY * density());
    },
    { passive: false },
  );
  canvas.addEventListener('dblclick', (event) => {
    if (fitted) zoomAt((2 * density()) / scale, event.clientX * density(), event.clientY * density());
    else fitWindow();
  });
  canvas.addEventListener('keydown', (event) => {
    const step = 80 / scale;
    const keys: Record<string, () => void> = {
      '+': () => zoomAt(1.25),
      '=': () => zoomAt(1.25),
      '-': () => zoomAt(0.8),
      '0': fitWindow,
      ArrowLeft: () => (x -= step),
      ArrowRight: () => (x += step),
      ArrowUp: () => (y -= step),
      ArrowDown: () => (y += step),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    keys[event.key]!();
    clamp();
    event.preventDefault();
  });

  return {
    show(picture, result) {
      before = new Layer(picture, true);
      after = new Layer(result, false);
      fitWindow();
    },
    replaceAfter(result) {
      after = new Layer(result, false);
      request();
    },
    tile(tile) {
      after?.add(tile);
      request();
    },
    finish() {
      after?.finish();
      request();
    },
    setSplit(at) {
      split = at;
      request();
    },
    setPixels(on) {
      pixels = on;
      request();
    },
    zoom(to) {
      if (to === null) fitWindow();
      else zoomAt(to / scale);
    },
    get scale() {
      return scale;
    },
  };
}
