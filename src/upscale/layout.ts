import { type Size, sameSize } from '../render/size.ts';
import { isRoot, type Kernel, type Storage, walk } from './expr.ts';

/** Wider networks need so many layers for their tiles that a pass sees only parts of a tile, and nothing is won. */
const MAX_TILED_BLOCKS = 4;
/** A border wider than this costs more memory than testing each fetch costs time. */
const MAX_BORDER = 32;

/** Gives every storage that kernels fill its tile, where all can have one, and the border its readers need. */
export function layOut(kernels: readonly Kernel[], input: Storage, tile: number): void {
  if (kernels.every((kernel) => tileable(kernel, input, tile))) {
    for (const { storage } of kernels) storage.tile = tile;
  }
  for (const { expr, storage } of kernels) {
    for (const root of walk(expr)) {
      if (root.kind !== 'convolution' || root.edge) continue;
      const needed = borderOf(root.taps, root.stride, root.source.size, storage.size);
      for (const { storage: source } of root.source.refs) {
        const texels = Math.min(Math.ceil(needed / source.tile), MAX_BORDER);
        if (source.border >= 0) source.border = Math.max(source.border, texels);
      }
    }
  }
}

/** Whether a kernel can work on tiles: it keeps the size of the input, which tiles must fill, and is not too wide. */
function tileable({ expr, storage }: Kernel, input: Storage, tile: number): boolean {
  const same = (size: Size) => sameSize(size, input.size);
  if (!same(storage.size) || storage.size.some((side) => side % tile) || storage.blocks > MAX_TILED_BLOCKS)
    return false;
  for (const node of walk(expr)) {
    if (node.kind === 'convolution' && (node.stride[0] !== 1 || node.stride[1] !== 1)) return false;
    if (
      isRoot(node) ? node.kind !== 'convolution' || !same(node.source.size) : node.kind === 'read' && !same(node.size)
    ) {
      return false;
    }
  }
  return true;
}

/** How far beyond the source picture a convolution reaches, on the side where it reaches furthest. */
export function borderOf(taps: readonly Size[], stride: Size, source: Size, output: Size): number {
  let reach = 0;
  for (const axis of [0, 1] as const) {
    for (const tap of taps) {
      reach = Math.max(reach, -tap[axis], (output[axis] - 1) * stride[axis] + tap[axis] - (source[axis] - 1));
    }
  }
  return reach;
}
