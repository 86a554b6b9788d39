import type { TestProject } from 'vitest/node';
import { launchBrowser, rendererName } from '../perf/browser.ts';
import { startServer } from '../perf/server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    browserEndpoint: string;
    serverUrl: string;
    renderer: string;
  }
}

/** One server and one browser for the whole run; test files reach them through test/page.ts. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const browser = await launchBrowser({ webcam: true });
  const renderer = (await rendererName(browser)) ?? 'none';
  console.log(`Browser: ${await browser.version()}, WebGL2 renderer: ${renderer}`);
  project.provide('browserEndpoint', browser.wsEndpoint());
  project.provide('serverUrl', server.url);
  project.provide('renderer', renderer);
  return async () => {
    await browser.close();
    await server.close();
  };
}
