import type { Page } from 'puppeteer-core';

/**
 * Imports a module in the page through Vite, calls one of its exports with JSON arguments, and gives back what it returns (JSON).
 * Sent as text: bundlers and test runners rewrite `import()` and names in functions they see, which the page would not know.
 */
export async function callInPage<T = unknown>(page: Page, module: string, name: string, args: unknown[]): Promise<T> {
  const outcome = (await page.evaluate(`(async () => {
    try {
      const exports = await import(${JSON.stringify(module)});
      if (typeof exports[${JSON.stringify(name)}] !== 'function') throw new Error(${JSON.stringify(`${module} exports no function ${name}`)});
      return { value: await exports[${JSON.stringify(name)}](...${JSON.stringify(args)}) };
    } catch (error) {
      return { message: String(error?.message ?? error), stack: String(error?.stack ?? error) };
    }
  })()`)) as { value: T } | { message: string; stack: string };
  if ('value' in outcome || !('message' in outcome)) return (outcome as { value: T }).value;
  const error = new Error(outcome.message);
  error.stack = `${outcome.stack}\n    called as ${module} ${name}()`;
  throw error;
}
