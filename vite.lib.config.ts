import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const files = readdirSync('src/shaders', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(glsl|frag|vert)$/.test(file),
);
const shaders = new Map(files.map((file) => [file, readFileSync(`src/shaders/${file}`, 'utf8')]));

const DECLARED = /\b(?:float|bool|u?int|[iu]?vec[234]|mat[234]) (\w+)(\(?)/g;

/** Names that a shader declares within functions, parameters included, and those it declares outside of them. */
function declaredIn(shader: string): { locals: Set<string>; globals: Set<string> } {
  const [locals, globals] = [new Set<string>(), new Set<string>()];
  for (const { index, 1: name, 2: call } of shader.matchAll(DECLARED)) {
    const before = shader.slice(0, index);
    const nested = before.split(/[{(]/).length > before.split(/[})]/).length;
    (nested && !call ? locals : globals).add(name!);
  }
  return { locals, globals };
}

/** Names that no shader's locals may lose: what any shader declares outside of functions, components, words for the preprocessor. */
const kept = new Set(
  [...shaders.values()].flatMap((text) => {
    const bare = text.replace(/\/\/.*/g, '');
    return [...declaredIn(bare).globals, ...(bare.match(/(?<=\.)\w+|(?<=^#.*)\w+/gm) ?? [])];
  }),
);

/** Single capitals in the place of the names that live within functions alone; not where other code, included later, may read them. */
function shortLocals(shader: string): string {
  if (shader.includes('#include')) return shader;
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((letter) => !new RegExp(`\\b${letter}\\b`).test(shader));
  const long = [...declaredIn(shader).locals].filter((name) => name.length > 1 && !kept.has(name));
  return long.reduce((text, name) => {
    const short = free.shift();
    return short ? text.replace(new RegExp(`\\b${name}\\b`, 'g'), short) : text;
  }, shader);
}

/** Shaders without comments, needless spaces, zeros and names of numbers: those are an eighth of what the core would weigh gzipped. */
const lightShaders: Plugin = {
  name: 'light-shaders',
  transform(code, id) {
    const text = /\.(glsl|frag|vert)\?raw$/.test(id) && /^export default (".*?");?\s*$/s.exec(code)?.[1];
    if (!text) return null;
    const lines = (JSON.parse(text) as string).split('\n').map((line) => {
      const bare = line.replace(/\/\/.*/, '').trim();
      if (bare.startsWith('#')) return bare;
      const tight = bare.replace(/ ?([=*/%<>?:,;(){}&|]) ?/g, '$1').replace(/ ?([+-]) (?![+-])/g, '$1');
      return tight.replace(/(\d\.)0\b/g, '$1').replace(/\b0(\.\d)/g, '$1');
    });
    let shader = lines
      .filter(Boolean)
      .join('\n')
      .replace(/([;{},(])\n(?!#)/g, '$1');
    for (const [whole, name, number] of shader.matchAll(/const (?:float|int) (\w+)=([\d.]+(?:e-?\d+)?);/g)) {
      // Those of a .glsl file may be used by the shaders it goes into.
      const word = new RegExp(`\\b${name}\\b`, 'g');
      const usedIn = ([file, other]: [string, string]) => !id.includes(`/${file}?`) && other.search(word) >= 0;
      if (id.includes('.glsl') && [...shaders].some(usedIn)) continue;
      shader = shader.replace(whole, '').replace(word, number!);
    }
    return { code: `export default ${JSON.stringify(`${shortLocals(shader)}\n`)}`, map: null };
  },
};

/** The library: four ESM entry points in `dist/`; built-in models become chunks that load on demand. */
export default defineConfig({
  assetsInclude: ['**/*.onnx'],
  publicDir: false,
  plugins: [lightShaders],
  build: {
    outDir: 'dist',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    lib: {
      entry: { index: 'src/index.ts', three: 'src/three.ts', video: 'src/video.ts', element: 'src/element.ts' },
      formats: ['es'],
    },
    rolldownOptions: { external: [/^three(\/|$)/, /^onnxruntime-web(\/|$)/] },
  },
});
