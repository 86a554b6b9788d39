/** The upscaled picture as a canvas, and as a file. */
import { element } from '../shared/page';

export const FORMATS = { PNG: 'image/png', JPEG: 'image/jpeg', WebP: 'image/webp' } as const;

/**
 * A canvas that really holds that many pixels: browsers differ in their limit and fail silently beyond it.
 * @throws where it does not
 */
export function createOutput(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  // In memory and not on the GPU: no texture is that large, and the file is made from memory.
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen?.fillRect(width - 1, height - 1, 1, 1);
  const works = pen?.getImageData(width - 1, height - 1, 1, 1).data[3] === 255;
  pen?.clearRect(width - 1, height - 1, 1, 1);
  if (works) return canvas;
  throw new Error(`upframe: ${width}×${height} is more than a canvas holds here; choose a lower ratio`);
}

/** Gives the canvas to the person as a file; `name` without its ending. `quality` 0 to 1. */
export async function download(
  canvas: OffscreenCanvas,
  name: string,
  { format, quality }: { format: keyof typeof FORMATS; quality: number },
): Promise<void> {
  const blob = await canvas.convertToBlob({ type: FORMATS[format], quality });
  // A browser that cannot write the format gives a PNG instead, and the name must not lie.
  const extension = blob.type === 'image/jpeg' ? 'jpg' : blob.type.slice('image/'.length);
  const link = element('a', { href: URL.createObjectURL(blob), download: `${name}.${extension}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
