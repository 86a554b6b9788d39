/** The compare split: a line over the picture that mouse, touch and keyboard move. It draws no picture itself. */
import { element } from './page';

export interface CompareOptions {
  /** Where the line starts, 0 (left edge) to 1 (right edge). Default 0.5. */
  position?: number;
  /** Called with the position, 0..1, each time a person moves the line. */
  onChange(position: number): void;
  /** Names of the two methods. `own` marks which side is ours. */
  left?: string;
  right?: string;
  own?: 'left' | 'right';
}

export interface Compare {
  readonly position: number;
  /** Moves the line without calling `onChange`. */
  set(position: number): void;
  labels(left: string, right: string, own?: 'left' | 'right'): void;
  /** Shows or hides line and labels. */
  show(visible: boolean): void;
  /** Keeps the line over the picture where the picture is smaller than the stage; pixels relative to the stage, null for all of it. */
  area(box: { left: number; top: number; width: number; height: number } | null): void;
  dispose(): void;
}

/** Puts a split handle into `stage` (a positioned element). */
export function createCompare(stage: HTMLElement, options: CompareOptions): Compare {
  let position = clamp(options.position ?? 0.5);
  const knob = element('span', {
    class: 'compare-knob',
    html: '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M9 6l-6 6 6 6M15 6l6 6-6 6"/></svg>',
  });
  const handle = element(
    'button',
    {
      class: 'compare-handle',
      type: 'button',
      role: 'slider',
      'aria-label': 'Compare split',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
    [knob],
  );
  const left = element('span', { class: 'compare-label compare-label--left' });
  const right = element('span', { class: 'compare-label compare-label--right' });
  const root = element('div', { class: 'compare' }, [left, right, handle]);
  stage.append(root);

  function place(): void {
    root.style.setProperty('--at', `${position * 100}%`);
    handle.setAttribute('aria-valuenow', String(Math.round(position * 100)));
    handle.setAttribute('aria-valuetext', `${left.textContent} ${Math.round(position * 100)} %, ${right.textContent}`);
    // A label with no room on its side would sit outside the picture.
    const width = root.clientWidth || stage.clientWidth;
    left.hidden = !left.textContent || position * width < left.offsetWidth + 24;
    right.hidden = !right.textContent || (1 - position) * width < right.offsetWidth + 24;
  }

  function move(to: number): void {
    position = clamp(to);
    place();
    options.onChange(position);
  }

  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    event.preventDefault();
    event.stopPropagation();
  });
  handle.addEventListener('pointermove', (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = root.getBoundingClientRect();
    move((event.clientX - box.left) / box.width);
  });
  handle.addEventListener('dblclick', () => move(0.5));
  handle.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 0.1 : 0.01;
    const to: Record<string, number> = {
      ArrowLeft: position - step,
      ArrowDown: position - step,
      ArrowRight: position + step,
      ArrowUp: position + step,
      Home: 0,
      End: 1,
    };
    const target = to[event.key];
    if (target === undefined) return;
    move(target);
    event.preventDefault();
    event.stopPropagation(); // the arrows also drive a camera elsewhere
  });

  const observer = new ResizeObserver(place);
  observer.observe(stage);
  const api: Compare = {
    get position() {
      return position;
    },
    set(to) {
      position = clamp(to);
      place();
    },
    labels(leftName, rightName, own) {
      left.textContent = leftName;
      right.textContent = rightName;
      left.classList.toggle('compare-label--own', own === 'left');
      right.classList.toggle('compare-label--own', own === 'right');
      left.hidden = right.hidden = false; // measured below
      place();
    },
    show(visible) {
      root.hidden = !visible;
      if (visible) {
        left.hidden = right.hidden = false;
        place();
      }
    },
    area(box) {
      root.style.setProperty('--above', `${box?.top ?? 0}px`);
      Object.assign(
        root.style,
        box
          ? {
              inset: 'auto',
              left: `${box.left}px`,
              top: `${box.top}px`,
              width: `${box.width}px`,
              height: `${box.height}px`,
            }
          : { inset: '0', width: 'auto', height: 'auto' },
      );
      place();
    },
    dispose() {
      observer.disconnect();
      root.remove();
    },
  };
  api.labels(options.left ?? '', options.right ?? '', options.own);
  return api;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
