import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { main, readArgs } from './cli.ts';
import { openSession } from './session.ts';

const HELP = `npx tsx perf/text.ts DIR

  Draws the text that screen-s is measured on, for  npm run quality -- images DIR/8-16  (and DIR/16-32):
  letters of 8 to 16 px in the large picture, and of 8 to 16 px in the small one, which is half of it.`;

/** Letters' sizes in pixels of the truth. The two folders are the two ways to read 'text at 8 to 16 px'. */
export const TEXT_SETS = {
  '8-16': [8, 9, 10, 11, 12, 13, 14, 15, 16],
  '16-32': [16, 18, 20, 22, 24, 26, 28, 30, 32],
} as const;

await main(import.meta.url, async (argv) => {
  const { values, positionals } = readArgs({ help: { type: 'boolean', short: 'h' } }, argv);
  if (values.help || positionals.length !== 1) {
    console.log(HELP);
    if (!values.help) throw new Error('upframe: one folder to draw into');
    return;
  }
  const session = await openSession();
  try {
    for (const [name, sizes] of Object.entries(TEXT_SETS)) {
      const folder = resolve(positionals[0]!, name);
      mkdirSync(folder, { recursive: true });
      const set = await session.call<{ name: string; png: string }[]>('text', 'drawSet', sizes);
      for (const picture of set) writeFileSync(join(folder, `${picture.name}.png`), picture.png, 'base64');
      console.log(`${set.length} pictures in ${folder}`);
    }
  } finally {
    await session.close();
  }
});
