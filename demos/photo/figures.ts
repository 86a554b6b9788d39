/** The plate of numbers for a still: what was made, how fast, and how good where the truth is known. */
import { element } from '../shared/page';

export interface Figures {
  /** Nothing hides the figure. */
  set(label: string, value: string): void;
  /** The large figure, its unit, and the method's name. */
  head(value: string, unit: string, method: string): void;
  note(text: string): void;
  /** What the model says of itself; where it `invents`, a warning with the way to see where. */
  about(text: string, invents: boolean): void;
  progress(done: number, total: number): void;
}

export function createFigures(
  parent: HTMLElement,
  { onCancel, onTrust }: { onCancel(): void; onTrust(): void },
): Figures {
  const bar = element('progress', { 'aria-label': 'Upscaling' });
  const count = element('span', { text: '' });
  const cancel = element('button', { class: 'button', type: 'button', text: 'Cancel' });
  cancel.addEventListener('click', onCancel);
  const progress = element('div', { class: 'progress plate', hidden: '' }, [bar, count, cancel]);
  const large = element('span', { class: 'hud-fps', text: '–' });
  const unit = element('span', { class: 'hud-unit' });
  const method = element('span', { class: 'hud-method' });
  const grid = element('dl', { class: 'hud-grid' });
  const about = element('p', { class: 'hud-about' });
  const where = element('button', { type: 'button', text: 'Show where' });
  where.addEventListener('click', onTrust);
  const warning = element('p', { class: 'hud-warning', hidden: '' }, [
    element('span', { text: 'This model invents detail: it looks real and need not be true. ' }),
    where,
  ]);
  const note = element('p', { class: 'hud-note' });
  const hud = element('section', { class: 'hud plate', 'aria-label': 'Numbers' }, [
    element('div', { class: 'hud-top' }, [large, unit, method]),
    grid,
    about,
    warning,
    note,
  ]);
  parent.append(progress, hud);
  const rows = new Map<string, HTMLElement>();
  const rowOf = (label: string) => {
    let value = rows.get(label);
    if (!value) {
      value = element('dd', { text: '–' });
      const wide = label.includes('→') ? { class: 'wide' } : undefined;
      grid.append(element('div', wide ?? {}, [element('dt', { text: label }), value]));
      rows.set(label, value);
    }
    return value;
  };
  for (const label of ['Input → output', 'Time', 'Tiles', 'Consistency', 'PSNR', 'SSIM']) rowOf(label);

  return {
    set(label, value) {
      const row = rowOf(label);
      row.textContent = value;
      row.parentElement!.hidden = !value;
    },
    head(value, name, by) {
      large.textContent = value;
      unit.textContent = name;
      method.textContent = by;
    },
    about(text, invents) {
      about.textContent = text;
      warning.hidden = !invents;
    },
    note(text) {
      note.textContent = text;
    },
    progress(done, total) {
      progress.hidden = done >= total;
      bar.max = total;
      bar.value = done;
      count.textContent = `${done} / ${total}`;
    },
  };
}
