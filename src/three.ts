export type { Composer } from './render/composer.ts';
export { type Displacement, setDisplacement } from './render/displacement.ts';
export { type InspectView, VIEWS as INSPECT_VIEWS } from './render/inspect.ts';
export { UpscalerPass, type UpscalerPassOptions } from './render/pass.ts';
export { setReactive } from './render/reactive-share.ts';
export { SceneUpscaler, type SceneUpscalerOptions } from './render/scene.ts';
export type { SceneTextures } from './render/textures.ts';
export type { Method, Stats, UpscalerOptions } from './upscale/types.ts';
