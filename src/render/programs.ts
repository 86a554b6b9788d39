import * as twgl from 'twgl.js';

export interface Program {
  readonly name: string;
  readonly program: WebGLProgram;
  /** By the names of its uniforms, as twgl makes them. */
  readonly setters: Record<string, (value: never) => void>;
}

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

interface Entry {
  readonly source: string;
  readonly program: Program;
  users: number;
}

/** Full-screen programs of one context by their source, shared by everyone who asks for the same one: a network resized keeps its programs. */
export class Programs {
  private readonly entries = new Map<string, Entry>();
  private vertexShader: WebGLShader | null = null;

  constructor(private readonly gl: WebGL2RenderingContext) {}

  /** Compiles fragment sources, joined in order. Throws the numbered source on failure. */
  get(name: string, sources: string | readonly string[], defines: Record<string, string | number>): Program {
    const { gl } = this;
    const lines = Object.entries(defines).map(([key, value]) => `#define ${key} ${value}`);
    const source = [HEADER + lines.join('\n'), ...(typeof sources === 'string' ? [sources] : sources)].join('\n');
    const shared = this.entries.get(source);
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
    const made = { name, program, setters: twgl.createUniformSetters(gl, program) };
    this.entries.set(source, { source, program: made, users: 1 });
    return made;
  }

  /** One user fewer; the last one's leaving frees it. False while others use it. */
  release(program: Program): boolean {
    const entry = [...this.entries.values()].find((other) => other.program === program);
    if (!entry) return true;
    if (--entry.users > 0) return false;
    this.entries.delete(entry.source);
    this.gl.deleteProgram(program.program);
    return true;
  }

  dispose(): void {
    for (const { program } of this.entries.values()) this.gl.deleteProgram(program.program);
    this.entries.clear();
    this.gl.deleteShader(this.vertexShader);
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
