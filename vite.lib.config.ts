import { defineConfig } from 'vite';

/** The library: four ESM entry points in `dist/`; built-in models become chunks that load on demand. */
export default defineConfig({
  assetsInclude: ['**/*.onnx'],
  publicDir: false,
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
