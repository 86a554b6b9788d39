/** What the models say of themselves: read from their cards when the page is built. */
const summaries = import.meta.glob<string>('../../models/*.json', { eager: true, import: 'summary' });

export interface Card {
  /** One line; empty for a model without a card. */
  readonly summary: string;
  /** Its texture is made up to please the eye: such a card says that the model invents. */
  readonly invents: boolean;
}

export function cardOf(model: string): Card {
  const summary = summaries[`../../models/${model}.json`] ?? '';
  return { summary, invents: /\binvents\b/.test(summary) };
}
