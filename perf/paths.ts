import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = resolve(fileURLToPath(import.meta.url), '../..');

/** Address of any file on disk, as the pages of the server import or fetch it. */
export function fileUrl(path: string): string {
  const full = resolve(path).replaceAll('\\', '/');
  // Vite reads it by decodeURI, to which an encoded @ or + stays what it is.
  const address = encodeURI(full).replaceAll('?', '%3F').replaceAll('#', '%23');
  return `/@fs${full.startsWith('/') ? '' : '/'}${address}`;
}
