import { defineConfig } from 'vite';

/** The demo site: `npm start` serves it, `npm run build` writes it to `site/`. */
export default defineConfig({
  base: './',
  assetsInclude: ['**/*.onnx'],
  server: { port: 5173 },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: {
    outDir: 'site',
    target: 'es2022',
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: ['index.html', 'demos/stream/index.html', 'demos/photo/index.html', 'demos/lab/index.html'],
    },
  },
});
