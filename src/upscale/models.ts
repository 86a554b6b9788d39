import type { Graph } from './graph.ts';
import { readModel } from './onnx.ts';

/** Built-in models, each a chunk of its own that loads when it is first used: the core holds no weights. */
const BUILT_IN: Record<string, () => Promise<{ default: string }>> = {
  'image-s': () => import('../../models/image-s.onnx?inline'),
  'image-m': () => import('../../models/image-m.onnx?inline'),
  'image-m-x3': () => import('../../models/image-m-x3.onnx?inline'),
  'image-l': () => import('../../models/image-l.onnx?inline'),
  'image-gan': () => import('../../models/image-gan.onnx?inline'),
  'screen-s': () => import('../../models/screen-s.onnx?inline'),
  'video-s': () => import('../../models/video-s.onnx?inline'),
  'video-m': () => import('../../models/video-m.onnx?inline'),
  'game-s': () => import('../../models/game-s.onnx?inline'),
  'game-m': () => import('../../models/game-m.onnx?inline'),
};

export const builtInModels: readonly string[] = Object.keys(BUILT_IN);

/** Those that make a picture out of colour alone, at any ratio: game-* need depth and motion beside it. */
export const pictureModels: readonly string[] = builtInModels.filter((name) => !/^game-|-x3$/.test(name));

/** A model as the CPU keeps it: enough to rebuild everything on the GPU after a context loss. */
export interface Model {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** null where another runtime reads the file. */
  readonly graph: Graph | null;
  /** A network of its own for ratios above 2: the built-in one named so with -x3 at its end, where there is one. */
  readonly triple?: Graph | null;
}

/** Decoded here rather than fetched: a page's content security policy may forbid fetching data URLs. */
async function inlined(file: (typeof BUILT_IN)[string]): Promise<Uint8Array> {
  const { default: url } = await file();
  return Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (character) => character.charCodeAt(0));
}

async function fetched(url: string): Promise<Uint8Array> {
  let wrong: unknown;
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    wrong = `HTTP ${response.status}`;
  } catch (error) {
    wrong = (error as Error).message;
  }
  throw new Error(`upframe: model '${url}' could not be loaded: ${wrong}`);
}

/**
 * Loads and reads a model: a built-in name, a URL (anything with a slash, a colon or '.onnx') or the bytes of an ONNX file.
 * @throws `upframe:` errors for unknown names, failed downloads and files that cannot be read
 */
export async function loadModel(
  model: string | URL | ArrayBuffer | Uint8Array,
  backend: 'upframe' | 'onnxruntime' = 'upframe',
): Promise<Model> {
  const read = (bytes: Uint8Array, name: string): Model => ({
    name,
    bytes,
    graph: backend === 'upframe' ? readModel(bytes, name) : null,
  });
  if (model instanceof ArrayBuffer || model instanceof Uint8Array) {
    return read(new Uint8Array(model), 'custom');
  }
  const name = String(model);
  const builtIn = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  if (!builtIn && !/[/:]|\.onnx$/.test(name)) {
    throw new Error(
      `upframe: option 'model' is '${name}'; allowed: ${builtInModels.join(', ')}, a URL of an .onnx file, or its bytes`,
    );
  }
  const made = read(await (builtIn ? inlined(builtIn) : fetched(name)), name);
  const triple = BUILT_IN[`${name}-x3`];
  return triple ? { ...made, triple: read(await inlined(triple), name).graph } : made;
}
