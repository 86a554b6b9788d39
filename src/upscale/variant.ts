import type { Storage } from './expr.ts';

/** A way to write passes. Which is fastest depends on the driver, so it is measured (autotune.ts). */
export interface Variant {
  /** Where convolution weights lie: in the program text, or in uniforms set once. */
  readonly weights: 'constant' | 'uniform';
  /** Most render targets of a pass, 1 to 8; the GPU's own limit holds too. */
  readonly targets: number;
  /** 2: a fragment computes 2x2 pixels where the network allows it, which share fetched texels; 1: one pixel. */
  readonly tile: 1 | 2;
  /** A pass with more products of a matrix and a texel than this becomes a loop over a weight texture. */
  readonly unrolled: number;
}

export interface Limits {
  readonly targets: number;
  readonly uniformVectors: number;
}

/** One pass of a kernel: its shader, and what that shader reads and draws. */
export interface PassCode {
  readonly glsl: string;
  /** Sampler t0, t1, ... */
  readonly storages: readonly Storage[];
  /** Layers of the kernel's storage, one a render target. */
  readonly layers: readonly number[];
  /** Values of the uniform vec4 array 'weights', when there is one. */
  readonly weights: Float32Array | null;
}
