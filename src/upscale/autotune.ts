import type { Device, Size } from '../render/device.ts';
import type { Graph } from './graph.ts';
import { DEFAULT_VARIANT, type Variant } from './network.ts';

export type { Variant } from './network.ts';

/** Chooses how passes are written for this device. */
export async function autotune(
  _device: Device,
  _graph: Graph,
  _size: Size,
  _precision: 'auto' | 'half' | 'float',
): Promise<Variant> {
  return DEFAULT_VARIANT;
}
