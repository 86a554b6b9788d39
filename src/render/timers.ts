/** The constants of EXT_disjoint_timer_query_webgl2, which TypeScript's DOM types lack. */
const TIME_ELAPSED = 0x88bf;
const GPU_DISJOINT = 0x8fbb;

/** Medians over this many samples ride out the odd descheduled frame. */
const WINDOW = 31;

/** One frame in so many is timed: queries between passes keep a GPU from overlapping them (8% of a frame on llvmpipe). */
const INTERVAL = 5;

export interface Timers {
  /** Whether this context has GPU timer queries. */
  readonly available: boolean;
  /** Turned off, begin and end cost nothing. */
  enabled: boolean;
  begin(name: string): void;
  end(): void;
  /** Call once a frame, at its end: collects finished queries without waiting for any. */
  poll(): void;
  /** Median milliseconds a pass, by name; passes not seen since the last `clear` are absent. */
  passes(): Record<string, number>;
  clear(): void;
  dispose(): void;
}

/** Median of the values, 0 for none. */
export function median(values: readonly number[]): number {
  if (!values.length) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** GPU time a pass, from pooled EXT_disjoint_timer_query_webgl2 queries. */
export function createTimers(gl: WebGL2RenderingContext): Timers {
  const available = gl.getExtension('EXT_disjoint_timer_query_webgl2') !== null;
  const pool: WebGLQuery[] = [];
  const pending: { name: string; query: WebGLQuery }[] = [];
  const samples = new Map<string, number[]>();
  let open: string | null = null;
  let frame = 0;

  const record = (name: string, ms: number): void => {
    let list = samples.get(name);
    if (!list) samples.set(name, (list = []));
    list.push(ms);
    if (list.length > WINDOW) list.shift();
  };

  return {
    available,
    enabled: false,
    begin(name) {
      if (
        !available ||
        !this.enabled ||
        frame % INTERVAL ||
        open !== null ||
        gl.getQuery(TIME_ELAPSED, gl.CURRENT_QUERY)
      )
        return;
      const query = pool.pop() ?? gl.createQuery();
      if (!query) return;
      gl.beginQuery(TIME_ELAPSED, query);
      pending.push({ name, query });
      open = name;
    },
    end() {
      if (open === null) return;
      gl.endQuery(TIME_ELAPSED);
      open = null;
    },
    poll() {
      frame++;
      if (!pending.length) return;
      const disjoint = gl.getParameter(GPU_DISJOINT) as boolean;
      while (pending.length && gl.getQueryParameter(pending[0]!.query, gl.QUERY_RESULT_AVAILABLE)) {
        const { name, query } = pending.shift()!;
        if (!disjoint) record(name, gl.getQueryParameter(query, gl.QUERY_RESULT) / 1e6);
        pool.push(query);
      }
    },
    passes() {
      const result: Record<string, number> = {};
      for (const [name, list] of samples) result[name] = median(list);
      return result;
    },
    clear() {
      samples.clear();
      frame = 0;
    },
    dispose() {
      for (const { query } of pending) gl.deleteQuery(query);
      for (const query of pool) gl.deleteQuery(query);
      pending.length = 0;
      pool.length = 0;
    },
  };
}
