import { resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { collect, type Figures, measureCards, readCard, setsOf } from '../../perf/cards.ts';
import { pictureNames } from '../../perf/methods.ts';
import { ROOT } from '../../perf/paths.ts';
import { openSession } from '../../perf/session.ts';

/** What the models' cards promise, measured again with the engine that ships. */

const DATA = resolve(ROOT, '../shared/data');
const models = pictureNames();
const sets = [...new Set(models.flatMap(setsOf))];
let measured: Record<string, Record<string, Figures>>;

beforeAll(async () => {
  process.env.UPFRAME_SHARED = `${inject('browserEndpoint')} ${inject('serverUrl')}`;
  const session = await openSession();
  try {
    const collected = await collect(session, sets, DATA);
    const absent = sets.filter((set) => !collected.has(set));
    if (absent.length) console.log(`Not measured: ${absent.join(', ')}, which are not in ${DATA}`);
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

  test('its figures are what the engine gives', () => {
    const found = Object.entries(measured[model]!);
    expect(found.map(([set]) => set)).toContain('drawn');
    for (const [set, { psnr, ssim }] of found) {
      expect(Math.abs(psnr - card.figures[set]!.psnr), set).toBeLessThan(0.05);
      expect(Math.abs(ssim - card.figures[set]!.ssim), set).toBeLessThan(0.002);
    }
  });
});
