import type { Device, Size } from './device.ts';

/** What a VideoUpscaler can show. A MediaStream is a webcam, a screen capture or a peer's track. */
export type VideoSource =
  | HTMLVideoElement
  | MediaStream
  | HTMLCanvasElement
  | OffscreenCanvas
  | ImageBitmap
  | VideoFrame;

const KINDS = ['HTMLVideoElement', 'MediaStream', 'HTMLCanvasElement', 'OffscreenCanvas', 'ImageBitmap', 'VideoFrame'];

function isA(value: unknown, kind: string): boolean {
  const type = (globalThis as Record<string, unknown>)[kind];
  return typeof type === 'function' && value instanceof type;
}

/** Pictures that arrive over time, with a call for every new one. */
export interface FrameSource {
  /** Pixels of the present picture; [0, 0] before the first. */
  readonly size: Size;
  /** Chroma is at half the resolution. A video element does not tell; nearly all that decoders, cameras and captures give is so. */
  readonly subsampled: boolean;
  /** Copies the present picture into the texture, top row first, colour premultiplied by alpha. */
  upload(device: Device, texture: WebGLTexture): void;
  /** Calls `onFrame` for every new picture until `stop`; `onBreak` when what follows does not continue what was. */
  start(onFrame: () => void, onBreak: () => void): void;
  stop(): void;
  dispose(): void;
}

/** @throws naming what is allowed, for anything else */
export function openSource(source: VideoSource): FrameSource {
  if (isA(source, 'MediaStream')) return streamSource(source as MediaStream);
  if (isA(source, 'HTMLVideoElement')) return videoSource(source as HTMLVideoElement);
  if (isA(source, 'ImageBitmap')) return stillSource(source as ImageBitmap, (s) => [s.width, s.height]);
  if (isA(source, 'VideoFrame')) {
    const frame = source as VideoFrame;
    // No format where it is the GPU's secret: then a decoder's.
    const subsampled = /420|NV12/.test(frame.format ?? 'NV12');
    return stillSource(frame, (s) => [s.displayWidth, s.displayHeight], subsampled);
  }
  if (isA(source, 'HTMLCanvasElement') || isA(source, 'OffscreenCanvas'))
    return canvasSource(source as HTMLCanvasElement);
  throw new TypeError(`upframe: the source must be one of ${KINDS.join(', ')}`);
}

function upload(device: Device, texture: WebGLTexture, picture: TexImageSource): void {
  const { gl } = device;
  device.unpack(() => {
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    // texImage2D of an unchanged size keeps its storage, and is the call that browsers have a GPU path for.
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
    gl.bindTexture(gl.TEXTURE_2D, null);
  });
}

function videoSource(video: HTMLVideoElement): FrameSource {
  let callback = 0;
  let shown = -1;
  let listeners: AbortController | null = null;
  // Firefox has had it since 132 only, so it may be missing whatever the types say.
  const perFrame = typeof video.requestVideoFrameCallback === 'function';

  return {
    get size(): Size {
      const ready = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
      return ready ? [video.videoWidth, video.videoHeight] : [0, 0];
    },
    subsampled: true,
    upload: (device, texture) => upload(device, texture, video),
    start(onFrame, onBreak) {
      this.stop();
      listeners = new AbortController();
      const { signal } = listeners;
      const next = () => {
        // Without a call per frame, a moved clock is the sign of a new one.
        callback = perFrame ? video.requestVideoFrameCallback(arrived) : requestAnimationFrame(arrived);
      };
      const arrived = () => {
        next();
        if (!perFrame && video.currentTime === shown) return;
        shown = video.currentTime;
        onFrame();
      };
      for (const name of ['seeking', 'emptied', 'loadeddata']) video.addEventListener(name, onBreak, { signal });
      // A paused video gives no callback for the picture it already holds, nor for a seek while it is out of sight.
      for (const name of ['loadeddata', 'seeked']) video.addEventListener(name, onFrame, { signal });
      next(); // first, as a frame that cannot be read ends in stop()
      if (this.size[0]) onFrame();
    },
    stop() {
      listeners?.abort();
      if (perFrame) video.cancelVideoFrameCallback(callback);
      else cancelAnimationFrame(callback);
    },
    dispose() {
      this.stop();
    },
  };
}

function streamSource(stream: MediaStream): FrameSource {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const inner = videoSource(video);
  return {
    get size() {
      return inner.size;
    },
    subsampled: inner.subsampled,
    upload: inner.upload,
    start(onFrame, onBreak) {
      inner.start(onFrame, onBreak);
      // Rejected when stopped before it began, or when the stream has ended: neither is an error here.
      video.play().catch(() => {});
    },
    stop() {
      inner.stop();
      video.pause();
    },
    dispose() {
      this.stop();
      video.srcObject = null;
    },
  };
}

function canvasSource(canvas: HTMLCanvasElement): FrameSource {
  let callback = 0;
  return {
    get size(): Size {
      return [canvas.width, canvas.height];
    },
    subsampled: false,
    upload: (device, texture) => upload(device, texture, canvas),
    start(onFrame) {
      this.stop();
      const next = () => {
        callback = requestAnimationFrame(next);
        onFrame();
      };
      next();
    },
    stop: () => cancelAnimationFrame(callback),
    dispose() {
      this.stop();
    },
  };
}

function stillSource<T extends ImageBitmap | VideoFrame>(
  still: T,
  sizeOf: (still: T) => Size,
  subsampled = false,
): FrameSource {
  return {
    get size() {
      return sizeOf(still);
    },
    subsampled,
    upload: (device, texture) => upload(device, texture, still),
    start: (onFrame) => onFrame(),
    stop: () => {},
    dispose: () => {},
  };
}
