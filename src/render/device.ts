import * as twgl from 'twgl.js';
import { checkTargets, type TargetSupport } from './targets.ts';
import { createTimers, type Timers } from './timers.ts';

/** Width and height in pixels. */
export type Size = readonly [width: number, height: number];
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

export interface Program {
  readonly name: string;
  readonly info: twgl.ProgramInfo;
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

const FULL_SCREEN_TRIANGLE = `#version 300 es
void main() {
  gl_Position = vec4(vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0), 0.0, 1.0);
}`;

const HEADER = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler2DArray;
`;

/** The source with a line number before every line, so that a driver's message can be read against it. */
export function numbered(source: string): string {
  return source
    .split('\n')
    .map((line, i) => `${String(i + 1).padStart(4)}  ${line}`)
    .join('\n');
}

/**
 * Everything this library asks of WebGL2: named textures, targets and programs, and the one place that draws.
 * A device belongs to one life of a context; after a context restore a new one is made.
 */
export class Device {
  readonly support: TargetSupport;
  readonly timers: Timers;
  readonly maxDrawBuffers: number;
  readonly maxTextureSize: number;
  private readonly samplers: Record<Filter, WebGLSampler>;
  private readonly vertexArray: WebGLVertexArrayObject;
  /** How to free each live object; false means that others still use it. */
  private readonly releases = new Map<object, () => unknown>();
  /** Programs by source, shared by everyone who asks for the same one; a network resized keeps its programs. */
  private readonly programs = new Map<string, { program: Program; users: number }>();
  private vertexShader: WebGLShader | null = null;

  constructor(readonly gl: WebGL2RenderingContext) {
    this.maxDrawBuffers = Math.min(gl.getParameter(gl.MAX_DRAW_BUFFERS), gl.getParameter(gl.MAX_COLOR_ATTACHMENTS));
    this.maxTextureSize = gl.getParameter(gl.MAX_TEXTURE_SIZE);
    this.samplers = { nearest: this.createSampler(gl.NEAREST), linear: this.createSampler(gl.LINEAR) };
    this.vertexArray = gl.createVertexArray()!;
    this.timers = createTimers(gl);
    this.support = checkTargets(this);
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
      throw new Error(`upframe: target '${name}' is not drawable here (framebuffer status 0x${status.toString(16)})`);
    }
    const made = { name, framebuffer, size };
    this.releases.set(made, () => gl.deleteFramebuffer(framebuffer));
    return made;
  }

  /** Compiles fragment sources, joined in order, into a full-screen program. Throws the numbered source on failure. */
  program(name: string, sources: string | readonly string[], defines: Record<string, string | number> = {}): Program {
    const { gl } = this;
    const lines = Object.entries(defines).map(([key, value]) => `#define ${key} ${value}`);
    const source = [HEADER + lines.join('\n'), ...(typeof sources === 'string' ? [sources] : sources)].join('\n');
    const shared = this.programs.get(source);
    if (shared) {
      shared.users++;
      return shared.program;
    }
    this.vertexShader ??= this.compile('full-screen triangle', gl.VERTEX_SHADER, FULL_SCREEN_TRIANGLE);
    const fragment = this.compile(name, gl.FRAGMENT_SHADER, source);
    const program = gl.createProgram();
    gl.attachShader(program, this.vertexShader);
    gl.attachShader(program, fragment);
    gl.linkProgram(program);
    gl.deleteShader(fragment);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const log = gl.getProgramInfoLog(program);
      gl.deleteProgram(program);
      throw new Error(`upframe: program '${name}' does not link: ${log}`);
    }
    const made = { name, info: twgl.createProgramInfoFromProgram(gl, program) };
    const entry = { program: made, users: 1 };
    this.programs.set(source, entry);
    this.releases.set(made, () => {
      if (--entry.users > 0) return false;
      this.programs.delete(source);
      gl.deleteProgram(program);
      return true;
    });
    return made;
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
    gl.useProgram(pass.program.info.program);
    twgl.setUniforms(pass.program.info, pass.uniforms);
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
    for (const { program } of this.programs.values()) this.gl.deleteProgram(program.info.program);
    for (const [object, release] of this.releases) if (!('info' in object)) release();
    this.releases.clear();
    this.programs.clear();
    this.timers.dispose();
    gl.deleteShader(this.vertexShader);
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

  private compile(name: string, kind: number, source: string): WebGLShader {
    const { gl } = this;
    const shader = gl.createShader(kind);
    if (!shader) throw new Error(`upframe: shader '${name}' could not be created: the context is lost`);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      const log = gl.getShaderInfoLog(shader);
      gl.deleteShader(shader);
      throw new Error(`upframe: shader '${name}' does not compile: ${log}\n${numbered(source)}`);
    }
    return shader;
  }
}
