/** What the stream demo can show: each source is a playing video, its facts, and a way to let go of it. */

export type Kind = 'loopback' | 'webcam' | 'clip' | 'screen';

/** What arrives, before upscaling. Unknown ones are left out. */
export interface Facts {
  fps?: number;
  /** Kilobits a second. */
  kbps?: number;
  codec?: string;
}

export interface Source {
  readonly kind: Kind;
  readonly title: string;
  /** Holds a first picture already. */
  readonly video: HTMLVideoElement;
  facts(): Promise<Facts>;
  /** Stops tracks and connections. */
  dispose(): void;
}

export function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}

/** Resolves when the video has a picture, rejects when it never will. */
export function firstPicture(video: HTMLVideoElement, problem: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const settle = (act: () => void) => () => {
      done.abort();
      act();
    };
    const fail = settle(() => reject(new Error(problem)));
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return resolve();
    video.addEventListener(
      'loadeddata',
      settle(() => (video.videoWidth ? resolve() : reject(new Error(problem)))),
      { signal: done.signal },
    );
    video.addEventListener('error', fail, { signal: done.signal });
    signal?.addEventListener(
      'abort',
      settle(() => reject(signal.reason)),
      { signal: done.signal },
    );
  });
}

/** Frames a second that a video really shows, from its own count of them. */
function frameMeter(video: HTMLVideoElement): () => number | undefined {
  let [frames, at] = [0, 0];
  return () => {
    const now = performance.now();
    const total = video.getVideoPlaybackQuality().totalVideoFrames;
    const fps = at ? ((total - frames) * 1000) / (now - at) : undefined;
    [frames, at] = [total, now];
    return fps !== undefined && fps >= 0 ? fps : undefined;
  };
}

async function openStream(kind: Kind, stream: MediaStream, onEnd: () => void): Promise<Source> {
  const video = createVideo();
  const [track] = stream.getVideoTracks();
  const dispose = () => {
    for (const each of stream.getTracks()) each.stop();
    video.srcObject = null;
  };
  try {
    video.srcObject = stream;
    await video.play();
    await firstPicture(video, 'The capture gives no picture.');
  } catch (error) {
    dispose();
    throw error;
  }
  track?.addEventListener('ended', onEnd);
  const fps = frameMeter(video);
  return {
    kind,
    title: track?.label || kind,
    video,
    facts: async () => ({ fps: fps() }),
    dispose,
  };
}

/** What getUserMedia's refusals mean to a person. */
function reasonOf(error: unknown, device: string): Error {
  const { name, message } = error as DOMException;
  if (name === 'NotAllowedError') return new Error(`${device} was not allowed; the old picture stays.`);
  if (name === 'NotFoundError') return new Error(`${device}: none was found.`);
  if (name === 'NotReadableError') return new Error(`${device} is in use by another program.`);
  return new Error(`${device} failed: ${message || name}`);
}

/** The webcam, at a low resolution on purpose: the rest is made here. */
export async function openWebcam(onEnd: () => void): Promise<Source> {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error('The camera needs a secure (https or localhost) page.');
  const stream = await navigator.mediaDevices
    .getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 30 } } })
    .catch((error) => {
      throw reasonOf(error, 'The camera');
    });
  return openStream('webcam', stream, onEnd);
}

export async function openScreen(onEnd: () => void): Promise<Source> {
  if (!navigator.mediaDevices?.getDisplayMedia) throw new Error('This browser has no screen capture.');
  const stream = await navigator.mediaDevices
    .getDisplayMedia({ video: { width: { max: 1280 }, height: { max: 720 }, frameRate: { max: 30 } } })
    .catch((error) => {
      throw reasonOf(error, 'Screen capture');
    });
  return openStream('screen', stream, onEnd);
}

/** A clip file, in a loop. */
export async function openClip(file: File): Promise<Source> {
  const video = createVideo();
  const url = URL.createObjectURL(file);
  const dispose = () => {
    video.pause();
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  };
  try {
    video.loop = true;
    video.src = url;
    await firstPicture(video, `${file.name} cannot be played here: not a clip, or a codec this browser lacks.`);
  } catch (error) {
    dispose();
    throw error;
  }
  // Refused only where autoplay of muted video is; then the first picture shows and the play button works.
  await video.play().catch(() => undefined);
  const fps = frameMeter(video);
  const kbps = Number.isFinite(video.duration) ? (file.size * 8) / 1000 / video.duration : undefined;
  return {
    kind: 'clip',
    title: file.name,
    video,
    facts: async () => ({ fps: fps(), kbps, codec: file.type.replace('video/', '') || 'file' }),
    dispose,
  };
}
