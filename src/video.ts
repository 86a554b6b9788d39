export type { VideoSource } from './render/source.ts';
export { isSubsampled } from './render/subsampled.ts';
export { VideoUpscaler } from './render/video.ts';
export type { Method, Stats, UpscalerOptions } from './upscale/types.ts';
