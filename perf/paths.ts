import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = resolve(fileURLToPath(import.meta.url), '../..');

/** Address of any file on disk, as the pages of the server import or fetch it. */
export function fileUrl(path: string): string {
  const full = resolve(path).replaceAll('\\', '/');
  return `/@fs${full.startsWith('/') ? '' : '/'}${full.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':')}`;
}
