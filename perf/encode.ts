import { createInterface } from 'node:readline';
import type { EncodeJob } from './pages/encode.ts';
import { fileUrl } from './paths.ts';
import { openSession } from './session.ts';

/**
 * Encodes and decodes frames by the browser's encoders, as `npm run quality -- video` does: for train/video_data.py, so
 * that the networks see what a browser's streams look like. One JSON `EncodeJob` a line on standard input; for each,
 * one line on standard output: kbit/s, or a message that is not a number.
 */
// Listening from the start: lines that come while the browser opens would be lost.
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const session = await openSession();
session.saveFolder = '/';
for await (const line of lines) {
  const job = JSON.parse(line) as EncodeJob;
  try {
    console.log(await session.call<number>('encode', 'encode', job, fileUrl(job.input)));
  } catch (error) {
    console.log((error as Error).message);
  }
}
await session.close();
