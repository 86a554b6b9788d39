import filtersLib from '../shaders/lib/filters.glsl?raw';
import trustFrag from '../shaders/trust.frag?raw';
import type { Upscaler } from '../upscale/create.ts';
import type { FrameInput } from '../upscale/types.ts';
import type { Device, Pass, Target, Texture } from './device.ts';
import { type Size, sameSize } from './size.ts';

interface Surface {
  readonly texture: Texture;
  readonly target: Target;
}

/**
 * Where an upscaled picture departs from what its input supports, one value a render pixel. An upscaler predicts: what
 * it draws may contradict the input (shrunk back it gives another picture), and it may add detail that the input is
 * silent about.
 */
export class TrustMap {
  private device: Device | null = null;
  private pass: Pass | null = null;
  private picture: Surface | null = null;
  private map: Surface | null = null;

  constructor(private readonly upscaler: Upscaler) {}

  /**
   * Compares the frame that the upscaler has just rendered with its input. Draws only; `read` fetches the result.
   * @param frame the one given to `render`
   * @param displaySize pixels of the picture that `render` made
   */
  measure(frame: FrameInput, displaySize: Size): void {
    const { device } = this.upscaler;
    // A context that was lost took everything with it.
    if (device !== this.device) this.forget();
    this.device = device;
    this.pass ??= this.build(device);
    this.picture = surface(device, this.picture, 'trust picture', displaySize);
    this.map = surface(device, this.map, 'trust map', frame.renderSize);
    this.upscaler.renderTile(frame, displaySize, this.picture.target, [0, 0]);
    this.pass.target = this.map.target;
    Object.assign(this.pass.uniforms, {
      color: device.wrap('color', frame.color, frame.renderSize),
      picture: this.picture.texture,
      renderSize: frame.renderSize,
      displaySize,
      topLeft: frame.origin === 'top-left',
    });
    device.begin();
    device.draw(this.pass);
    device.end();
  }

  /**
   * The last measurement within [x, y, width, height] render pixels: RGBA bytes, rows in the order of the frame's
   * colour. A byte b stands for `levelsOf(b)` levels of 255.
   * red: departure, the picture shrunk back by antialiased bicubic against the input, the worst of R, G and B;
   * green: addition, the picture against the input's bicubic enlargement, RMS over the pixel's area and channels;
   * blue: departure as RMS over the channels, for a PSNR.
   * Waits for the GPU: call it when a fence says that the drawing is over.
   */
  read([x, y, width, height]: readonly [number, number, number, number]): Uint8Array {
    const { gl } = this.upscaler;
    const bytes = new Uint8Array(width * height * 4);
    if (!this.map || gl.isContextLost()) return bytes;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.map.target.framebuffer);
    gl.readPixels(x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    return bytes;
  }

  dispose(): void {
    const { device, pass, picture, map } = this;
    if (!this.upscaler.gl.isContextLost()) {
      device?.free(pass?.program, picture?.target, picture?.texture, map?.target, map?.texture);
    }
    this.forget();
  }

  private build(device: Device): Pass {
    const program = device.program('trust', [filtersLib, trustFrag]);
    return { name: 'trust', program, uniforms: {}, target: { name: 'none', framebuffer: null, size: [1, 1] } };
  }

  private forget(): void {
    this.device = this.pass = this.picture = this.map = null;
  }
}

/** Levels of 255 that a byte of the map stands for: 16 is one level, 32 four, 64 sixteen. */
export const levelsOf = (byte: number): number => byte ** 2 / 255;

/** The surface given if it is of that size, else a new one in its place. */
function surface(device: Device, old: Surface | null, name: string, size: Size): Surface {
  if (old && sameSize(old.texture.size, size)) return old;
  if (old) device.free(old.target, old.texture);
  const texture = device.texture(name, size, 'rgba8');
  return { texture, target: device.target(name, [texture]) };
}
