import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const examples = readdirSync(new URL('demos/examples', import.meta.url)).filter((name) => name.endsWith('.html'));

/** The demo site: `npm start` serves it, `npm run build` writes it to `site/`. */
export default defineConfig({
  base: './',
  assetsInclude: ['**/*.onnx'],
  // The examples import the library as its users do.
  resolve: {
    alias: [
      { find: /^upframe$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
      {
        find: /^upframe\/(three|video|element)$/,
        replacement: `${fileURLToPath(new URL('src', import.meta.url))}/$1.ts`,
      },
    ],
  },
  server: { port: 5173 },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: {
    outDir: 'site',
    target: 'es2022',
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      input: [
        'index.html',
        ...['stream', 'photo', 'lab'].map((name) => `demos/${name}/index.html`),
        ...examples.map((name) => `demos/examples/${name}`),
      ],
    },
  },
});
