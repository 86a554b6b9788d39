import { existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import type { Gl } from './browser.ts';

/** What the commands share: options, errors, progress and tables. */

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

export const COMMON_OPTIONS = {
  ratio: { type: 'string' },
  models: { type: 'string' },
  methods: { type: 'string' },
  json: { type: 'string' },
  save: { type: 'string' },
  gl: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies OptionsConfig;

export function readArgs<T extends OptionsConfig>(options: T, args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Error(`upframe: ${(error as Error).message}`);
  }
}

/** Runs a command if its module is the program: its errors become one clear message and a non-zero exit. */
export async function main(module: string, command: (args: string[]) => Promise<void>): Promise<void> {
  if (fileURLToPath(module) !== realpathSync(process.argv[1] ?? '')) return;
  try {
    await command(process.argv.slice(2));
    process.exitCode = 0;
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    console.error(message.startsWith('upframe:') ? message : `upframe: ${message}`);
    if (process.env.DEBUG) console.error(stack);
    process.exitCode = 1;
  }
}

function bad(option: string, value: string, allowed: string): Error {
  return new Error(`upframe: --${option} is '${value}'; allowed: ${allowed}`);
}

export function readRatio(text = '2'): number {
  const ratio = Number(text);
  if (text.trim() === '' || !(ratio >= 1 && ratio <= 3)) throw bad('ratio', text, 'a number from 1 to 3');
  return ratio;
}

export function readWhole(option: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < low || value > high) {
    throw bad(option, text, `a whole number from ${low} to ${high}`);
  }
  return value;
}

export function readSize(text: string): [number, number] {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  const size: [number, number] = [Number(width), Number(height)];
  if (!size.every((length) => length >= 32 && length <= 8192)) {
    throw bad('size', text, 'WIDTHxHEIGHT in pixels, each 32 to 8192, such as 640x360');
  }
  return size;
}

export function readChoice<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  if (!allowed.includes(text as T)) throw bad(option, text, allowed.join(', '));
  return text as T;
}

/** What draws: see browser.ts. */
export function readGl(text: string | undefined): Gl | undefined {
  return text === undefined ? text : readChoice<Gl>('gl', text, ['auto', 'llvmpipe', 'swiftshader', 'none']);
}

export const readList = (text: string) => [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean);

/** An existing file or folder, as a full path. */
export function readPath(kind: 'file' | 'folder' | 'file or folder', path: string | undefined, what: string): string {
  if (!path) throw new Error(`upframe: ${what} is missing: give the path of a ${kind}`);
  const full = resolve(path);
  if (!existsSync(full)) throw new Error(`upframe: ${what} does not exist: ${full}`);
  const isFolder = statSync(full).isDirectory();
  if (kind === 'folder' && !isFolder) throw new Error(`upframe: ${what} is not a folder: ${full}`);
  if (kind === 'file' && isFolder) throw new Error(`upframe: ${what} is a folder, not a file: ${full}`);
  return full;
}

/** Checked before the work, so that an hour of it is not lost to a mistyped folder. */
export function writableFile(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const full = resolve(path);
  try {
    mkdirSync(dirname(full), { recursive: true });
    if (existsSync(full) && statSync(full).isDirectory()) throw new Error('it is a folder');
    return full;
  } catch (error) {
    throw new Error(`upframe: --${option} ${full} cannot be written: ${(error as Error).message}`);
  }
}

export const stem = (path: string) => basename(path, extname(path));

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
  console.log(`Written: ${path}`);
}

export interface Progress {
  update(done: number, label?: string): void;
  stop(): void;
}

/** A bar on stderr; where that is no terminal, a line now and then. */
export function progress(title: string, total: number): Progress {
  const bar = new cliProgress.SingleBar({
    format: `${title} [{bar}] {value}/{total} {label} {duration_formatted}, {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    etaBuffer: 20,
  });
  bar.start(total, 0, { label: '' });
  return {
    update: (done, label = '') => bar.update(done, { label }),
    stop: () => bar.stop(),
  };
}

/** Rows as aligned columns; numbers to the right. */
export function table(rows: Record<string, string | number>[]): string {
  if (rows.length === 0) return '';
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, i) =>
          typeof rows[0]![names[i]!] === 'number' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
