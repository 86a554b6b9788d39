import { METHODS, type UpscalerOptions } from './types.ts';

type Check = { allowed: string; ok: (value: unknown) => boolean };

const numberIn = (low: number, high: number) => (value: unknown) =>
  typeof value === 'number' && value >= low && value <= high;
const oneOf = (names: readonly string[]): Check => ({
  allowed: names.map((name) => `'${name}'`).join(', '),
  ok: (value) => names.includes(value as string),
});

const CHECKS: Record<keyof UpscalerOptions, Check> = {
  model: {
    allowed: 'a built-in name, a URL of an .onnx file, or its bytes',
    ok: (value) =>
      (typeof value === 'string' && value !== '') ||
      value instanceof URL ||
      value instanceof ArrayBuffer ||
      value instanceof Uint8Array,
  },
  method: oneOf(METHODS),
  ratio: { allowed: "a number from 1 to 3, or 'auto'", ok: (value) => value === 'auto' || numberIn(1, 3)(value) },
  targetFps: { allowed: 'a number from 1 to 240', ok: numberIn(1, 240) },
  sharpness: { allowed: 'a number from 0 to 1', ok: numberIn(0, 1) },
  compare: { allowed: 'a number from 0 to 1, or null', ok: (value) => value === null || numberIn(0, 1)(value) },
  compareWith: oneOf(METHODS),
  precision: oneOf(['auto', 'half', 'float']),
  backend: oneOf(['upframe', 'onnxruntime']),
  timing: { allowed: 'true or false', ok: (value) => typeof value === 'boolean' },
  onFallback: { allowed: 'a function', ok: (value) => typeof value === 'function' },
};

export type Settings = Required<UpscalerOptions>;

export const DEFAULTS: Settings = {
  model: 'image-s',
  method: 'network',
  ratio: 2,
  targetFps: 60,
  sharpness: 0,
  compare: null,
  compareWith: 'bilinear',
  precision: 'auto',
  backend: 'upframe',
  timing: true,
  onFallback: (message) => console.warn(message),
};

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'object' && value ? (value.constructor?.name ?? 'object') : String(value);
}

/**
 * The given options without the undefined ones.
 * @param extra further options a caller understands, with their checks
 * @throws naming the option, the value and what is allowed
 */
export function checkOptions<T extends object>(options: T, extra: Record<string, Check> = {}): T {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`upframe: options must be an object, not ${show(options)}`);
  }
  const checks: Record<string, Check | undefined> = { ...CHECKS, ...extra };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) throw new TypeError(`upframe: unknown option '${name}'; allowed: ${Object.keys(checks).join(', ')}`);
    if (!check.ok(value)) {
      throw new TypeError(`upframe: option '${name}' is ${show(value)}; allowed: ${check.allowed}`);
    }
  }
  return Object.fromEntries(given) as T;
}
