import type { Graph } from './graph.ts';
import { readModel } from './onnx.ts';

/** Built-in models, each a chunk of its own that loads when it is first used: the core holds no weights. */
const BUILT_IN: Record<string, () => Promise<{ default: string }>> = {
  'image-s': () => import('../../models/image-s.onnx?inline'),
  'image-m': () => import('../../models/image-m.onnx?inline'),
  'image-l': () => import('../../models/image-l.onnx?inline'),
  'image-gan': () => import('../../models/image-gan.onnx?inline'),
  'screen-s': () => import('../../models/screen-s.onnx?inline'),
  'video-s': () => import('../../models/video-s.onnx?inline'),
  'video-m': () => import('../../models/video-m.onnx?inline'),
  'game-s': () => import('../../models/game-s.onnx?inline'),
  'game-m': () => import('../../models/game-m.onnx?inline'),
};

export const builtInModels: readonly string[] = Object.keys(BUILT_IN);

/** Those that make a picture out of colour alone: game-* need depth and motion beside it. */
export const pictureModels: readonly string[] = builtInModels.filter((name) => !name.startsWith('game-'));

/** A model as the CPU keeps it: enough to rebuild everything on the GPU after a context loss. */
export interface Model {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** null where another runtime reads the file. */
  readonly graph: Graph | null;
}

/** Decoded here rather than fetched: a page's content security policy may forbid fetching data URLs. */
function decodeDataUrl(url: string): Uint8Array {
  return Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (character) => character.charCodeAt(0));
}

async function fetchBytes(url: string, name: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(`upframe: model '${name}' could not be loaded: ${(error as Error).message}`);
  }
  if (!response.ok) throw new Error(`upframe: model '${name}' could not be loaded: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
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
  const bytes = builtIn ? decodeDataUrl((await builtIn()).default) : await fetchBytes(name, name);
  return read(bytes, name);
}
