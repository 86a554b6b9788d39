import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { launchBrowser } from './browser.ts';
import { progress } from './cli.ts';
import { ROOT } from './paths.ts';
import { startServer } from './server.ts';

/** `npm run screenshots`: the pictures of the demos that the README and docs show, as a browser draws them. */
const SHOTS = [
  { name: 'game', path: '/index.html?size=1280x720&time=6', frames: 48 },
  { name: 'stream', path: '/demos/stream/index.html', frames: 60 },
  { name: 'photo', path: '/demos/photo/index.html' },
  { name: 'lab', path: '/demos/lab/index.html?auto=1&scene=interior&size=640x360&frames=2', done: true },
];

const folder = resolve(ROOT, 'docs');
mkdirSync(folder, { recursive: true });
const server = await startServer();
const browser = await launchBrowser({ webcam: true });
const bar = progress('Screenshots', SHOTS.length);
try {
  for (const [i, { name, path, done, frames = 0 }] of SHOTS.entries()) {
    const page = await browser.newPage();
    // A tab the browser takes for hidden draws no frames.
    const session = await page.createCDPSession();
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    await page.setViewport({ width: 1280, height: 720 });
    await page.goto(server.url + path);
    await page.waitForSelector(`html[data-${done ? 'done' : 'ready'}="true"]`, { timeout: 180_000 });
    // Rates and medians need some frames behind them.
    await page.waitForFunction(
      `(() => { const rate = document.querySelector('.hud-fps'); return !rate || Number.parseFloat(rate.textContent) > 0; })()`,
      { timeout: 180_000 },
    );
    // And pictures that gather some, in a world that stands, or an encoder that finds its rate.
    await page.evaluate(
      `new Promise((shown) => { let left = ${frames}; const next = () => (left-- > 0 ? requestAnimationFrame(next) : shown()); next(); })`,
    );
    await page.screenshot({ path: resolve(folder, `${name}.png`) });
    await page.close();
    bar.update(i + 1, 'pages');
  }
} finally {
  bar.stop();
  await browser.close();
  await server.close();
}
