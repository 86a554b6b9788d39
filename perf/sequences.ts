import { createInterface } from 'node:readline';
import type { SequenceJob } from './pages/sequence.ts';
import { fileUrl } from './paths.ts';
import { openSession } from './session.ts';

/**
 * Renders training sequences in a browser, for train/game_data.py. One JSON `SequenceJob` a line on standard input, its
 * assets as paths; for each, one line on standard output: 'done', or a message.
 */
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const session = await openSession();
session.saveFolder = '/';
for await (const line of lines) {
  const job = JSON.parse(line) as SequenceJob;
  const assets = { pictures: job.assets.pictures.map(fileUrl), characters: job.assets.characters.map(fileUrl) };
  const model = job.model && { model: fileUrl(job.model) };
  try {
    await session.call('sequence', 'record', { ...job, assets, ...model });
    console.log('done');
  } catch (error) {
    console.log((error as Error).message);
  }
}
await session.close();
