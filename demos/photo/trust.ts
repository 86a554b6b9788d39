/** The trust view's plate: what is shown, the scale of the heat, and the figures of the whole picture. */
import { element } from '../shared/page';
import { type Heat, HOTTEST, heatColor, type Kind, NOTABLE } from './heat';

const NAMES: Readonly<Record<Kind, string>> = { departure: 'Against the input', addition: 'Beyond the input' };

const MEANINGS: Readonly<Record<Kind, string>> = {
  departure: 'The result shrunk back to the input’s size, against the input: what glows contradicts it.',
  addition:
    'The result against a plain bicubic enlargement: what glows was predicted, and the input cannot confirm it.',
};

export interface TrustPlate {
  show(visible: boolean): void;
  /** Writes the figures; null where there are none. */
  update(heat: Heat | null): void;
}

/** Puts the plate into `parent`, hidden. */
export function createTrustPlate(parent: HTMLElement, kind: Kind, onKind: (kind: Kind) => void): TrustPlate {
  const choices = (Object.keys(NAMES) as Kind[]).map((name) => {
    const button = element('button', { type: 'button', text: NAMES[name], 'data-kind': name });
    button.addEventListener('click', () => {
      choose(name);
      onKind(name);
      button.blur();
    });
    return button;
  });
  const meaning = element('p', { class: 'trust-meaning' });
  const scale = element('div', { class: 'trust-scale', role: 'img' });
  const ticks = element('div', { class: 'trust-ticks', 'aria-hidden': 'true' });
  const figures = element('p', { class: 'trust-figures' });
  const plate = element('section', { class: 'trust plate', 'aria-label': 'Trust view', hidden: '' }, [
    element('div', { class: 'trust-kinds', role: 'group', 'aria-label': 'What the heat shows' }, choices),
    meaning,
    scale,
    ticks,
    figures,
  ]);
  parent.prepend(plate);

  const stops = Array.from({ length: 9 }, (_, i) => {
    const [r, g, b, a] = heatColor(i / 8);
    return `rgb(${r} ${g} ${b} / ${a! / 255}) ${(100 * i) / 8}%`;
  });
  scale.style.setProperty('--heat', `linear-gradient(90deg, ${stops})`);

  function choose(wanted: Kind): void {
    kind = wanted;
    for (const button of choices) button.setAttribute('aria-pressed', String(button.dataset.kind === kind));
    meaning.textContent = MEANINGS[kind];
    // Even steps of the root: the marks stand at quarters.
    const marks = [0, 1, 4, 9, 16].map((square) => String((square * HOTTEST[kind]) / 16));
    ticks.replaceChildren(...marks.map((text, i) => element('span', { text: i < 4 ? text : `${text}+ of 255` })));
    scale.setAttribute('aria-label', `Heat: from 0 to ${HOTTEST[kind]} levels of 255 and more`);
    document.documentElement.dataset.trustKind = kind;
  }
  choose(kind);

  return {
    show(visible) {
      plate.hidden = !visible;
    },
    update(heat) {
      if (!heat) {
        figures.textContent = '–';
        return;
      }
      const { psnr, notable } = heat.figures(kind);
      const share = `${(100 * notable).toFixed(notable < 0.1 ? 2 : 1)} % of pixels`;
      figures.textContent =
        kind === 'departure'
          ? `${share} off by ${NOTABLE.departure} levels or more · consistency ${psnr.toFixed(1)} dB`
          : `${share} changed by ${NOTABLE.addition} levels or more`;
    },
  };
}
