export { type Displacement, setDisplacement } from './render/displacement.ts';
export { SceneUpscaler, type SceneUpscalerOptions } from './render/scene.ts';
export type { Method, Stats, UpscalerOptions } from './upscale/types.ts';
