import type { Device, Pass, Program, Size, Target, Texture } from '../render/device.ts';
import hdrFrag from '../shaders/hdr.frag?raw';
import chromaLib from '../shaders/lib/chroma.glsl?raw';
import colorLib from '../shaders/lib/color.glsl?raw';
import filtersLib from '../shaders/lib/filters.glsl?raw';
import fsr1Lib from '../shaders/lib/fsr1.glsl?raw';
import fxaaLib from '../shaders/lib/fxaa.glsl?raw';
import positionLib from '../shaders/lib/position.glsl?raw';
import prepareFrag from '../shaders/prepare.frag?raw';
import resolveFrag from '../shaders/resolve.frag?raw';
import sharpenFrag from '../shaders/sharpen.frag?raw';
import smoothFrag from '../shaders/smooth.frag?raw';
import spatialFrag from '../shaders/spatial.frag?raw';
import showFrag from '../shaders/temporal-show.frag?raw';
import type { Network } from './network.ts';

/** What a display-size stage needs to know of the frame. */
export interface View {
  readonly color: Texture;
  readonly renderSize: Size;
  /** Size of the whole output picture in pixels. */
  displaySize: Size;
  topLeft: boolean;
  /** Chroma is known to be at half the resolution. */
  readonly subsampled?: boolean | undefined;
  /** By which the picture in `color` is moved, in render pixels. */
  readonly jitter: readonly [number, number];
}

/** Where a display-size stage draws: a target, the part of it to fill, and the target's corner within the picture. */
export interface Output {
  target: Target;
  region?: readonly [number, number, number, number] | null;
  offset?: readonly [number, number];
}

export type Filter = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos' | 'fsr1';

const ORIGIN = [0, 0] as const;

/** The stages around the network. Programs are compiled at first use and passes are reused: a frame allocates nothing. */
export class Stages {
  private readonly passes = new Map<string, Pass>();
  /** The resolve pass reads one network's output at one kind of ratio. */
  private resolving: { network: Network; exact: boolean; pass: Pass } | null = null;

  constructor(private readonly device: Device) {}

  /** Colour with one sample a pixel (render size) -> colour with smooth edges (render size). */
  smooth(view: View, target: Target): void {
    const pass = this.pass('smooth', () => this.device.program('smooth', [colorLib, fxaaLib, smoothFrag]));
    pass.uniforms.color = this.device.view(view.color, 'linear');
    this.drawTo(pass, { target });
  }

  /** Colour (render size) -> the network's input tensor (render size): luma, or RGB for networks of colour. */
  prepare(view: View, network: Network): void {
    const channels = network.inputChannels === 1 ? 1 : 3;
    const pass = this.pass(`prepare ${channels}`, () =>
      this.device.program('prepare', [colorLib, prepareFrag], { INPUT_CHANNELS: channels }),
    );
    pass.target = network.input.target;
    pass.uniforms.color = view.color;
    pass.uniforms.renderSize = view.renderSize;
    this.device.draw(pass);
  }

  /** Network output (scale x render size) and colour -> picture (display size). */
  resolve(view: View, network: Network, output: Output): void {
    const exact = view.displaySize.every(
      (side, axis) => side === view.renderSize[axis]! * network.scale && view.jitter[axis] === 0,
    );
    if (this.resolving?.network !== network || this.resolving.exact !== exact) {
      const program = this.device.program(
        'resolve',
        [colorLib, positionLib, filtersLib, chromaLib, network.output.glsl, resolveFrag],
        { OUTPUT_CHANNELS: network.outputChannels, SCALE: network.scale, ...(exact && { EXACT: 1 }) },
      );
      this.forgetNetwork();
      this.resolving = { network, exact, pass: newPass(program) };
    }
    const { pass } = this.resolving;
    Object.assign(pass.uniforms, network.output.uniforms);
    pass.uniforms.subsampled = view.subsampled ? 1 : 0;
    this.drawView(pass, view, output);
  }

  /** Colour (render size) -> picture (display size) by a fixed filter. */
  spatial(view: View, filter: Filter, output: Output): void {
    const pass = this.pass(filter, () =>
      this.device.program(filter, [colorLib, positionLib, filtersLib, fsr1Lib, spatialFrag], {
        METHOD: filter === 'fsr1' ? 'easu' : filter,
        // A copy of light may be brighter than any picture.
        MOST: filter === 'nearest' ? '1e9' : '0.0',
      }),
    );
    this.drawView(pass, view, output);
  }

  /** What was gathered to be shown (display size) -> picture (display size). */
  show(shown: Texture, view: View, output: Output): void {
    const pass = this.pass('temporal show', () =>
      this.device.program('temporal show', [positionLib, filtersLib, showFrag]),
    );
    pass.uniforms.shown = shown;
    this.drawView(pass, view, output);
  }

  /** Linear light -> a picture of that size in 0..1. */
  encodeLight(light: Texture, target: Target): void {
    const pass = this.pass('hdr encode', () => this.device.program('hdr encode', [hdrFrag]));
    pass.uniforms.picture = light;
    this.drawTo(pass, { target });
  }

  /** Picture (display size) -> linear light, nowhere above what the view's colour has around. */
  decodeLight(picture: Texture, view: View, output: Output): void {
    const pass = this.pass('hdr decode', () =>
      this.device.program('hdr decode', [positionLib, hdrFrag], { DECODE: 1 }),
    );
    pass.uniforms.picture = picture;
    this.drawView(pass, view, output);
  }

  /** Picture (display size) -> sharper picture (display size). `strength` 0 to 1. */
  sharpen(picture: Texture, strength: number, output: Output): void {
    const pass = this.pass('sharpen', () =>
      this.device.program('sharpen', [colorLib, filtersLib, fsr1Lib, sharpenFrag]),
    );
    pass.uniforms.picture = picture;
    pass.uniforms.strength = strength;
    pass.uniforms.offset = output.offset ?? ORIGIN;
    this.drawTo(pass, output);
  }

  /** Last rung of the ladder: no shader of ours, a scaled blit. */
  passthrough(view: View, output: Output): void {
    const { gl } = this.device;
    const { target, region } = output;
    const [width, height] = target.size;
    const [offsetX, offsetY] = output.offset ?? ORIGIN;
    const [x, y, w, h] = region ?? [0, 0, width, height];
    const scale = [view.renderSize[0] / view.displaySize[0], view.renderSize[1] / view.displaySize[1]] as const;
    const rows = [y + offsetY, y + h + offsetY].map(
      (row) => (view.topLeft ? view.displaySize[1] - row : row) * scale[1],
    );
    const columns = [x + offsetX, x + w + offsetX].map((column) => column * scale[0]);
    const source = this.device.target('passthrough', [view.color]);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, source.framebuffer);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, target.framebuffer);
    const [x0, x1, y0, y1] = [...columns, ...rows].map(Math.round) as [number, number, number, number];
    gl.blitFramebuffer(x0, y0, x1, y1, x, y, x + w, y + h, gl.COLOR_BUFFER_BIT, gl.LINEAR);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.device.free(source);
  }

  /** Frees what was compiled for the last network. */
  forgetNetwork(): void {
    this.device.free(this.resolving?.pass.program);
    this.resolving = null;
  }

  dispose(): void {
    this.forgetNetwork();
    for (const pass of this.passes.values()) this.device.free(pass.program);
    this.passes.clear();
  }

  private drawView(pass: Pass, view: View, output: Output): void {
    const { uniforms } = pass;
    uniforms.color = view.color;
    uniforms.renderSize = view.renderSize;
    uniforms.displaySize = view.displaySize;
    uniforms.topLeft = view.topLeft;
    uniforms.jitter = view.jitter;
    uniforms.offset = output.offset ?? ORIGIN;
    this.drawTo(pass, output);
  }

  private drawTo(pass: Pass, output: Output): void {
    pass.target = output.target;
    pass.region = output.region ?? null;
    this.device.draw(pass);
  }

  private pass(key: string, program: () => Program): Pass {
    let pass = this.passes.get(key);
    if (!pass) {
      pass = newPass(program());
      this.passes.set(key, pass);
    }
    return pass;
  }
}

/** A pass of a program, whose target is still to be given. */
export function newPass(program: Program): Pass {
  return { name: program.name, program, uniforms: {}, target: { name: 'none', framebuffer: null, size: [1, 1] } };
}
