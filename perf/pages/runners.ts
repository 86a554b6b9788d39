import { createUpscaler, type FrameInput, type Method, type Size, type UpscalerOptions } from '../../src/index.ts';
import type { MethodSpec } from '../methods.ts';
import type { Picture } from '../metrics.ts';
import { flipped, readTexture } from './picture.ts';

/** Every way to make the picture, behind one face. Inputs and outputs have row 0 at the bottom inside GL. */
export interface Runner {
  readonly name: string;
  /** The frame at display size, rows from the top. */
  picture(frame: FrameInput, displaySize: Size): Promise<Picture>;
  dispose(): void;
}

/** What a module of anyone's exports as `createMethod` (contract 2). */
interface OutsideMethod {
  name: string;
  /** A promise where drawing waits for an animation frame, as three's nodes do. */
  frame(input: FrameInput): WebGLTexture | HTMLCanvasElement | Promise<WebGLTexture | HTMLCanvasElement>;
  dispose(): void;
}

/** A texture of a size to draw into and read from; it follows the size asked for. */
class Canvas8 {
  private size: Size = [0, 0];
  private texture: WebGLTexture | null = null;
  private framebuffer: WebGLFramebuffer | null = null;

  constructor(private readonly gl: WebGL2RenderingContext) {}

  of(size: Size): { framebuffer: WebGLFramebuffer; size: Size } {
    const { gl } = this;
    if (this.size[0] !== size[0] || this.size[1] !== size[1]) {
      this.dispose();
      this.texture = gl.createTexture();
      this.framebuffer = gl.createFramebuffer();
      gl.bindTexture(gl.TEXTURE_2D, this.texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, size[0], size[1]);
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.bindTexture(gl.TEXTURE_2D, null);
      this.size = size;
    }
    return { framebuffer: this.framebuffer!, size };
  }

  read(): Picture {
    const [width, height] = this.size;
    return flipped({ width, height, data: readTexture(this.gl, this.texture!, width, height) });
  }

  dispose(): void {
    this.gl.deleteFramebuffer(this.framebuffer);
    this.gl.deleteTexture(this.texture);
    this.size = [0, 0];
  }
}

/** Options of the library for a method. */
export function strictOptions(spec: MethodSpec, ratio: number): UpscalerOptions {
  const base = { ratio, timing: false, onFallback: () => {} };
  if (spec.kind !== 'model') return { ...base, method: spec.source as Method };
  const model = spec.source.startsWith('/') ? new URL(spec.source, location.href) : spec.source;
  return { ...base, method: 'network', model };
}

/** A figure must belong to the method it is filed under: a quiet step down the ladder is an error here. */
export function throwIfFallen(fallback: string | null, spec: MethodSpec): void {
  if (fallback) throw new Error(`upframe: '${spec.name}' failed here and fell back to ${fallback}`);
}

async function upscalerRunner(
  gl: WebGL2RenderingContext,
  spec: MethodSpec,
  ratio: number,
  sharpness: number,
): Promise<Runner> {
  const upscaler = await createUpscaler(gl, { ...strictOptions(spec, ratio), sharpness });
  const output = new Canvas8(gl);
  return {
    name: spec.name,
    async picture(frame, displaySize) {
      if (frame.reset) upscaler.reset();
      upscaler.render(frame, output.of(displaySize));
      throwIfFallen(upscaler.stats.fallback, spec);
      return output.read();
    },
    dispose() {
      upscaler.dispose();
      output.dispose();
    },
  };
}

/** Pixels of any texture that can be sampled, by drawing it: a float texture cannot be read as bytes. */
class Copier {
  private readonly output: Canvas8;
  private program: WebGLProgram | null = null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.output = new Canvas8(gl);
  }

  read(texture: WebGLTexture, size: Size): Picture {
    const { gl } = this;
    this.program ??= this.compile();
    const target = this.output.of(size);
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    gl.viewport(0, 0, size[0], size[1]);
    for (const state of [gl.BLEND, gl.DEPTH_TEST, gl.CULL_FACE, gl.STENCIL_TEST, gl.SCISSOR_TEST]) gl.disable(state);
    gl.colorMask(true, true, true, true);
    gl.bindVertexArray(null);
    gl.useProgram(this.program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindSampler(0, null);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindTexture(gl.TEXTURE_2D, null);
    return this.output.read();
  }

  private compile(): WebGLProgram {
    const { gl } = this;
    const program = gl.createProgram();
    const sources = [
      [
        gl.VERTEX_SHADER,
        'void main() { gl_Position = vec4(gl_VertexID == 1 ? 3 : -1, gl_VertexID == 2 ? 3 : -1, 0, 1); }',
      ],
      [
        gl.FRAGMENT_SHADER,
        'precision highp float; uniform highp sampler2D picture; out vec4 color; void main() { color = vec4(texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb, 1); }',
      ],
    ] as const;
    for (const [kind, source] of sources) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, `#version 300 es\n${source}`);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(`upframe: ${gl.getProgramInfoLog(program)}`);
    return program;
  }
}

function readCanvas(canvas: HTMLCanvasElement, [width, height]: Size): Picture {
  const pen = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true })!;
  pen.drawImage(canvas, 0, 0);
  return { width, height, data: pen.getImageData(0, 0, width, height).data };
}

/** Imports a module and gives its function; the message says which of the two went wrong. */
export async function importFunction(url: string, name: string): Promise<(...args: never[]) => unknown> {
  const path = decodeURIComponent(url.replace('/@fs', ''));
  let module: Record<string, unknown>;
  try {
    module = await import(/* @vite-ignore */ url);
  } catch (error) {
    throw new Error(`upframe: ${path} cannot be imported: ${(error as Error).message}`);
  }
  if (typeof module[name] !== 'function') throw new Error(`upframe: ${path} exports no function '${name}'`);
  return module[name] as (...args: never[]) => unknown;
}

/**
 * What a module's `createMethod` is given beside the context, where there is a scene: `renderer` is three's, of that
 * context, and `createCopy` makes a second scene and camera, posed in step, that no other method sees.
 */
export type OutsideSetup = { scene?: unknown; camera?: unknown; renderer?: unknown; createCopy?: unknown };

async function outsideRunner(gl: WebGL2RenderingContext, spec: MethodSpec, extra: OutsideSetup): Promise<Runner> {
  const createMethod = (await importFunction(spec.source, 'createMethod')) as (setup: object) => Promise<OutsideMethod>;
  const copier = new Copier(gl);
  let method: OutsideMethod | null = null;
  let sizes = '';
  return {
    name: spec.name,
    async picture(frame, displaySize) {
      // A method is made for its sizes, and made anew when they change.
      const wanted = `${frame.renderSize} ${displaySize}`;
      if (wanted !== sizes) {
        method?.dispose();
        method = await createMethod({ gl, renderSize: frame.renderSize, displaySize, ...extra });
        sizes = wanted;
      }
      const result = await method!.frame(frame);
      if (!(result instanceof HTMLCanvasElement)) return copier.read(result, displaySize);
      if (result.width !== displaySize[0] || result.height !== displaySize[1]) {
        throw new Error(
          `upframe: method '${spec.name}' gave a canvas of ${result.width}x${result.height}, not ${displaySize.join('x')}`,
        );
      }
      return readCanvas(result, displaySize);
    },
    dispose: () => method?.dispose(),
  };
}

export function createRunner(
  gl: WebGL2RenderingContext,
  spec: MethodSpec,
  ratio: number,
  extra: OutsideSetup = {},
  sharpness = 0,
): Promise<Runner> {
  return spec.kind === 'module' ? outsideRunner(gl, spec, extra) : upscalerRunner(gl, spec, ratio, sharpness);
}
