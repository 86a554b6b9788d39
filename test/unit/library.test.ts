import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const KILOBYTE = 1024;
/** A project that has upframe installed, and nothing else. */
const project = mkdtempSync(join(tmpdir(), 'upframe-library-'));
const installed = join(project, 'node_modules/upframe');
const out = join(installed, 'dist');

beforeAll(async () => {
  await build({ configFile: 'vite.lib.config.ts', logLevel: 'error', build: { outDir: out, emptyOutDir: true } });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** The file and everything it imports when it loads, and the packages it expects beside it. */
function loadedWith(file: string, seen = new Set<string>(), packages = new Set<string>()) {
  if (!seen.has(file)) {
    seen.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, name] of source.matchAll(
      /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^"';]*from\s*)?["']([^"']+)["']/g,
    )) {
      if (name!.startsWith('.')) loadedWith(join(dirname(file), name!), seen, packages);
      else packages.add(name!);
    }
  }
  return { files: [...seen], packages: [...packages] };
}

test('the core, twgl included and weights not, is at most 40 KB gzipped and pulls in no package', () => {
  const { files, packages } = loadedWith(join(out, 'index.js'));
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  console.log(`core: ${(size / KILOBYTE).toFixed(1)} KB gzipped in ${files.length} files`);
  expect(size).toBeLessThanOrEqual(40 * KILOBYTE);
  expect(size).toBeGreaterThan(10 * KILOBYTE);
  expect(packages).toEqual([]);
});

test('only upframe/three expects three, and none loads onnxruntime-web unasked', () => {
  expect(loadedWith(join(out, 'three.js')).packages).toEqual(['three']);
  for (const entry of ['video.js', 'element.js']) expect(loadedWith(join(out, entry)).packages, entry).toEqual([]);
});

test('a project without three and onnxruntime-web builds with it, and a server may import it', async () => {
  cpSync('package.json', join(installed, 'package.json'));
  const entry = join(project, 'main.js');
  writeFileSync(
    entry,
    "import { createUpscaler } from 'upframe';\nimport 'upframe/element';\nconsole.log(createUpscaler);\n",
  );
  await build({
    configFile: false,
    root: project,
    logLevel: 'error',
    build: { rolldownOptions: { input: entry }, outDir: join(project, 'site') },
  });
  const { UpframeVideo } = await import(join(out, 'element.js'));
  expect(UpframeVideo.name).toBeTypeOf('string');
});
