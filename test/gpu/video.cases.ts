/** Runs in the page: what must hold of VideoUpscaler and <upframe-video>. */
import { pixelsOf } from '../../perf/pages/clip.ts';
import { VideoUpscaler } from '../../src/video.ts';
import { drawClipFrame, encodeClip, playing } from './clips.ts';
import { costlyCalls, watch } from './watch.ts';

function shown(canvas: HTMLCanvasElement): { size: number[]; top: number[]; bottom: number[] } {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })!;
  copy.drawImage(canvas, 0, 0);
  // The most frequent colour of a row: the walking bar covers only a sixteenth of it.
  const median = (y: number) => {
    const { data } = copy.getImageData(0, y, canvas.width, 1);
    return [0, 1, 2, 3].map((c) => [...data].filter((_, i) => i % 4 === c).sort((a, b) => a - b)[canvas.width >> 1]!);
  };
  return {
    size: [canvas.width, canvas.height],
    top: median(canvas.height >> 3),
    bottom: median(canvas.height - (canvas.height >> 3)),
  };
}

function nextDraw(upscaler: VideoUpscaler): Promise<void> {
  const { upscaler: inner } = upscaler;
  const { render } = inner;
  return new Promise((resolve) => {
    inner.render = (...args) => {
      render.apply(inner, args);
      inner.render = render;
      resolve();
    };
  });
}

async function view(source: Parameters<typeof VideoUpscaler.create>[0], options = {}) {
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  const upscaler = await VideoUpscaler.create(source, canvas, options);
  const drawn = nextDraw(upscaler);
  upscaler.start();
  await drawn;
  return { canvas, upscaler };
}

/** Every kind of source shows its picture, right side up, in its colours. */
export async function kinds(): Promise<Record<string, ReturnType<typeof shown>>> {
  const result: Record<string, ReturnType<typeof shown>> = {};
  const drawn = document.createElement('canvas');
  [drawn.width, drawn.height] = [160, 96];
  const context = drawn.getContext('2d')!;
  drawClipFrame(context, 3);
  const video = await playing(await encodeClip(160, 96));
  const sources = {
    video,
    canvas: drawn,
    bitmap: await createImageBitmap(drawn),
    frame: new VideoFrame(drawn, { timestamp: 0 }),
    stream: (video as unknown as { captureStream(): MediaStream }).captureStream(),
  };
  for (const [name, source] of Object.entries(sources)) {
    const { canvas, upscaler } = await view(source, { ratio: name === 'video' ? 1.5 : 2 });
    result[name] = shown(canvas);
    upscaler.dispose();
  }
  sources.frame.close();
  video.remove();
  return result;
}

/** The largest differences of luma and of blue less luma, in levels, between a decoder's frame and the same pixels as a bitmap. */
export async function chroma(): Promise<{ luma: number; blue: number }> {
  const [width, height] = [96, 64];
  const disc = (x: number, y: number) => Math.hypot(x / width - 0.5, y / height - 0.5) < 0.3;
  const plane = (step: number, value: (x: number, y: number) => number) =>
    Array.from({ length: (width * height) / step ** 2 }, (_, i) => {
      const across = width / step;
      return value((i % across) * step, Math.floor(i / across) * step);
    });
  const data = new Uint8Array([
    ...plane(1, (x, y) => (disc(x, y) ? 140 : 90)),
    ...plane(2, (x, y) => (disc(x, y) ? 150 : 115)),
    ...plane(2, () => 128),
  ]);
  const frame = new VideoFrame(data, { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0 });
  const pictures: ReturnType<typeof pixelsOf>['data'][] = [];
  for (const source of [frame, await createImageBitmap(frame)]) {
    const { canvas, upscaler } = await view(source);
    pictures.push(pixelsOf(canvas, canvas.width, canvas.height).data);
    upscaler.dispose();
  }
  frame.close();
  const [coded, plain] = pictures.map((pixels) =>
    Array.from({ length: pixels.length / 4 }, (_, i) => {
      const luma = 0.299 * pixels[4 * i]! + 0.587 * pixels[4 * i + 1]! + 0.114 * pixels[4 * i + 2]!;
      return [luma, pixels[4 * i + 2]! - luma] as const;
    }),
  );
  const most = (part: 0 | 1) =>
    coded!.reduce((m, value, i) => Math.max(m, Math.abs(value[part] - plain![i]![part])), 0);
  return { luma: most(0), blue: most(1) };
}

/** The webcam: a MediaStream that keeps delivering. */
export async function webcam(): Promise<{ frames: number; size: number[]; source: number[]; model: string }> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
  const { canvas, upscaler } = await view(stream);
  for (let i = 0; i < 5; i++) await nextDraw(upscaler);
  const { width, height } = stream.getVideoTracks()[0]!.getSettings();
  const { model } = upscaler.stats;
  const result = { frames: 6, size: [canvas.width, canvas.height], source: [width!, height!], model };
  upscaler.dispose();
  for (const track of stream.getTracks()) track.stop();
  return result;
}

/** A pause keeps the picture, a seek and a change of source drop history and show the new one, set redraws what is paused. */
export async function transport(): Promise<{
  paused: ReturnType<typeof shown>;
  seeked: number;
  other: number[];
  ratio: number[];
}> {
  const video = await playing(await encodeClip(160, 96));
  const { canvas, upscaler } = await view(video);
  video.pause();
  const paused = shown(canvas);
  let drawn = nextDraw(upscaler);
  // Away from where the pause fell: a seek to the frame already shown brings no new one.
  const wanted = video.currentTime > 0.5 ? 0.2 : 0.8;
  video.currentTime = wanted;
  await drawn;
  const seeked = video.currentTime - wanted;
  drawn = nextDraw(upscaler);
  await upscaler.set({ ratio: 3 });
  await drawn;
  const ratio = [canvas.width, canvas.height];
  const other = await playing(await encodeClip(96, 64));
  drawn = nextDraw(upscaler);
  upscaler.setSource(other);
  await drawn;
  const size = [canvas.width, canvas.height];
  upscaler.dispose();
  video.remove();
  other.remove();
  return { paused, seeked, other: size, ratio };
}

/** captureStream carries the upscaled picture to a <video>. */
export async function captured(): Promise<{ size: number[] }> {
  const video = await playing(await encodeClip(160, 96));
  const { upscaler } = await view(video);
  const out = document.createElement('video');
  out.muted = true;
  out.srcObject = upscaler.captureStream(30);
  await out.play();
  await new Promise((resolve) => out.requestVideoFrameCallback(resolve));
  const size = [out.videoWidth, out.videoHeight];
  upscaler.dispose();
  video.remove();
  return { size };
}

export async function perFrame(): Promise<{ costly: string[]; uploads: number; frames: number }> {
  const video = await playing(await encodeClip(160, 96));
  const { upscaler } = await view(video);
  for (let i = 0; i < 40; i++) await nextDraw(upscaler);
  const seen = watch(upscaler.upscaler.gl);
  const frames = 40;
  for (let i = 0; i < frames; i++) await nextDraw(upscaler);
  const result = {
    costly: costlyCalls(seen.calls).filter((name) => name !== 'createQuery'),
    uploads: seen.calls.get('texImage2D') ?? 0,
    frames,
  };
  upscaler.dispose();
  video.remove();
  return result;
}

/** The element: attributes in, picture out; a wrong option shows the plain video and says why. */
export async function element(): Promise<{ size: number[]; error: string; hidden: boolean; methods: string[] }> {
  const made = await madeElement({ src: await clipUrl(160, 96), muted: '', autoplay: '', loop: '', ratio: '2' });
  await nextDraw(made.active!);
  const canvas = made.shadowRoot!.querySelector('canvas')!;
  const size = [canvas.width, canvas.height];
  made.setAttribute('method', 'lanczos');
  const methods = [made.stats!.method];
  made.removeAttribute('method');
  methods.push(made.stats!.method);
  const error = messageOf(made);
  made.setAttribute('ratio', '7');
  made.remove();
  const hidden = canvas.hidden && made.active === null;
  return { size, error: await error, hidden, methods };
}

/** Attributes that change while the element loads count; one that was wrong may be put right. */
export async function elementLoading(): Promise<{ ratio: number; error: string; after: number }> {
  const made = await madeElement({}, (element) => element.setAttribute('ratio', '1.5'));
  const { ratio } = made.active!;
  made.remove();
  const other = document.createElement('upframe-video') as typeof made;
  other.setAttribute('ratio', '7');
  const message = messageOf(other);
  document.body.append(other);
  const error = await message;
  other.setAttribute('ratio', '3');
  while (!other.active) await new Promise(requestAnimationFrame);
  const after = other.active.ratio;
  other.remove();
  return { ratio, error, after };
}

/** The element with its controls, or without, playing at the page's top left corner: its box in CSS pixels. */
export async function elementOnPage(
  controls: boolean,
): Promise<{ x: number; y: number; width: number; height: number }> {
  document.querySelector('upframe-video')?.remove();
  const made = await madeElement({ src: await clipUrl(320, 192), muted: '', ...(controls && { controls: '' }) });
  made.style.cssText = 'position: fixed; left: 0; top: 0; width: 320px; height: 192px';
  if (made.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await nextDraw(made.active!);
  await new Promise(requestAnimationFrame);
  return { x: 0, y: 0, width: 320, height: 192 };
}

/** A poster is seen until the video plays. */
export async function elementPoster(): Promise<boolean[]> {
  const made = await madeElement({
    src: await clipUrl(160, 96),
    muted: '',
    poster: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=',
  });
  const canvas = made.shadowRoot!.querySelector('canvas')!;
  await made.video.play().then(() => made.video.pause());
  const hidden = [canvas.hidden === true];
  made.video.src = await clipUrl(96, 64);
  await new Promise((resolve) => made.video.addEventListener('loadeddata', resolve, { once: true }));
  hidden.push(canvas.hidden === true);
  made.remove();
  return hidden;
}

type Element = import('../../src/element.ts').UpframeVideo;

/** On the page and ready, its attributes set; `meanwhile` is called as it loads. */
async function madeElement(
  attributes: Record<string, string>,
  meanwhile?: (element: Element) => void,
): Promise<Element> {
  await import('../../src/element.ts');
  const made = document.createElement('upframe-video') as Element;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  document.body.append(made);
  meanwhile?.(made);
  while (!made.active) await new Promise(requestAnimationFrame);
  return made;
}

const clipUrl = async (width: number, height: number) => URL.createObjectURL(await encodeClip(width, height));

const messageOf = (element: Element) =>
  new Promise<string>((resolve) =>
    element.addEventListener('error', (event) => resolve((event as ErrorEvent).message), { once: true }),
  );

/** A source that may not be read is reported once, and the element shows the plain video, until a clip comes that may be. */
export async function unreadable(): Promise<{ messages: string[]; running: boolean[]; hidden: boolean[] }> {
  const made = await madeElement({ muted: '', loop: '' });
  const messages: string[] = [];
  made.addEventListener('fallback', (event) => messages.push((event as CustomEvent<string>).detail));
  const { gl } = made.active!.upscaler;
  const canvas = made.shadowRoot!.querySelector('canvas')!;
  const { texImage2D } = gl;
  gl.texImage2D = () => {
    throw new DOMException('The video element contains cross-origin data', 'SecurityError');
  };
  const told = new Promise((resolve) => made.addEventListener('fallback', resolve, { once: true }));
  made.video.src = await clipUrl(96, 64);
  await made.video.play();
  await told;
  // Told of by its first frame, before this event comes, or by the event itself: it is told of once.
  made.video.dispatchEvent(new Event('loadeddata'));
  const running = [made.active!.running];
  const hidden = [canvas.hidden === true];
  // With data there already, starting tries the present picture at once, and once.
  made.active!.start();
  for (let i = 0; i < 3; i++) await new Promise((resolve) => made.video.requestVideoFrameCallback(resolve));
  gl.texImage2D = texImage2D;
  made.video.src = await clipUrl(160, 96);
  await Promise.all([nextDraw(made.active!), made.video.play()]);
  running.push(made.active!.running);
  hidden.push(canvas.hidden === true);
  made.remove();
  return { messages, running, hidden };
}

/** GPU objects made after `dispose`, while a model was still loading. */
export async function lateModel(): Promise<number> {
  const video = await playing(await encodeClip(96, 64));
  const { upscaler } = await view(video);
  const seen = watch(upscaler.upscaler.gl);
  const applied = upscaler.set({ model: 'image-m' });
  upscaler.dispose();
  seen.clear();
  await applied;
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  video.remove();
  return [...seen.calls.keys()].filter((name) => name.startsWith('create')).length;
}

export async function refused(): Promise<string> {
  return VideoUpscaler.create({} as HTMLVideoElement, document.createElement('canvas')).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}

/** A canvas that has another kind of context already cannot be drawn to, and creation says so. */
export async function noContext(): Promise<string> {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d');
  return VideoUpscaler.create(document.createElement('video'), canvas).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}
