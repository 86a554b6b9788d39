import { defineConfig, type Plugin } from 'vite';

/** Shaders without comments, needless spaces and zeros. */
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
    const shader = lines
      .filter(Boolean)
      .join('\n')
      .replace(/([;{},(])\n(?!#)/g, '$1');
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
    rolldownOptions: {
      external: [/^three(\/|$)/, /^onnxruntime-web(\/|$)/],
      output: { minify: true }, // white space too, which Vite leaves in ES libraries
    },
  },
});
