/** Zoom and pan over a picture before and after, with a split. Draws only when something changed. */
import { listenToGestures } from './gestures';
import { Layer } from './layer';
import type { Box, Picture, Tile } from './tiles';

export interface Viewer {
  /** Another picture: the view goes back to fit. `after` and its `heat` (input size) may still be empty. */
  show(before: Picture, after: OffscreenCanvas, heat: OffscreenCanvas): void;
  /** The same picture upscaled anew: the view stays. */
  replaceAfter(after: OffscreenCanvas, heat: OffscreenCanvas): void;
  /** A tile was drawn into `after`. */
  tile(tile: Tile): void;
  /** A part of `heat` was drawn. */
  warm(box: Box): void;
  /** Nothing more will be drawn into `after` and `heat`, or `heat` was drawn anew as a whole. */
  finish(): void;
  /** Position of the split in the stage, 0..1; null shows only the upscaled picture, Infinity only the original. */
  setSplit(at: number | null): void;
  /** How the original is stretched: smooth as a browser does it, or as its pixels. */
  setPixels(pixels: boolean): void;
  /** Shows the heat over the upscaled picture, which loses its colour and most of its light. */
  setTrust(on: boolean): void;
  /** Device pixels per input pixel; null fits the window. */
  zoom(scale: number | null): void;
  readonly scale: number;
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
  let heat: Layer | null = null;
  let trust = false;
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
    if (!before || !after || !heat) return;
    const [w, h] = [before.full.width * scale, before.full.height * scale];
    const [left, top] = [Math.round(width / 2 - x * scale), Math.round(height / 2 - y * scale)];
    const at = split === null ? 0 : Math.min(width, Math.max(0, Math.round(split * width)));
    const clipped = (from: number, to: number, paint: () => void) => {
      if (to <= from) return;
      pen.save();
      pen.beginPath();
      pen.rect(from, 0, to - from, height);
      pen.clip();
      paint();
      pen.restore();
    };
    const put = (layer: Layer, smooth: boolean) => {
      const source = layer.at(w);
      pen.imageSmoothingEnabled = smooth;
      // Making a picture larger is the plain bilinear that players and browsers use; smaller, it must not alias.
      pen.imageSmoothingQuality = w < source.width ? 'medium' : 'low';
      pen.drawImage(source, left, top, w, h);
    };
    const [original, upscaled, warmth] = [before, after, heat];
    clipped(0, split === null ? width : at, () => put(original, !pixels));
    if (split === Number.POSITIVE_INFINITY) return;
    clipped(at, width, () => {
      // Tiles that are not there yet show the original underneath.
      put(original, true);
      put(upscaled, w < 6 * upscaled.full.width);
      if (!trust) return;
      pen.globalCompositeOperation = 'saturation';
      pen.fillStyle = '#808080';
      pen.fillRect(left, top, w, h);
      pen.globalCompositeOperation = 'source-over';
      pen.fillStyle = 'rgb(7 9 11 / 50%)';
      pen.fillRect(left, top, w, h);
      // From two pixels of the screen on, each pixel of the input is to be seen for itself.
      put(warmth, scale < 2);
    });
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

  listenToGestures(canvas, {
    pan(dx, dy) {
      x -= dx / scale;
      y -= dy / scale;
      fitted = false;
      clamp();
    },
    zoomAt,
    fit: fitWindow,
    toggle(px, py) {
      if (fitted) zoomAt((2 * density()) / scale, px, py);
      else fitWindow();
    },
  });

  return {
    show(picture, result, warmth) {
      before = new Layer(picture, true);
      after = new Layer(result, false);
      heat = new Layer(warmth, false);
      fitWindow();
    },
    replaceAfter(result, warmth) {
      after = new Layer(result, false);
      heat = new Layer(warmth, false);
      request();
    },
    tile({ canvas: drawn, from, to }) {
      after?.add(drawn, from, to);
      request();
    },
    warm(box) {
      heat?.add(heat.full, box, box);
      request();
    },
    finish() {
      after?.finish();
      heat?.finish();
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
    setTrust(on) {
      trust = on;
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
