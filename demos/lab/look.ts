/** The last instant as two of the measured ways make it, side by side behind a split. */
import type { Picture } from '../../perf/metrics';
import { createCompare } from '../shared/compare';
import { element } from '../shared/page';

export interface Look {
  /** A picture came in; `own` marks ours. Rows from the bottom. */
  add(key: string, name: string, picture: Picture, own: boolean): void;
  /** Shows this one at the right of the split. */
  pick(key: string): void;
  /** T: the split, or the left picture alone. */
  toggle(): void;
  clear(): void;
}

interface Entry {
  name: string;
  picture: Picture;
  own: boolean;
}

export function createLook(parent: HTMLElement): Look {
  const canvas = element('canvas', { class: 'look-canvas', 'aria-label': 'Measured pictures, compared' });
  const stage = element('div', { class: 'look-stage' }, [canvas]);
  const left = element('select', { class: 'select', 'aria-label': 'Left of the split' });
  const right = element('select', { class: 'select', 'aria-label': 'Right of the split' });
  const bar = element('div', { class: 'row look-bar' }, [left, element('span', { text: 'against' }), right]);
  const root = element('section', { class: 'look', hidden: '' }, [element('h2', { text: 'Look' }), bar, stage]);
  parent.append(root);
  const pen = canvas.getContext('2d')!;
  const entries = new Map<string, Entry>();
  let split = true;
  /** Until a person chooses, the right side follows the measuring. */
  let chosen = false;
  const compare = createCompare(stage, { onChange: () => draw() });

  function put(key: string, from: number, to: number): void {
    const entry = entries.get(key);
    if (!entry || to <= from) return;
    const { width, height, data } = entry.picture;
    const image = new ImageData(width, height);
    for (let y = 0; y < height; y++) {
      image.data.set(data.subarray(y * width * 4, (y + 1) * width * 4), (height - 1 - y) * width * 4);
    }
    pen.putImageData(image, 0, 0, from, 0, to - from, height);
  }

  function draw(): void {
    const first = entries.get(left.value);
    const second = entries.get(right.value);
    if (!first || !second) return;
    const { width, height } = first.picture;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const at = split ? Math.round(compare.position * width) : width;
    put(left.value, 0, at);
    put(right.value, at, width);
    compare.labels(first.name, second.name, second.own ? 'right' : first.own ? 'left' : undefined);
    compare.show(split);
  }

  left.addEventListener('change', draw);
  right.addEventListener('change', () => {
    chosen = true;
    draw();
  });

  return {
    add(key, name, picture, own) {
      if (!entries.has(key)) {
        for (const select of [left, right]) select.append(element('option', { value: key, text: name }));
      }
      entries.set(key, { name, picture, own });
      // It stays at the network of the middle ratio, beside bilinear of the same.
      if (!chosen && (!entries.get(right.value)?.own || !right.value.endsWith(' 2') || (own && key.endsWith(' 2')))) {
        right.value = key;
      }
      if (name.startsWith('Bilinear') && !chosen && !left.value.startsWith('bilinear')) left.value = key;
      root.hidden = false;
      draw();
    },
    pick(key) {
      if (!entries.has(key)) return;
      chosen = true;
      right.value = key;
      draw();
      root.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
    },
    toggle() {
      split = !split;
      draw();
    },
    clear() {
      entries.clear();
      left.replaceChildren();
      right.replaceChildren();
      chosen = false;
      root.hidden = true;
    },
  };
}
