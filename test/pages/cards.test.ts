import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { collect, type Figures, measureCards, readCard, setsOf } from '../../perf/cards.ts';
import { builtInNames } from '../../perf/methods.ts';
import { ROOT } from '../../perf/paths.ts';
import { openSession } from '../../perf/session.ts';

/** What the models' cards promise, measured again with the engine that ships. */

const EVAL = resolve(ROOT, '../shared/data/eval');
const models = builtInNames();
const sets = [...new Set(models.flatMap(setsOf))];
let measured: Record<string, Record<string, Figures>>;

beforeAll(async () => {
  process.env.UPFRAME_SHARED = `${inject('browserEndpoint')} ${inject('serverUrl')}`;
  const session = await openSession();
  try {
    const collected = await collect(session, sets, EVAL);
    const absent = sets.filter((set) => !collected.has(set));
    if (absent.length) console.log(`Not measured: ${absent.join(', ')}, which are not in ${EVAL}`);
    measured = await measureCards(session, models, collected);
  } finally {
    await session.close();
  }
}, 600_000);

describe.each(models)('%s', (model) => {
  const card = readCard(model);

  test('the card has the figures of its kind', () => {
    expect(card.name).toBe(model);
    expect(Object.keys(card.figures)).toEqual(expect.arrayContaining(setsOf(model)));
  });

  test.each(setsOf(model).filter((set) => !/^(Set|Kodak)/.test(set) || existsSync(resolve(EVAL, set))))(
    'the figures for %s are what the engine gives',
    (set) => {
      const promised = card.figures[set]!;
      const found = measured[model]![set]!;
      expect(Math.abs(found.psnr - promised.psnr)).toBeLessThan(0.05);
      expect(Math.abs(found.ssim - promised.ssim)).toBeLessThan(0.002);
    },
  );
});
