/** Drag, pinch, wheel, double click and keys on a canvas, as movements of what it shows. Lengths are device pixels. */

export interface Gestures {
  /** What is shown moves by so much. */
  pan(dx: number, dy: number): void;
  /** Larger by a factor, about a point of the canvas, or its middle. */
  zoomAt(factor: number, x?: number, y?: number): void;
  fit(): void;
  /** A double click: closer at that point, or back to fit. */
  toggle(x: number, y: number): void;
}

/** CSS pixels a press of an arrow key moves. */
const STEP = 80;

export function listenToGestures(canvas: HTMLCanvasElement, { pan, zoomAt, fit, toggle }: Gestures): void {
  const density = () => window.devicePixelRatio || 1;
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
    const share = density() / fingers.size;
    pan((event.clientX - last.clientX) * share, (event.clientY - last.clientY) * share);
    fingers.set(event.pointerId, event);
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
  canvas.addEventListener('dblclick', (event) => toggle(event.clientX * density(), event.clientY * density()));
  canvas.addEventListener('keydown', (event) => {
    const keys: Record<string, () => void> = {
      '+': () => zoomAt(1.25),
      '=': () => zoomAt(1.25),
      '-': () => zoomAt(0.8),
      '0': fit,
      ArrowLeft: () => pan(STEP, 0),
      ArrowRight: () => pan(-STEP, 0),
      ArrowUp: () => pan(0, STEP),
      ArrowDown: () => pan(0, -STEP),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    keys[event.key]!();
    event.preventDefault();
  });
}
