/** URL parameters, read strictly: a bad value is reported and the default stands, so a shared link never breaks the page. */
export interface Params {
  text(name: string): string | null;
  /** A number inside [min, max], or the default. */
  number(name: string, fallback: number, min: number, max: number): number;
  /** One of `allowed`, or the default. */
  choice<T extends string>(name: string, fallback: T, allowed: readonly T[]): T;
  /** '1280x720' as [1280, 720]. */
  size(name: string): [number, number] | null;
  has(name: string): boolean;
  /** What was wrong, one line each, for a toast. */
  problems: string[];
}

/** Reads `location.search`, or the given query. */
export function readParams(search: string = location.search): Params {
  const query = new URLSearchParams(search);
  const problems: string[] = [];
  return {
    problems,
    has: (name) => query.has(name),
    text: (name) => query.get(name),
    number(name, fallback, min, max) {
      const raw = query.get(name);
      if (raw === null) return fallback;
      const value = Number(raw);
      if (raw.trim() !== '' && value >= min && value <= max) return value;
      problems.push(`?${name}=${raw}: a number from ${min} to ${max} is allowed`);
      return fallback;
    },
    choice(name, fallback, allowed) {
      const raw = query.get(name);
      if (raw === null) return fallback;
      const value = allowed.find((entry) => entry === raw);
      if (value !== undefined) return value;
      problems.push(`?${name}=${raw}: allowed are ${allowed.join(', ')}`);
      return fallback;
    },
    size(name) {
      const raw = query.get(name);
      if (raw === null) return null;
      const match = /^(\d{1,4})x(\d{1,4})$/.exec(raw);
      const [width, height] = [Number(match?.[1]), Number(match?.[2])];
      if (match && width >= 16 && height >= 16) return [width, height];
      problems.push(`?${name}=${raw}: WIDTHxHEIGHT from 16x16 is allowed`);
      return null;
    },
  };
}
