import type { Size } from '../render/device.ts';

export type { Size };

/** The ways to get from render size to display size. `native` shows the source's own full-resolution picture, where it has one. */
export const METHODS = ['network', 'temporal', 'fsr1', 'lanczos', 'bicubic', 'bilinear', 'nearest', 'native'] as const;
export type Method = (typeof METHODS)[number];

/** The camera that a frame was rendered with. Matrices are 4x4, column-major, as WebGL and three.js hold them. */
export interface FrameCamera {
  /** View space to clip space, without jitter. View space looks along -z, in any unit. */
  readonly projection: ArrayLike<number>;
  /** World space to view space. Doubles where the engine has them: world coordinates may be large. */
  readonly view: ArrayLike<number>;
  /** True where clip z runs from 0 to w (EXT_clip_control, as for a reversed depth buffer) and not from -w to w. Default false. */
  readonly zeroToOne?: boolean;
}

/** One frame as any WebGL2 engine can give it. All textures are TEXTURE_2D and belong to the caller. */
export interface FrameInput {
  /** Colour at render size, sRGB-encoded (tone-mapped) in 0..1 (but see `hdr`), alpha premultiplied. Mipmaps are not read. */
  readonly color: WebGLTexture;
  /** Width and height of `color`, in pixels. */
  readonly renderSize: Size;
  /** Which corner row 0 of `color` lies at. Default 'bottom-left', as WebGL renders; uploads without a flip are 'top-left'. */
  readonly origin?: 'bottom-left' | 'top-left';
  /** True where chroma in `color` is at half the resolution (4:2:0), as video decoders and most JPEG give it: luma then says where colours end. */
  readonly subsampled?: boolean;
  /** True where `color` is rendered with one sample a pixel and no antialiasing: the network path smooths edges first. */
  readonly aliased?: boolean;
  /**
   * True where `color` and `native` hold linear light of any brightness, before tone mapping. The picture then is linear
   * light too, for your own bloom and tone mapping at display size: it needs a framebuffer of floats.
   */
  readonly hdr?: boolean;
  /** The same instant at display size (same encoding and origin), for the method 'native' and for compare splits. */
  readonly native?: WebGLTexture;
  /** Depth at render size, 0..1 in red, as the depth buffer holds it. Needed by 'temporal' and `game-*` models, like `jitter` and `camera`. */
  readonly depth?: WebGLTexture;
  /**
   * Motion of surfaces that move by themselves: previous position minus current, in UV units of `color` (columns and
   * rows as it has them), without jitter and with the camera's part included. RG16F, render size. Where red is 4, a
   * surface has no motion of its own, and the camera's is worked out from depth; where it is 8, it has just appeared,
   * and has no history. Left out where nothing moves by itself.
   */
  readonly motion?: WebGLTexture;
  /**
   * How far the projection moved this frame's picture, in render pixels along columns and rows of `color`, each within
   * (-0.5, 0.5): see `jitterOffset`. Spatial methods move the picture back.
   */
  readonly jitter?: readonly [number, number];
  /** The camera of this frame; the one before is remembered. */
  readonly camera?: FrameCamera;
  /** Red 0..1, render size: how much of a pixel's colour is not what depth and motion tell of (glass, particles, flames). */
  readonly reactive?: WebGLTexture;
  /** True on a camera cut or a source change: history is dropped before this frame. */
  readonly reset?: boolean;
}

/** Where the picture goes: the canvas (null or left out) or a framebuffer of the caller's, with the size to fill in pixels. */
export interface OutputTarget {
  readonly framebuffer: WebGLFramebuffer | null;
  readonly size: Size;
}

export interface UpscalerOptions {
  /** Built-in model name, URL of an ONNX file, or its bytes. Default 'image-s'. */
  model?: string | URL | ArrayBuffer | Uint8Array;
  /** How the picture is made. Default 'network'. */
  method?: Method;
  /**
   * Display size over render size per axis, 1 to 3; 'auto' holds `targetFps` by changing it (with a video only while `timing`
   * is on). Of `createUpscaler`, whose caller gives both sizes, it is the size of bare framebuffers, 'auto' counting as 2. Default 2.
   */
  ratio?: number | 'auto';
  /** Frame rate that ratio 'auto' holds, frames a second, 1 to 240. Default 60. */
  targetFps?: number;
  /** Strength of the final sharpening, 0 (off) to 1. Default 0. */
  sharpness?: number;
  /** Position of the compare split, 0 (left edge) to 1 (right edge): left of it `compareWith` is shown. null is off. Default null. */
  compare?: number | null;
  /** What the left side of the compare split shows. Default 'bilinear'. */
  compareWith?: Method;
  /** Number format between network layers: 'auto' takes 16-bit floats where they work. Default 'auto'. */
  precision?: 'auto' | 'half' | 'float';
  /** 'onnxruntime' runs models outside our operator list in onnxruntime-web, asynchronously and slower. Default 'upframe'. */
  backend?: 'upframe' | 'onnxruntime';
  /** Measure GPU time per pass (EXT_disjoint_timer_query_webgl2), true or false. Default true. */
  timing?: boolean;
  /** Called once for each step down the ladder (network, fsr1, bicubic, passthrough). Default: console.warn. */
  onFallback?: (message: string) => void;
}

export interface Stats {
  /** Frames a second over the last second. */
  fps: number;
  /** Milliseconds between frames, median and 95th percentile over the last 120 frames. */
  frameMs: { p50: number; p95: number };
  /** Cost of a frame's GPU passes in milliseconds. `source` 'wall' is wall time to a fence, where the GPU has no timer queries. */
  gpu: { source: 'gpu' | 'wall'; totalMs: number; passes: Record<string, number> };
  renderSize: Size;
  displaySize: Size;
  /** Multiply-accumulates of the network per display pixel; 0 where no network runs. */
  macsPerPixel: number;
  method: Method;
  model: string;
  /** The rung in use when a stage failed: null means none did. */
  fallback: string | null;
  /** Live quality of what is on screen against the truth (PSNR in dB, SSIM), null where there is no truth or no result yet. */
  quality: { psnr: number; ssim: number } | null;
}
