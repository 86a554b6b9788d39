/** Runs in the page: an encoded clip made by code, and a <video> playing it. */

/** Frame `i` of the clip: its top is red, its bottom blue, and a white bar walks over it. */
export function drawClipFrame(context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D, i: number): void {
  const { width, height } = context.canvas;
  context.fillStyle = '#c02020';
  context.fillRect(0, 0, width, height / 2);
  context.fillStyle = '#2020c0';
  context.fillRect(0, height / 2, width, height / 2);
  context.fillStyle = '#ffffff';
  context.fillRect((i * 4) % width, 0, width / 16, height);
}

export async function encodeClip(width: number, height: number, frames = 30): Promise<Blob> {
  const { BufferTarget, CanvasSource, Output, WebMOutputFormat } = await import('mediabunny');
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  const output = new Output({ format: new WebMOutputFormat(), target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec: 'vp8', bitrate: 2e6 });
  output.addVideoTrack(source, { frameRate: 30 });
  await output.start();
  for (let i = 0; i < frames; i++) {
    drawClipFrame(context, i);
    await source.add(i / 30, 1 / 30);
  }
  await output.finalize();
  return new Blob([output.target.buffer!], { type: 'video/webm' });
}

export async function playing(clip: Blob): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = video.loop = video.playsInline = true;
  video.src = URL.createObjectURL(clip);
  document.body.append(video);
  await video.play();
  return video;
}
