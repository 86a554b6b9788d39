import { createNodeMethod, type NodeSetup } from '../pages/node-renderer.ts';
import { taauOn } from './three-taau.ts';

/** three-taau with the texture bias that FSR2's guide asks of a temporal upscaler, and that `temporal` has: log2(1 / ratio) - 1. */
export function createMethod(setup: NodeSetup) {
  const upscaler = taauOn(setup);
  return createNodeMethod('three-taau-bias', setup, { ...upscaler, lodBias: -Math.log2(upscaler.ratio) - 1 });
}
