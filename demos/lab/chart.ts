/** A scatter chart of cost against quality, in SVG: log milliseconds across, quality up, the Pareto front as a line. */
import { type Point, paretoFront, titleOf } from './plan';

export interface ChartOptions {
  title: string;
  /** What a point's height is, and how it reads. */
  value(point: Point): number;
  format(value: number): string;
  /** The least height of the axis, so that a single point does not fill it. */
  span: number;
  /** Called with a point that is under the pointer or has the focus and its mark, or null. */
  onHover(point: Point | null, mark?: Element): void;
  onPick(point: Point): void;
}

export interface Chart {
  update(points: readonly Point[]): void;
  /** Rings the point of this key, null none. */
  highlight(key: string | null): void;
}

const HEIGHT = 400;
const FRAME = { left: 54, right: 16, top: 14, bottom: 44 };
const NS = 'http://www.w3.org/2000/svg';

function svg(tag: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Marks by ratio: told apart without colour. */
export function shapeOf(ratio: number, size: number): string {
  const s = size;
  if (ratio === 1) return `M0 ${-s * 1.3}L${s * 1.3} 0L0 ${s * 1.3}L${-s * 1.3} 0Z`;
  if (ratio < 2) return `M${-s} 0a${s} ${s} 0 1 0 ${2 * s} 0a${s} ${s} 0 1 0 ${-2 * s} 0Z`;
  if (ratio === 2) return `M${-s} ${-s}H${s}V${s}H${-s}Z`;
  return `M0 ${-s * 1.2}L${s * 1.15} ${s * 0.9}H${-s * 1.15}Z`;
}

/** 1, 2, 5, 10 ... around the values. */
function logTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
    for (const step of [1, 2, 5]) ticks.push(step * 10 ** decade);
  }
  return ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

function evenTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((candidate) => candidate >= rough)!;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-6; tick += step) ticks.push(tick);
  return ticks;
}

const msText = (ms: number) => (ms < 1 ? ms.toFixed(1) : ms.toFixed(ms < 10 && ms % 1 ? 1 : 0));

export function createChart(parent: HTMLElement, options: ChartOptions): Chart {
  const { title, value, format, span, onHover, onPick } = options;
  const root = svg('svg', { class: 'chart', role: 'group', 'aria-label': title, height: HEIGHT });
  parent.append(root);
  /** In CSS pixels, so that lettering has its size on every screen. */
  let width = 560;
  let highlighted: string | null = null;
  let shown: readonly Point[] = [];

  /** Room around the points, rounded to where axes like to end. */
  function domain(points: readonly Point[]) {
    const costs = points.map(({ ms }) => ms);
    const heights = points.map(value);
    const x = points.length ? [Math.min(...costs) / 1.35, Math.max(...costs) * 1.35] : [1, 100];
    const middle = points.length ? (Math.min(...heights) + Math.max(...heights)) / 2 : span * 10;
    const reach = points.length ? Math.max(span, (Math.max(...heights) - Math.min(...heights)) * 1.25) : span;
    return { x: x as [number, number], y: [middle - reach / 2, middle + reach / 2] as [number, number] };
  }

  function draw(): void {
    const { x, y } = domain(shown);
    const inner = [width - FRAME.left - FRAME.right, HEIGHT - FRAME.top - FRAME.bottom] as const;
    const atX = (ms: number) => FRAME.left + (Math.log(ms / x[0]) / Math.log(x[1] / x[0])) * inner[0];
    const atY = (v: number) => FRAME.top + (1 - (v - y[0]) / (y[1] - y[0])) * inner[1];
    const bottom = HEIGHT - FRAME.bottom;
    root.replaceChildren();
    for (const tick of evenTicks(y[0], y[1])) {
      root.append(
        svg('line', { class: 'grid', x1: FRAME.left, x2: width - FRAME.right, y1: atY(tick), y2: atY(tick) }),
        svg(
          'text',
          { class: 'tick', x: FRAME.left - 8, y: atY(tick) + 4, 'text-anchor': 'end' },
          shown.length ? format(tick) : '',
        ),
      );
    }
    for (const tick of logTicks(x[0], x[1])) {
      root.append(
        svg('line', { class: 'grid', x1: atX(tick), x2: atX(tick), y1: FRAME.top, y2: bottom }),
        svg(
          'text',
          { class: 'tick', x: atX(tick), y: bottom + 17, 'text-anchor': 'middle' },
          shown.length ? msText(tick) : '',
        ),
      );
    }
    for (const fps of [60, 30]) {
      const at = 1000 / fps;
      if (!shown.length || at < x[0] || at > x[1]) continue;
      root.append(
        svg('line', { class: 'budget', x1: atX(at), x2: atX(at), y1: FRAME.top, y2: bottom }),
        svg('text', { class: 'tick', x: atX(at) + 4, y: FRAME.top + 11 }, `${fps} fps`),
      );
    }
    root.append(
      svg('text', { class: 'axis', x: width - FRAME.right, y: HEIGHT - 6, 'text-anchor': 'end' }, 'ms a frame, log →'),
      svg('text', { class: 'axis', x: FRAME.left, y: HEIGHT - 6 }, '← cheaper'),
    );
    drawLines(atX, atY, x[1]);
    for (const point of shown) root.append(mark(point, atX(point.ms), atY(value(point))));
  }

  /** A thin line along each method's ratios, and the front as steps: left of and above it nothing was found. */
  function drawLines(atX: (ms: number) => number, atY: (v: number) => number, end: number): void {
    for (const series of new Set(shown.map((point) => point.series))) {
      const sorted = shown.filter((point) => point.series === series).sort((a, b) => a.ratio - b.ratio);
      const path = sorted.map((point) => `${atX(point.ms)} ${atY(value(point))}`).join('L');
      root.append(svg('path', { class: 'series', d: `M${path}`, stroke: series.color }));
    }
    const front = paretoFront(shown, value);
    if (front.length < 2) return;
    const steps = front.map((point, i) => `${i ? `H${atX(point.ms)}V` : `M${atX(point.ms)} `}${atY(value(point))}`);
    root.append(svg('path', { class: 'front', d: `${steps.join('')}H${atX(end)}` }));
  }

  function mark(point: Point, x: number, y: number): SVGElement {
    const label = `${titleOf(point)}: ${msText(point.ms)} ms, ${format(value(point))}`;
    const node = svg('g', {
      class: `mark${point.key === highlighted ? ' is-lit' : ''}`,
      transform: `translate(${x} ${y})`,
      tabindex: 0,
      role: 'button',
      'aria-label': label,
      'data-key': point.key,
    });
    node.append(
      svg('circle', { class: 'target', r: 15 }),
      svg('path', { d: shapeOf(point.ratio, 5.5), fill: point.series.color, class: 'shape' }),
    );
    for (const name of ['pointerenter', 'focus']) node.addEventListener(name, () => onHover(point, node));
    for (const name of ['pointerleave', 'blur']) node.addEventListener(name, () => onHover(null));
    node.addEventListener('click', () => onPick(point));
    node.addEventListener('keydown', (event) => {
      if ((event as KeyboardEvent).key === 'Enter') onPick(point);
    });
    return node;
  }

  new ResizeObserver(() => {
    width = Math.max(240, root.clientWidth);
    draw();
  }).observe(root);
  return {
    update(points) {
      shown = points;
      draw();
    },
    highlight(key) {
      highlighted = key;
      for (const node of root.querySelectorAll<SVGElement>('.mark')) {
        node.classList.toggle('is-lit', node.dataset.key === key);
      }
    },
  };
}
