/** The same points as figures; a click on a head sorts, a click on a row looks at its picture. */
import { element } from '../shared/page';
import { shapeOf } from './chart';
import { type Point, paretoFront } from './plan';

interface Column {
  name: string;
  value(point: Point): number | string;
  show(point: Point, native: Point | undefined): string;
}

const COLUMNS: Column[] = [
  { name: 'Method', value: (p) => p.series.name, show: (p) => p.series.name },
  { name: 'Ratio', value: (p) => p.ratio, show: (p) => (p.series.method === 'native' ? '–' : `×${p.ratio}`) },
  { name: 'Render size', value: (p) => p.renderSize[0], show: (p) => p.renderSize.join('×') },
  { name: 'ms', value: (p) => p.ms, show: (p) => p.ms.toFixed(p.ms < 10 ? 2 : 1) },
  { name: 'Frames/s', value: (p) => 1000 / p.ms, show: (p) => (1000 / p.ms).toFixed(p.ms > 100 ? 1 : 0) },
  {
    name: 'Against native',
    value: (p) => -p.ms,
    show: (p, native) => (native ? `${(native.ms / p.ms).toFixed(2)}× as fast` : '–'),
  },
  { name: 'PSNR, dB', value: (p) => p.psnr, show: (p) => p.psnr.toFixed(2) },
  { name: 'SSIM', value: (p) => p.ssim, show: (p) => p.ssim.toFixed(4) },
];

export interface Table {
  update(points: readonly Point[]): void;
  highlight(key: string | null): void;
}

export function createTable(
  parent: HTMLElement,
  events: { onHover(key: string | null): void; onPick(point: Point): void },
): Table {
  const body = element('tbody');
  let sorted = COLUMNS.findIndex(({ name }) => name.startsWith('PSNR'));
  let falling = true;
  let shown: readonly Point[] = [];
  const heads = COLUMNS.map(({ name }, i) => {
    const button = element('button', { type: 'button', text: name });
    button.addEventListener('click', () => {
      falling = sorted === i ? !falling : true;
      sorted = i;
      draw();
    });
    return element('th', { scope: 'col', class: i > 1 ? 'number' : '' }, [button]);
  });
  parent.append(element('table', { class: 'results' }, [element('thead', {}, [element('tr', {}, heads)]), body]));

  function draw(): void {
    const { value } = COLUMNS[sorted]!;
    const native = shown.find(({ series }) => series.method === 'native');
    const front = new Set(paretoFront(shown, ({ psnr }) => psnr).map(({ key }) => key));
    const order = [...shown].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const less = typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y);
      return falling ? -less : less;
    });
    heads.forEach((head, i) => {
      head.setAttribute('aria-sort', i === sorted ? (falling ? 'descending' : 'ascending') : 'none');
    });
    body.replaceChildren(
      ...order.map((point) => {
        const cells = COLUMNS.map(({ show }, i) => {
          const cell = element('td', { class: i > 1 ? 'number' : '', text: show(point, native) });
          if (i === 0) {
            const icon = `<svg class="key" viewBox="-9 -9 18 18" aria-hidden="true"><path d="${shapeOf(point.ratio, 5.5)}" fill="${point.series.color}"/></svg>`;
            cell.insertAdjacentHTML('afterbegin', icon);
            if (front.has(point.key)) cell.append(element('span', { class: 'badge', text: 'front' }));
          }
          return cell;
        });
        const row = element('tr', { 'data-key': point.key }, cells);
        row.addEventListener('pointerenter', () => events.onHover(point.key));
        row.addEventListener('pointerleave', () => events.onHover(null));
        row.addEventListener('click', () => events.onPick(point));
        return row;
      }),
    );
  }

  return {
    update(points) {
      shown = points;
      draw();
    },
    highlight(key) {
      for (const row of body.querySelectorAll('tr')) row.classList.toggle('is-lit', row.dataset.key === key);
    },
  };
}
