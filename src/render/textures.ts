import type { Camera, Texture, WebGLRenderer } from 'three';
import type { FrameInput } from '../upscale/types.ts';
import { textureHandle } from './bridge.ts';

/** A frame that a pipeline of your own has rendered, in three's textures: each is what `FrameInput` says of its name. */
export interface SceneTextures extends Pick<FrameInput, 'jitter' | 'reset' | 'aliased' | 'hdr'> {
  /** At render size, tone-mapped and sRGB-encoded; with `hdr`, linear. */
  readonly color: Texture;
  readonly depth?: Texture;
  readonly motion?: Texture;
  readonly reactive?: Texture;
}

/** @param camera as the frame was rendered, but without jitter */
export function frameOfTextures(
  renderer: WebGLRenderer,
  { color, depth, motion, reactive, ...rest }: SceneTextures,
  camera: Camera,
): FrameInput {
  const { width, height } = color.image as { width: number; height: number };
  return {
    ...rest,
    color: textureHandle(renderer, color),
    renderSize: [width, height],
    camera: {
      projection: camera.projectionMatrix.elements,
      view: camera.matrixWorldInverse.elements,
      zeroToOne: renderer.capabilities.reversedDepthBuffer,
    },
    ...(depth && { depth: textureHandle(renderer, depth) }),
    ...(motion && { motion: textureHandle(renderer, motion) }),
    ...(reactive && { reactive: textureHandle(renderer, reactive) }),
  };
}
