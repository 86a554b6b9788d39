export { createUpscaler, type Upscaler } from './upscale/create.ts';
export { builtInModels } from './upscale/models.ts';
export {
  type FrameInput,
  METHODS,
  type Method,
  type OutputTarget,
  type Size,
  type Stats,
  type UpscalerOptions,
} from './upscale/types.ts';
