/** Runs in the page: clips made by code, and stand-ins for what a person would allow or refuse. */
import { BufferTarget, CanvasSource, getFirstEncodableVideoCodec, Output, WebMOutputFormat } from 'mediabunny';
import { dropFile } from './look.cases';

/** A clip of a red sky over a blue ground with a white square that moves: half a second, really encoded. */
export async function dropClip(width: number, height: number): Promise<string> {
  const codec = await getFirstEncodableVideoCodec(['vp9', 'vp8', 'av1'], { width, height });
  if (!codec) throw new Error('this browser encodes no video');
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d')!;
  const output = new Output({ format: new WebMOutputFormat(), target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec, bitrate: 400_000 });
  output.addVideoTrack(source, { frameRate: 12 });
  await output.start();
  for (let i = 0; i < 6; i++) {
    pen.fillStyle = '#d02020';
    pen.fillRect(0, 0, width, height / 2);
    pen.fillStyle = '#2030d0';
    pen.fillRect(0, height / 2, width, height / 2);
    pen.fillStyle = '#ffffff';
    pen.fillRect((i * width) / 8, height * 0.4, width / 8, height / 5);
    await source.add(i / 12, 1 / 12);
  }
  await output.finalize();
  dropFile(new File([output.target.buffer!], 'clip.webm', { type: 'video/webm' }));
  return codec;
}

const streams: MediaStream[] = [];

/** Remembers every stream that the camera gives. */
export function watchCamera(): void {
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    streams.push(stream);
    return stream;
  };
}

export const trackStates = () => streams.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState));

/** The person says no. */
export function refuse(kind: 'getUserMedia' | 'getDisplayMedia'): void {
  navigator.mediaDevices[kind] = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
}

/** The person shares a screen that is green at the left and white at the right. */
export function shareScreen(): void {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 180];
    const pen = canvas.getContext('2d')!;
    const draw = () => {
      pen.fillStyle = '#20c040';
      pen.fillRect(0, 0, 160, 180);
      pen.fillStyle = '#ffffff';
      pen.fillRect(160, 0, 160, 180);
      requestAnimationFrame(draw);
    };
    draw();
    return canvas.captureStream(10);
  };
}
