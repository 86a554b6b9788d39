export { createUpscaler, type Upscaler } from './upscale/create.ts';
export { jitterOffset, jitterPhases } from './upscale/jitter.ts';
export { builtInModels, pictureModels } from './upscale/models.ts';
export {
  type FrameCamera,
  type FrameInput,
  METHODS,
  type Method,
  type OutputTarget,
  type Size,
  type Stats,
  type UpscalerOptions,
} from './upscale/types.ts';
