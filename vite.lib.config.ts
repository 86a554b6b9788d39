import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const files = readdirSync('src/shaders', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.(glsl|frag|vert)$/.test(file),
);
const shaders = new Map(files.map((file) => [file, readFileSync(`src/shaders/${file}`, 'utf8')]));

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
    return { code: `export default ${JSON.stringify(`${shader}\n`)}`, map: null };
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
