import { existsSync, readdirSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { readList, readPath, stem } from './cli.ts';
import { fileUrl, ROOT } from './paths.ts';

/** One way to make the picture, as data that can be sent to the page. `name` is what rows are labelled with. */
export interface MethodSpec {
  readonly name: string;
  readonly kind: 'filter' | 'model' | 'native' | 'module';
  /** Model: a built-in name or URL. Module: its URL. Otherwise the name. */
  readonly source: string;
}

export const FILTERS = ['nearest', 'bilinear', 'bicubic', 'lanczos', 'fsr1'] as const;
export const NATIVES = ['native', 'native-msaa4', 'native-smaa'] as const;

const looksLikePath = (text: string) => /[/\\]/.test(text) || extname(text) !== '';

/** What is timed and drawn in scenes unless asked otherwise: the other networks have one of their shapes, or take far longer. */
export const COMMON_MODELS = ['image-s', 'image-m'] as const;
/** And those that only scenes can be drawn by. */
export const GAME_MODELS = ['game-s', 'game-m'] as const;

/** Built-in names are the .onnx files that ship; the library's own list decides in the end. */
export function builtInNames(): string[] {
  return readdirSync(resolve(ROOT, 'models'))
    .filter((name) => name.endsWith('.onnx'))
    .map(stem)
    .sort();
}

/** Those that make a picture out of colour alone. */
export const pictureNames = () => builtInNames().filter((name) => !name.startsWith('game-'));

function modelOf(text: string, builtIn: readonly string[]): MethodSpec {
  if (builtIn.includes(text)) return { name: text, kind: 'model', source: text };
  if (looksLikePath(text)) {
    const path = readPath('file', text, 'model');
    if (extname(path) !== '.onnx') throw new Error(`upframe: model is not an .onnx file: ${path}`);
    return { name: stem(path), kind: 'model', source: fileUrl(path) };
  }
  throw new Error(`upframe: unknown model '${text}'; allowed: ${builtIn.join(', ')}, or the path of an .onnx file`);
}

function methodOf(text: string, names: readonly string[], builtIn: readonly string[]): MethodSpec {
  if (names.includes(text)) {
    return { name: text, kind: text.startsWith('native') ? 'native' : 'filter', source: text };
  }
  if (builtIn.includes(text) || extname(text) === '.onnx') return modelOf(text, builtIn);
  const peer = resolve(ROOT, 'perf/peers', `${text}.ts`);
  if (existsSync(peer)) return { name: text, kind: 'module', source: fileUrl(peer) };
  if (looksLikePath(text)) {
    const path = readPath('file', text, 'method');
    return { name: stem(path), kind: 'module', source: fileUrl(path) };
  }
  const allowed = [...names, ...builtIn].join(', ');
  throw new Error(`upframe: unknown method '${text}'; allowed: ${allowed}, or the path of a module with createMethod`);
}

/**
 * The methods to compare. Nothing asked for: every filter (and native, for scenes) and `defaultModels`.
 * `--methods` replaces all of that with its list; `--models` chooses the networks. Either may be 'none'.
 */
export function readMethods(
  asked: { methods?: string | undefined; models?: string | undefined },
  kind: 'pictures' | 'scene',
  builtIn: readonly string[],
  // Networks for x3 stand in for others where the ratio asks for it.
  defaultModels: readonly string[] = builtIn.filter((name) => !name.endsWith('-x3')),
): MethodSpec[] {
  const names: string[] = kind === 'scene' ? [...NATIVES, ...FILTERS, 'temporal'] : [...FILTERS];
  const list = (text: string) => (text === 'none' ? [] : readList(text));
  const methods = asked.methods === undefined ? names : list(asked.methods);
  const models = asked.models === undefined ? (asked.methods === undefined ? defaultModels : []) : list(asked.models);
  const specs = [
    ...methods.map((text) => methodOf(text, names, builtIn)),
    ...models.map((text) => modelOf(text, builtIn)),
  ];
  if (specs.length === 0) throw new Error('upframe: nothing to compare: --methods and --models are both empty');
  const seen = new Map<string, string>();
  return specs.flatMap((spec) => {
    const other = seen.get(spec.name);
    if (other === spec.source) return [];
    // Two files of one name must stay apart in the rows.
    const name = other === undefined ? spec.name : decodeURIComponent(spec.source.replace('/@fs', ''));
    seen.set(name, spec.source);
    return [{ ...spec, name }];
  });
}
