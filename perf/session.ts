import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import type { Gl } from './browser.ts';
import { callInPage } from './call.ts';
import { ROOT } from './paths.ts';

export interface Environment {
  renderer: string;
  userAgent: string;
  commit: string;
  date: string;
}

/** A browser page with the project served to it: the commands do their work there, and only drive it from Node. */
export interface Session {
  readonly page: Page;
  readonly environment: Environment;
  /** Calls an export of a module of perf/pages ('images' or '/a/full/path.ts') with JSON arguments. */
  call<T>(module: string, name: string, ...args: unknown[]): Promise<T>;
  /** Where `save` of perf/pages/picture.ts writes; unset, saving is an error. */
  saveFolder: string | undefined;
  close(): Promise<void>;
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim();
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', 'HEAD') + (changed ? '+changes' : '');
  } catch {
    return 'unknown';
  }
}

/** What a session stands on, and how each part is given back. */
interface Ground {
  browser: Browser;
  url: string;
  closers: (() => Promise<void>)[];
}

/** UPFRAME_SHARED ('<browser websocket> <server address>') names a browser and a server that run already: tests lend theirs. */
async function openGround(gl: Gl): Promise<Ground> {
  const [endpoint, url] = process.env.UPFRAME_SHARED?.split(' ') ?? [];
  if (endpoint && url) {
    const { default: puppeteer } = await import('puppeteer-core');
    const browser = await puppeteer.connect({ browserWSEndpoint: endpoint, protocolTimeout: 30 * 60_000 });
    return { browser, url, closers: [() => browser.disconnect()] };
  }
  // Loaded now and not before: a mistake in the command line should show at once.
  const [{ launchBrowser }, { startServer }] = await Promise.all([import('./browser.ts'), import('./server.ts')]);
  const server = await startServer();
  try {
    const browser = await launchBrowser({ gl });
    return { browser, url: server.url, closers: [() => server.close(), () => browser.close()] };
  } catch (error) {
    await server.close();
    throw error;
  }
}

export async function openSession(gl: Gl = 'auto'): Promise<Session> {
  const { browser, url, closers } = await openGround(gl);
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const page = await browser.newPage();
    closers.push(() => page.close());
    // A page that dies answers no more calls: without this the command would wait for ever.
    let crash: (error: Error) => void = () => {};
    const crashed = new Promise<never>((_, reject) => {
      crash = reject;
    });
    crashed.catch(() => {});
    page.on('error', (error) =>
      crash(new Error(`upframe: the browser page crashed (${error.message}); out of memory?`)),
    );
    browser.once('disconnected', () => crash(new Error('upframe: the browser closed')));
    if (process.env.DEBUG) page.on('console', (message) => console.error(`[page] ${message.text()}`));
    await page.goto(`${url}/perf/pages/work.html`);
    const call = <T>(module: string, name: string, ...args: unknown[]) =>
      Promise.race([
        callInPage<T>(page, module.includes('/') ? module : `/perf/pages/${module}.ts`, name, args),
        crashed,
      ]);
    const { renderer, userAgent } = await call<{ renderer: string; userAgent: string }>('picture', 'about');
    const session: Session = {
      page,
      environment: { renderer, userAgent, commit: commit(), date: new Date().toISOString() },
      call,
      saveFolder: undefined,
      close,
    };
    await page.exposeFunction('upframeSave', (name: string, base64: string) => {
      if (!session.saveFolder) throw new Error('upframe: nowhere to save to');
      const path = resolve(session.saveFolder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, Buffer.from(base64, 'base64'));
    });
    return session;
  } catch (error) {
    await close();
    throw error;
  }
}
