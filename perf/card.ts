import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Card, cardPath, collect, measureCards, readCard, setsOf, stepsOf } from './cards.ts';
import { isGame, measureScenes } from './cards-scene.ts';
import { isVideo, measureVideo } from './cards-video.ts';
import { main, progress, readArgs, readPath, table } from './cli.ts';
import { builtInNames } from './methods.ts';
import { ROOT } from './paths.ts';
import { openSession } from './session.ts';

const HELP = `npm run card -- [MODEL ...] [options]

  Measures built-in models (default: all) at their own scale on the sets or scenes that their cards name, with the engine that ships, and
  writes the figures into models/MODEL.json. Other figures of a card stay as they are.

  --data DIR   the folder that holds eval/Set5, eval/Set14, eval/Kodak24 and video/ (default ../shared/data)`;

const OPTIONS = { data: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

await main(import.meta.url, async (argv) => {
  const { values, positionals } = readArgs(OPTIONS, argv);
  if (values.help) {
    console.log(HELP);
    return;
  }
  const known = builtInNames();
  const models = positionals.length ? positionals : known;
  for (const model of models) {
    if (!known.includes(model)) throw new Error(`upframe: unknown model '${model}'; allowed: ${known.join(', ')}`);
  }
  const data = readPath('folder', values.data ?? resolve(ROOT, '../shared/data'), '--data');
  const session = await openSession();
  try {
    const pictures = models.filter((model) => !isGame(model));
    const sets = new Set(pictures.flatMap(setsOf));
    const collected = await collect(session, sets, data);
    const missing = [...sets].filter((set) => !collected.has(set));
    if (missing.length) throw new Error(`upframe: ${missing.join(', ')} not found in ${data}; give --data`);
    const count = pictures.flatMap(setsOf).reduce((sum, set) => sum + stepsOf(collected.get(set)!), 0);
    const bar = progress('Measuring', count);
    let done = 0;
    const step = (label: string) => bar.update(++done, label);
    const figures = await measureCards(session, pictures, collected, step).finally(() => bar.stop());
    const videos = models.filter(isVideo);
    if (videos.length) {
      const clips = await measureVideo(session, videos);
      for (const model of videos) Object.assign(figures[model]!, clips[model]);
    }
    const games = models.filter(isGame);
    if (games.length) Object.assign(figures, await measureScenes(session, games));
    for (const model of models) {
      const card: Card = readCard(model);
      card.figures = { ...card.figures, ...figures[model] };
      writeFileSync(cardPath(model), `${JSON.stringify(card, null, 2)}\n`);
      console.log(`${model}\n${table(Object.entries(figures[model]!).map(([set, f]) => ({ set, ...f })))}\n`);
    }
  } finally {
    await session.close();
  }
});
