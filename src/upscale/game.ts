import type { Size } from '../render/device.ts';
import type { Graph } from './graph.ts';
import type { Model } from './models.ts';
import type { Network } from './network.ts';

/** Channels that a game network takes and gives, by quads of display pixels: see game-features.frag, game-accumulate.frag. */
const FEATURES = 16;
const DECISIONS = 12;

/** The size at which a game network runs: one position for 2 x 2 display pixels. */
export const quadSize = ([width, height]: Size): Size => [Math.ceil(width / 2), Math.ceil(height / 2)];

/** The graph that decides what becomes of samples and history, where the method is a network and the model a game one. */
export const gameGraph = (method: string, { graph }: Model): Graph | null =>
  method === 'network' && graph?.input.dims[1] === FEATURES ? graph : null;

/** @throws where a network is made for something else */
export function checkGame({ inputChannels, outputChannels, scale }: Network): void {
  if (inputChannels === FEATURES && outputChannels === DECISIONS && scale === 1) return;
  throw new Error(
    `upframe: a game model must make ${DECISIONS} channels from ${FEATURES} at scale 1, not ${outputChannels} from ${inputChannels} at scale ${scale}`,
  );
}
