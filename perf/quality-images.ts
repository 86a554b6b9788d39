import { readdirSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { progress, readGl, readPath, readRatio, stem, writableFile } from './cli.ts';
import { pictureNames, readMethods } from './methods.ts';
import type { Figures, Prepared } from './pages/images.ts';
import { fileUrl } from './paths.ts';
import type { QualityArgs } from './quality.ts';
import { type Row, report } from './report.ts';
import { openSession } from './session.ts';

const PICTURES = ['.png', '.jpg', '.jpeg', '.webp', '.bmp', '.gif', '.avif'];

/** The pictures of a folder, in the order of their names. */
export function picturesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => PICTURES.includes(extname(name).toLowerCase()));
  if (names.length === 0) throw new Error(`upframe: no pictures (${PICTURES.join(', ')}) in ${folder}`);
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((name) => join(folder, name));
}

/** What rows and saved files call a picture: its name without the ending, unless that would name two of them. */
function itemOf(file: string, all: readonly string[]): string {
  return all.filter((other) => stem(other) === stem(file)).length > 1 ? basename(file) : stem(file);
}

/** Pictures as truth: shrunk by bicubic with antialiasing, upscaled by every method, compared on luma and on colour. */
export async function qualityImages(path: string | undefined, args: QualityArgs): Promise<void> {
  const ratio = readRatio(args.ratio);
  const folder = readPath('folder', path, 'the folder of pictures');
  const files = picturesIn(folder);
  const methods = readMethods(args, 'pictures', pictureNames());
  const json = writableFile('json', args.json);
  const session = await openSession(readGl(args.gl));
  try {
    session.saveFolder = args.save && resolve(args.save);
    await session.call('images', 'setup', methods, ratio);
    const rows: Row[] = [];
    const bar = progress('Comparing', files.length * methods.length);
    try {
      for (const file of files) {
        const item = itemOf(file, files);
        const sizes = await session.call<Prepared>(
          'images',
          'prepare',
          fileUrl(file),
          basename(file),
          item,
          Boolean(args.save),
        );
        for (const { name } of methods) {
          const figures = await session.call<Figures>('images', 'measure', name, item, Boolean(args.save));
          rows.push({ item, method: name, ratio, ...figures, ...sizes });
          bar.update(rows.length, `${item} ${name}`);
        }
      }
    } finally {
      bar.stop();
    }
    report(`${files.length} pictures of ${folder}, ratio ${ratio}`, session.environment as never, rows, json);
  } finally {
    await session.close();
  }
}
