/** Runs in the page: wraps a context so that a test can count its live objects and the calls made. */

const KINDS = [
  'Texture',
  'Framebuffer',
  'Renderbuffer',
  'Buffer',
  'Program',
  'Shader',
  'VertexArray',
  'Sampler',
  'Query',
];

export interface Watch {
  /** Objects created and not deleted, by kind, since the context began or was last lost. */
  live(): Record<string, number>;
  /** Calls by name since the last `clear`. */
  calls: Map<string, number>;
  clear(): void;
}

export function watch(gl: WebGL2RenderingContext): Watch {
  const alive = new Map<string, Set<object>>(KINDS.map((kind) => [kind, new Set()]));
  const calls = new Map<string, number>();
  const methods = gl as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name in gl) {
    const original = methods[name];
    if (typeof original !== 'function') continue;
    const created = alive.get(name.replace(/^create/, ''));
    const deleted = alive.get(name.replace(/^delete/, ''));
    methods[name] = (...args) => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      const result = original.apply(gl, args);
      if (created && name.startsWith('create') && result) created.add(result as object);
      if (deleted && name.startsWith('delete') && args[0]) deleted.delete(args[0] as object);
      return result;
    };
  }
  // What a lost context held is gone with it.
  gl.canvas.addEventListener('webglcontextlost', () => {
    for (const set of alive.values()) set.clear();
  });
  return {
    live: () => Object.fromEntries([...alive].map(([kind, set]) => [kind, set.size])),
    calls,
    clear: () => calls.clear(),
  };
}

/** Calls that make an object, look something up by name, or wait for the GPU: none belongs in a frame. */
export function costlyCalls(calls: Map<string, number>): string[] {
  const costly =
    /^(create|getUniformLocation|getAttribLocation|getActive|getError|finish|readPixels|getBufferSubData|clientWaitSync)/;
  return [...calls.keys()].filter((name) => costly.test(name));
}
