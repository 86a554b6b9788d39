import * as twgl from 'twgl.js';
import { type Program, Programs } from './programs.ts';
import { isSoftware } from './renderer.ts';
import type { Size } from './size.ts';
import { checkTargets, type TargetSupport } from './targets.ts';
import { createTimers, type Timers } from './timers.ts';

export type { Program, Size };

export type Format = 'rgba8' | 'rgba16f' | 'rgba32f';
export type Filter = 'nearest' | 'linear';

/** A texture with the sampler it is read through. It can be given to a pass as the value of a sampler uniform. */
export interface Texture {
  readonly name: string;
  readonly texture: WebGLTexture;
  readonly sampler: WebGLSampler;
  readonly size: Size;
  /** 0 for a TEXTURE_2D, the layer count for a TEXTURE_2D_ARRAY. */
  readonly layers: number;
  readonly format: Format;
}

/** Where a pass draws: a framebuffer and its size in pixels. `framebuffer` null is the canvas. */
export interface Target {
  readonly name: string;
  readonly framebuffer: WebGLFramebuffer | null;
  readonly size: Size;
}

export type UniformValue = number | boolean | ArrayLike<number> | { texture: WebGLTexture; sampler: WebGLSampler };

/** One full-screen draw, as data. `region` limits it to a rectangle [x, y, width, height] of the target. */
export interface Pass {
  readonly name: string;
  readonly program: Program;
  target: Target;
  readonly uniforms: Record<string, UniformValue>;
  region?: readonly [number, number, number, number] | null;
}

export interface TextureOptions {
  filter?: Filter;
  layers?: number;
  data?: ArrayBufferView | null;
}

const FORMATS = {
  rgba8: ['RGBA8', 'RGBA', 'UNSIGNED_BYTE'],
  rgba16f: ['RGBA16F', 'RGBA', 'HALF_FLOAT'],
  rgba32f: ['RGBA32F', 'RGBA', 'FLOAT'],
} as const;

/**
 * Everything this library asks of WebGL2: named textures, targets and programs, and the one place that draws.
 * A device belongs to one life of a context; after a context restore a new one is made.
 */
export class Device {
  readonly support: TargetSupport;
  readonly timers: Timers;
  readonly maxDrawBuffers: number;
  readonly maxTextureSize: number;
  /** WebGL runs on the processor: some things that a GPU has for nothing are dear there, and the other way round. */
  readonly software: boolean;
  /**
   * What textures hold that are drawn with more than 8 bits and read between texels. A processor takes a quarter longer for
   * the whole pass that accumulates where 16 bits have to be converted for each of four texels; a GPU would pay for the width.
   */
  readonly smoothFormat: Format;
  private readonly samplers: Record<Filter, WebGLSampler>;
  private readonly vertexArray: WebGLVertexArrayObject;
  /** How to free each live object; false means that others still use it. */
  private readonly releases = new Map<object, () => unknown>();
  private readonly programs: Programs;

  constructor(readonly gl: WebGL2RenderingContext) {
    this.maxDrawBuffers = Math.min(gl.getParameter(gl.MAX_DRAW_BUFFERS), gl.getParameter(gl.MAX_COLOR_ATTACHMENTS));
    this.maxTextureSize = gl.getParameter(gl.MAX_TEXTURE_SIZE);
    this.software = isSoftware(gl);
    this.samplers = { nearest: this.createSampler(gl.NEAREST), linear: this.createSampler(gl.LINEAR) };
    this.vertexArray = gl.createVertexArray()!;
    this.programs = new Programs(gl);
    this.timers = createTimers(gl);
    this.support = checkTargets(this);
    const wide = this.software && this.support.rgba32f && gl.getExtension('OES_texture_float_linear');
    this.smoothFormat = wide ? 'rgba32f' : 'rgba16f';
  }

  /** How many GPU objects made by this device are alive, timer queries and samplers aside. */
  get liveObjects(): number {
    return this.releases.size;
  }

  texture(name: string, size: Size, format: Format, options: TextureOptions = {}): Texture {
    const { gl } = this;
    const { filter = 'nearest', layers = 0, data = null } = options;
    if (size[0] > this.maxTextureSize || size[1] > this.maxTextureSize) {
      throw new Error(
        `upframe: texture '${name}' of ${size[0]}x${size[1]} is larger than this GPU allows (${this.maxTextureSize})`,
      );
    }
    const texture = gl.createTexture();
    const [internal, layout, type] = FORMATS[format];
    const kind = layers ? gl.TEXTURE_2D_ARRAY : gl.TEXTURE_2D;
    gl.bindTexture(kind, texture);
    if (layers) gl.texStorage3D(kind, 1, gl[internal], size[0], size[1], layers);
    else gl.texStorage2D(kind, 1, gl[internal], size[0], size[1]);
    if (data) {
      this.unpack(() => {
        if (layers) gl.texSubImage3D(kind, 0, 0, 0, 0, size[0], size[1], layers, gl[layout], gl[type], data);
        else gl.texSubImage2D(kind, 0, 0, 0, size[0], size[1], gl[layout], gl[type], data);
      });
    }
    gl.bindTexture(kind, null);
    const made = { name, texture, sampler: this.samplers[filter], size, layers, format };
    this.releases.set(made, () => gl.deleteTexture(texture));
    return made;
  }

  /** A texture whose size and pixels come with each upload from a picture or a video. */
  uploadTexture(): WebGLTexture {
    const texture = this.gl.createTexture();
    this.gl.bindTexture(this.gl.TEXTURE_2D, texture);
    this.gl.texParameteri(this.gl.TEXTURE_2D, this.gl.TEXTURE_MIN_FILTER, this.gl.NEAREST);
    this.gl.bindTexture(this.gl.TEXTURE_2D, null);
    this.releases.set(texture, () => this.gl.deleteTexture(texture));
    return texture;
  }

  /** Someone else's TEXTURE_2D, to be read through our sampler. Owns nothing. */
  wrap(name: string, texture: WebGLTexture, size: Size, filter: Filter = 'nearest'): Texture {
    return { name, texture, sampler: this.samplers[filter], size, layers: 0, format: 'rgba8' };
  }

  /** The same texture read through another filter. Owns nothing. */
  view(texture: Texture, filter: Filter): Texture {
    return { ...texture, sampler: this.samplers[filter] };
  }

  /** A framebuffer over whole 2D textures, or over chosen layers of array textures. */
  target(name: string, attachments: readonly (Texture | { texture: Texture; layer: number })[]): Target {
    const { gl } = this;
    const framebuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    const first = attachments[0]!;
    const size = 'layer' in first ? first.texture.size : first.size;
    attachments.forEach((attachment, i) => {
      const point = gl.COLOR_ATTACHMENT0 + i;
      if ('layer' in attachment) {
        gl.framebufferTextureLayer(gl.FRAMEBUFFER, point, attachment.texture.texture, 0, attachment.layer);
      } else gl.framebufferTexture2D(gl.FRAMEBUFFER, point, gl.TEXTURE_2D, attachment.texture, 0);
    });
    gl.drawBuffers(attachments.map((_, i) => gl.COLOR_ATTACHMENT0 + i));
    const status = gl.checkFramebufferStatus(gl.FRAMEBUFFER);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    if (status !== gl.FRAMEBUFFER_COMPLETE && !gl.isContextLost()) {
      gl.deleteFramebuffer(framebuffer);
      throw new Error(`upframe: target '${name}' is not drawable here (status 0x${status.toString(16)})`);
    }
    const made = { name, framebuffer, size };
    this.releases.set(made, () => gl.deleteFramebuffer(framebuffer));
    return made;
  }

  /** Compiles fragment sources, joined in order, into a full-screen program. Throws the numbered source on failure. */
  program(name: string, sources: string | readonly string[], defines: Record<string, string | number> = {}): Program {
    const program = this.programs.get(name, sources, defines);
    this.releases.set(program, () => this.programs.release(program));
    return program;
  }

  /** Frees textures, targets or programs made by this device; undefined entries are passed over. */
  free(...objects: (object | null | undefined)[]): void {
    for (const object of objects) {
      if (!object) continue;
      if (this.releases.get(object)?.() !== false) this.releases.delete(object);
    }
  }

  /** Sets the state every pass relies on. Call once before a run of draws, and `end` after it. */
  begin(): void {
    const { gl } = this;
    gl.bindVertexArray(this.vertexArray);
    for (const state of [gl.BLEND, gl.DEPTH_TEST, gl.CULL_FACE, gl.STENCIL_TEST, gl.SCISSOR_TEST]) gl.disable(state);
    gl.colorMask(true, true, true, true);
    gl.depthMask(false);
  }

  /** The one place that draws. */
  draw(pass: Pass): void {
    const { gl } = this;
    const { target, region } = pass;
    if (region) {
      if (region[2] <= 0 || region[3] <= 0) return;
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(region[0], region[1], region[2], region[3]);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
    gl.viewport(0, 0, target.size[0], target.size[1]);
    gl.useProgram(pass.program.program);
    twgl.setUniforms(pass.program.setters, pass.uniforms);
    this.timers.begin(pass.name);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.timers.end();
    if (region) gl.disable(gl.SCISSOR_TEST);
  }

  /** Leaves no framebuffer, sampler, program or vertex array of ours bound. */
  end(): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.bindVertexArray(null);
    gl.useProgram(null);
    gl.depthMask(true);
    for (let unit = 0; unit < 16; unit++) gl.bindSampler(unit, null);
    gl.activeTexture(gl.TEXTURE0);
  }

  /** Runs an upload with default unpacking, whatever the application had set, and restores what it had. */
  unpack(upload: () => void): void {
    const { gl } = this;
    const names = [gl.UNPACK_FLIP_Y_WEBGL, gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, gl.UNPACK_ALIGNMENT] as const;
    const before = names.map((name) => gl.getParameter(name));
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    upload();
    names.forEach((name, i) => {
      gl.pixelStorei(name, before[i]);
    });
  }

  dispose(): void {
    const { gl } = this;
    for (const [object, release] of this.releases) if (!('info' in object)) release();
    this.releases.clear();
    this.programs.dispose();
    this.timers.dispose();
    gl.deleteVertexArray(this.vertexArray);
    for (const sampler of Object.values(this.samplers)) gl.deleteSampler(sampler);
  }

  private createSampler(filter: number): WebGLSampler {
    const { gl } = this;
    const sampler = gl.createSampler();
    gl.samplerParameteri(sampler, gl.TEXTURE_MIN_FILTER, filter);
    gl.samplerParameteri(sampler, gl.TEXTURE_MAG_FILTER, filter);
    gl.samplerParameteri(sampler, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.samplerParameteri(sampler, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return sampler;
  }
}
