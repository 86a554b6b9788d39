import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deflateSync } from 'node:zlib';
import { inject } from 'vitest';

/** What the tests of the commands share: running them as a user does, and pictures to run them on. */

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Outcome {
  code: number | null;
  out: string;
  error: string;
}

export type Command = 'quality' | 'upscale';

/** Runs perf/<command>.ts in a process of its own, as `npm run <command> -- ...` does, with the tests' browser lent to it. */
export function run(command: Command, ...args: string[]): Promise<Outcome> {
  return start(command, args, { UPFRAME_SHARED: `${inject('browserEndpoint')} ${inject('serverUrl')}` });
}

/** The same with a browser and a server of its own. */
export const runAlone = (command: Command, ...args: string[]) => start(command, args, {});

function start(command: Command, args: string[], environment: Record<string, string>): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'perf', `${command}.ts`), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
    });
    let out = '';
    let error = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      error += text;
    });
    child.on('close', (code) => done({ code, out, error }));
  });
}

/** Runs a command that has to succeed. */
export async function succeed(command: Command, ...args: string[]): Promise<Outcome> {
  return checked(await run(command, ...args), command, args);
}

export function checked(outcome: Outcome, command: Command, args: string[]): Outcome {
  if (outcome.code !== 0) throw new Error(`${command} ${args.join(' ')} exited ${outcome.code}:\n${outcome.error}`);
  return outcome;
}

export const temporary = () => mkdtempSync(join(tmpdir(), 'upframe-test-'));

type Color = readonly [number, number, number, number?];

/** A PNG of RGBA, drawn by a function. */
export function writePng(path: string, width: number, height: number, color: (x: number, y: number) => Color): void {
  const raw = Buffer.alloc(height * (width * 4 + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b, a = 255] = color(x, y);
      raw.set(
        [r, g, b, a].map((value) => Math.max(0, Math.min(255, Math.round(value)))),
        y * (width * 4 + 1) + 1 + x * 4,
      );
    }
  }
  const chunk = (type: string, body: Buffer) => {
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length);
    out.write(type, 4, 'latin1');
    body.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const parts = [signature, chunk('IHDR', header), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))];
  writeFileSync(path, Buffer.concat(parts));
}

function crc32(bytes: Buffer): number {
  let c = -1;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
  }
  return ~c >>> 0;
}

/** Discs, bars and letters-like strokes with soft edges: detail of the kind that networks restore and filters blur. */
export function drawing(seed: number, shiftX = 0): (x: number, y: number) => Color {
  const edge = (distance: number) => Math.min(1, Math.max(0, 0.5 - distance));
  return (px, y) => {
    const x = px + shiftX;
    const disc = edge(Math.hypot(x - 40 - seed * 7, y - 36) - 22 - seed);
    const ring = edge(Math.abs(Math.hypot(x - 100, y - 50 + seed * 3) - 24) - 1.5);
    const bars = edge(Math.abs(((x * 0.9 + y * (0.3 + seed * 0.1)) % 14) - 7) - 2.2) * edge(y * -1 + 70);
    const stroke = edge(Math.abs(y - 20 - 12 * Math.sin((x + seed * 9) * 0.09)) - 1.2);
    const base = 70 + 60 * Math.sin(x * 0.012 + seed) + y * 0.5;
    const level = base * (1 - bars) + 215 * bars;
    const mix = (background: number, color: number, part: number) => background * (1 - part) + color * part;
    return [
      mix(mix(mix(level, 230, disc), 25, ring), 245, stroke),
      mix(mix(mix(level, 120, disc), 40, ring), 240, stroke),
      mix(mix(mix(level * 0.8, 40, disc), 120, ring), 220, stroke),
    ];
  };
}
