import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createServer } from 'vite';
import { ROOT } from './paths.ts';

export { fileUrl, ROOT } from './paths.ts';

export interface Server {
  /** Base address, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** Serves the repository, and modules anywhere on disk, to a browser on this machine: a Vite server with nothing live about it. */
export async function startServer(): Promise<Server> {
  // A cache of its own: several commands may run at once, each with its own server.
  const cacheDir = resolve(ROOT, 'node_modules', '.vite', `upframe-${process.pid}`);
  const server = await createServer({
    root: ROOT,
    configFile: resolve(ROOT, 'vite.config.ts'),
    cacheDir,
    logLevel: 'error',
    clearScreen: false,
    appType: 'mpa',
    // Modules outside the repository get our three, so that there is only one.
    resolve: { dedupe: ['three'] },
    // All that pages import are ES modules; bundling some on the way would reload a page in mid-run.
    optimizeDeps: { noDiscovery: true },
    server: {
      host: '127.0.0.1',
      port: 0,
      strictPort: false,
      open: false,
      hmr: false,
      watch: null,
      fs: { strict: false, allow: ['/'] },
      // Cross-origin isolation: precise clocks, and threads for onnxruntime's wasm.
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('upframe: the local server did not start');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      await server.close();
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}
