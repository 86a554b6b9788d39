import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { progress, readGl, readPath, readRatio, readSize, readWhole, stem, writableFile } from './cli.ts';
import { builtInNames, COMMON_MODELS, GAME_MODELS, readMethods } from './methods.ts';
import type { FrameFigures } from './pages/frames.ts';
import { fileUrl, ROOT } from './paths.ts';
import type { QualityArgs } from './quality.ts';
import { report } from './report.ts';
import { openSession } from './session.ts';

/** The path of a scene module: as given, or one of perf/scenes by its name. */
function sceneModule(path: string | undefined): string {
  const folder = resolve(ROOT, 'perf/scenes');
  const own = readdirSync(folder)
    .filter((name) => /\.ts$/.test(name) && name !== 'helpers.ts')
    .map(stem);
  if (path && own.includes(path)) return resolve(folder, `${path}.ts`);
  if (!path || (!existsSync(path) && !/[/\\.]/.test(path))) {
    throw new Error(`upframe: scene module '${path ?? ''}' is not known; allowed: a path, or ${own.join(', ')}`);
  }
  return readPath('file', path, 'the scene module');
}

/** One scene, rendered at fixed times by every method, against supersampled truth. */
export async function qualityScene(path: string | undefined, args: QualityArgs): Promise<void> {
  const ratio = readRatio(args.ratio);
  const module = sceneModule(path);
  const size = readSize(args.size ?? '640x360');
  const frames = readWhole('frames', args.frames ?? '64', 1, 100_000);
  const specs = readMethods(args, 'scene', builtInNames(), [...COMMON_MODELS, ...GAME_MODELS]);
  const json = writableFile('json', args.json);
  const session = await openSession(readGl(args.gl));
  try {
    session.saveFolder = args.save && resolve(args.save);
    const setup = { module: fileUrl(module), specs, ratio, size, frames, save: Boolean(args.save) };
    const about = await session.call<{ cuts: number[]; samples: number; step: number }>('scene', 'setup', setup);
    const bar = progress('Rendering', frames);
    try {
      for (let frame = 0; frame < frames; frame++) {
        await session.call('scene', 'frame', frame);
        bar.update(frame + 1, 'frames');
      }
    } finally {
      bar.stop();
    }
    const figures = await session.call<Record<string, FrameFigures>>('scene', 'results');
    const rows = specs.map(({ name }) => ({ item: stem(module), method: name, ratio, size, ...figures[name]! }));
    report(
      `Scene ${stem(module)} at ${size.join('x')}, ratio ${ratio}, ${frames} frames of 1/${Math.round(1 / about.step)} s, truth of ${about.samples} samples a pixel`,
      { ...session.environment, ...about, frames },
      rows,
      json,
    );
  } finally {
    await session.close();
  }
}
