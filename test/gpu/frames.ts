/** Runs in the page: what reaches the upscaler of a scene, frame by frame, and the reactive mask in it. */
import * as THREE from 'three';
import type { FrameInput } from '../../src/index.ts';
import type { SceneUpscaler } from '../../src/three.ts';
import { drawing, type Picture, readBack } from './pictures.ts';

/** What frames give the upscaler, as they pass; their masks go no further unless `masked`. */
export function spy({ upscaler }: { upscaler: Pick<SceneUpscaler['upscaler'], 'render'> }, masked = true) {
  const seen: { frame: FrameInput | null } = { frame: null };
  const draw = upscaler.render.bind(upscaler);
  upscaler.render = (frame, target) => {
    seen.frame = frame;
    draw(masked ? frame : { ...frame, reactive: undefined as never }, target);
  };
  return seen;
}

/** The frame's mask, in red, top row first. */
export function maskIn(gl: WebGL2RenderingContext, { reactive, renderSize }: FrameInput): Picture {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, reactive!, 0);
  const picture = readBack(gl, framebuffer, ...renderSize);
  gl.deleteFramebuffer(framebuffer);
  return picture;
}

/** A place in the display that is twice as large as the mask: the value so many pixels to the right and below. */
export type At = (dx: number, dy: number) => number;

/** Mean of the frame's mask, 0..1, where `inside` says so of what `values` (display size) are there, and the most elsewhere where `outside` does; `border` pixels left out. */
export function maskOf(
  gl: WebGL2RenderingContext,
  frame: FrameInput,
  values: Uint8Array,
  border: number,
  inside: (at: At) => boolean,
  outside: (at: At) => boolean,
): { inside: number; outside: number } {
  const { width, height, data } = maskIn(gl, frame);
  let [sum, count, most] = [0, 0, 0];
  for (let y = border; y < height - border; y++) {
    for (let x = border; x < width - border; x++) {
      const value = data[(y * width + x) * 4]! / 255;
      const at: At = (dx, dy) => values[(2 * y + 1 + dy) * 2 * width + 2 * x + dx]!;
      if (inside(at)) {
        sum += value;
        count++;
      } else if (outside(at)) most = Math.max(most, value);
    }
  }
  return { inside: count ? sum / count : 0, outside: most };
}

/** A drawing as a texture for a wall. */
export function drawnMap(): THREE.CanvasTexture {
  const { data, width, height } = drawing(512, 288);
  const map = new THREE.CanvasTexture(new ImageData(new Uint8ClampedArray(data), width, height) as never);
  map.colorSpace = THREE.SRGBColorSpace;
  map.anisotropy = 4;
  return map;
}
