import { createNodeMethod, type NodeSetup } from '../pages/node-renderer.ts';
import { TAAU } from './three-taau.ts';

/** three-taau with the texture bias that FSR2's guide asks of a temporal upscaler, and that `temporal` has: log2(1 / ratio) - 1. */
export const createMethod = (setup: NodeSetup) =>
  createNodeMethod('three-taau-bias', setup, {
    ...TAAU,
    lodBias: Math.log2(setup.renderSize[0] / setup.displaySize[0]) - 1,
  });
