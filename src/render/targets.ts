import type { Device, Format } from './device.ts';

/** Which kinds of texture can truly be drawn to and sampled back here, whatever the extensions claim. */
export type TargetSupport = Readonly<Record<Format, boolean>>;

/** Exact in 16-bit floats, and nothing a driver returns by accident. */
const PROBE = 0.625;

/**
 * Draws one pixel into each kind of target, samples it from a second pass, and reads that back. Some Adreno and
 * MediaTek drivers sample 16-bit float textures as 0, so an extension's presence proves nothing.
 */
export function checkTargets(device: Device): TargetSupport {
  const { gl } = device;
  gl.getExtension('EXT_color_buffer_float');
  gl.getExtension('EXT_color_buffer_half_float');
  const works = (format: Format): boolean => {
    const made: object[] = [];
    const keep = <T extends object>(object: T): T => {
      made.push(object);
      return object;
    };
    try {
      const write = keep(
        device.program('target self-test: write', `out vec4 color; void main() { color = vec4(${PROBE}); }`),
      );
      const read = keep(
        device.program(
          'target self-test: read',
          `uniform sampler2D source; out vec4 color; void main() { color = texelFetch(source, ivec2(0), 0); }`,
        ),
      );
      const source = keep(device.texture(`target self-test ${format}`, [1, 1], format));
      const result = keep(device.texture('target self-test result', [1, 1], 'rgba8'));
      const sourceTarget = keep(device.target(`target self-test ${format}`, [source]));
      const resultTarget = keep(device.target('target self-test result', [result]));
      device.begin();
      device.draw({ name: 'self-test write', program: write, target: sourceTarget, uniforms: {} });
      device.draw({ name: 'self-test read', program: read, target: resultTarget, uniforms: { source } });
      const pixel = new Uint8Array(4);
      gl.bindFramebuffer(gl.FRAMEBUFFER, resultTarget.framebuffer);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      return pixel.every((value) => Math.abs(value - PROBE * 255) < 1);
    } catch {
      return false;
    } finally {
      device.end();
      device.free(...made);
    }
  };
  return { rgba8: works('rgba8'), rgba16f: works('rgba16f'), rgba32f: works('rgba32f') };
}
