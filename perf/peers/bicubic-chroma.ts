import type { FrameInput, Size } from '../../src/index.ts';
import { Device, type Program } from '../../src/render/device.ts';
import chromaLib from '../../src/shaders/lib/chroma.glsl?raw';
import { paddedSize, sizeMultiple } from '../../src/upscale/graph.ts';
import { loadModel } from '../../src/upscale/models.ts';
import { createNetwork } from '../../src/upscale/network.ts';
import { Stages } from '../../src/upscale/stages.ts';

/** image-m with chroma that luma does not guide: what guided chroma is measured against. All else is the frame as it ships. */

const UNGUIDED = `struct Guided { vec4 bicubic; vec3 slope; };
Guided guidedBicubic(sampler2D source, vec2 position, float subsampled) { return Guided(bicubic(source, position), vec3(1.0)); }`;

class UnguidedDevice extends Device {
  override program(
    name: string,
    sources: string | readonly string[],
    defines?: Record<string, string | number>,
  ): Program {
    const parts = typeof sources === 'string' ? [sources] : sources;
    return super.program(
      name,
      parts.map((part) => (part === chromaLib ? UNGUIDED : part)),
      defines,
    );
  }
}

interface Setup {
  gl: WebGL2RenderingContext;
  renderSize: Size;
  displaySize: Size;
}

export async function createMethod({ gl, renderSize, displaySize }: Setup) {
  const { graph } = await loadModel('image-m');
  const device = new UnguidedDevice(gl);
  const stages = new Stages(device);
  const network = createNetwork(device, graph!, paddedSize(renderSize, sizeMultiple(graph!)));
  const picture = device.texture('picture', displaySize, 'rgba8');
  const target = device.target('picture', [picture]);
  return {
    name: 'bicubic-chroma',
    frame({ color, origin }: FrameInput): WebGLTexture {
      const view = {
        color: device.wrap('color', color, renderSize),
        renderSize,
        displaySize,
        topLeft: origin === 'top-left',
        jitter: [0, 0] as const,
      };
      device.begin();
      stages.prepare(view, network);
      network.run();
      stages.resolve(view, network, { target });
      device.end();
      return picture.texture;
    },
    dispose(): void {
      network.dispose();
      stages.dispose();
      device.dispose();
    },
  };
}
