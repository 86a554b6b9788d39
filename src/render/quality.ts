import colorLib from '../shaders/lib/color.glsl?raw';
import meanFrag from '../shaders/mean.frag?raw';
import qualityFrag from '../shaders/quality.frag?raw';
import type { Device, Pass, Size, Target, Texture } from './device.ts';

/** The truth is rendered at this many samples a display pixel and axis. */
export const TRUTH_SCALE = 2;

/** Tiles that the reported figures are taken over. */
const TILES = 16;

const STRIDE = 4;
const WINDOW = 8;

/**
 * Live quality: compares a tile of the picture on screen with the truth on the GPU, and reads eight bytes' worth of
 * result back when a fence says they are there, so that nothing waits.
 */
export class QualityProbe {
  /** Where the picture's tile is to be drawn before `measure`. */
  readonly tile: Target;
  private readonly passes: readonly Pass[];
  private readonly owned: object[];
  private readonly buffer: WebGLBuffer;
  private readonly bytes = new Float32Array(4);
  private readonly tiles: { mse: number; ssim: number }[] = [];
  private sync: WebGLSync | null = null;
  private turn = 0;

  constructor(
    readonly device: Device,
    readonly tileSize: Size,
  ) {
    const { gl } = device;
    const windows: Size = [
      Math.floor((tileSize[0] - WINDOW) / STRIDE) + 1,
      Math.floor((tileSize[1] - WINDOW) / STRIDE) + 1,
    ];
    const picture = device.texture('quality tile', tileSize, 'rgba8');
    const values = device.texture('quality windows', windows, 'rgba32f');
    const mean = device.texture('quality mean', [1, 1], 'rgba32f');
    this.tile = device.target('quality tile', [picture]);
    const valuesTarget = device.target('quality windows', [values]);
    const meanTarget = device.target('quality mean', [mean]);
    const compare = device.program('quality', [colorLib, qualityFrag], { TRUTH_SCALE });
    const average = device.program('quality mean', meanFrag);
    this.owned = [picture, values, mean, this.tile, valuesTarget, meanTarget, compare, average];
    this.passes = [
      { name: 'quality', program: compare, target: valuesTarget, uniforms: { picture } },
      { name: 'quality mean', program: average, target: meanTarget, uniforms: { values } },
    ];
    this.buffer = gl.createBuffer();
  }

  /** True when the last result has been read and another tile may be measured. */
  get idle(): boolean {
    return this.sync === null;
  }

  /** Corner of the next tile in display pixels from the bottom left: a walk over the picture that visits all parts evenly. */
  nextOffset(displaySize: Size): [number, number] {
    // The plastic number's low-discrepancy sequence (Roberts, 2018).
    const at = (step: number, room: number) => Math.floor(((this.turn * step) % 1) * Math.max(room, 0));
    this.turn++;
    return [at(0.7548776662, displaySize[0] - this.tileSize[0]), at(0.5698402911, displaySize[1] - this.tileSize[1])];
  }

  /** Compares the tile drawn into `tile` with the truth, TRUTH_SCALE times as large per axis. */
  measure(truth: Texture): void {
    const { device, passes } = this;
    const { gl } = device;
    passes[0]!.uniforms.truth = truth;
    device.begin();
    for (const pass of passes) device.draw(pass);
    gl.bindFramebuffer(gl.FRAMEBUFFER, passes[1]!.target.framebuffer);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.buffer);
    // Given anew each time: Chrome warns of a buffer that is written again, though it has been read in between.
    gl.bufferData(gl.PIXEL_PACK_BUFFER, this.bytes.byteLength, gl.STREAM_READ);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    device.end();
    this.sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  }

  /** Takes in a finished result, if there is one. */
  poll(): void {
    const { gl } = this.device;
    if (!this.sync || gl.getSyncParameter(this.sync, gl.SYNC_STATUS) !== gl.SIGNALED) return;
    gl.deleteSync(this.sync);
    this.sync = null;
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, this.bytes);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    this.tiles.push({ mse: this.bytes[0]!, ssim: this.bytes[1]! });
    if (this.tiles.length > TILES) this.tiles.shift();
  }

  /** PSNR in dB over RGB and mean SSIM over the last tiles; null before the first. */
  get result(): { psnr: number; ssim: number } | null {
    if (!this.tiles.length) return null;
    const mean = (key: 'mse' | 'ssim') => this.tiles.reduce((sum, tile) => sum + tile[key], 0) / this.tiles.length;
    // Below 8-bit quantisation's own error the pictures are the same: 99 dB stands for that.
    return { psnr: Math.min(99, -10 * Math.log10(Math.max(mean('mse'), 1e-12))), ssim: mean('ssim') };
  }

  /** Forgets past tiles: what is on screen is now made another way. */
  clear(): void {
    this.tiles.length = 0;
  }

  dispose(): void {
    const { gl } = this.device;
    this.device.free(...this.owned);
    gl.deleteBuffer(this.buffer);
    gl.deleteSync(this.sync);
    this.sync = null;
  }
}
