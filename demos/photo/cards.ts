/** What the models say of themselves: read from their cards when the page is built. */
interface Card {
  readonly name: string;
  readonly summary: string;
  /** Trained to please the eye: its texture is made up. */
  readonly invents?: boolean;
}

const cards = import.meta.glob<Card>('../../models/*.json', { eager: true, import: 'default' });

/** The card of a built-in model. */
export function cardOf(model: string): Card {
  return cards[`../../models/${model}.json`] ?? { name: model, summary: '' };
}
