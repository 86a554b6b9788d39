import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Device, Size } from '../render/device.ts';
import outputGlsl from '../shaders/network/output.glsl?raw';
import { DEFAULT_VARIANT, type Network } from './network.ts';

type Runtime = typeof import('onnxruntime-web');

export interface RuntimeNetwork extends Network {
  /** Whether a first result is in the output; until then there is nothing to show. */
  readonly ready: boolean;
}

/** Loaded on demand only: its WebAssembly is 14 MB and more. */
let runtime: Promise<Runtime> | null = null;

async function load(): Promise<Runtime> {
  try {
    // In here, so that bundlers take it for the optional package that it is.
    runtime ??= import('onnxruntime-web/wasm') as unknown as Promise<Runtime>;
    return await runtime;
  } catch (error) {
    runtime = null;
    throw new Error(
      `upframe: backend 'onnxruntime' needs the package onnxruntime-web, which could not be loaded: ${(error as Error).message}`,
    );
  }
}

/** Pixels of a picture as channel planes, and back, four channels to a texel. */
function toPlanes(texels: Float32Array, channels: number, plane: number): Float32Array {
  const planes = new Float32Array(channels * plane);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) planes[c * plane + i] = texels[((c >> 2) * plane + i) * 4 + (c & 3)]!;
  }
  return planes;
}

function toTexels(planes: Float32Array, channels: number, plane: number): Float32Array {
  const texels = new Float32Array(Math.ceil(channels / 4) * plane * 4);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane; i++) texels[((c >> 2) * plane + i) * 4 + (c & 3)] = planes[c * plane + i]!;
  }
  return texels;
}

/**
 * A network of any operators, run by onnxruntime-web's WebAssembly. It looks like any other network, but its output is
 * late: each `run` takes up the newest finished result and sends its own picture off if nothing is under way. The picture is read
 * through a buffer and a fence, so a frame never waits.
 * @throws `upframe:` errors when onnxruntime-web cannot be loaded or refuses the model
 */
export async function createRuntimeNetwork(
  device: Device,
  bytes: Uint8Array,
  name: string,
  inputSize: Size,
): Promise<RuntimeNetwork> {
  const { gl } = device;
  const { InferenceSession, Tensor } = await load();
  const fail = (what: string): never => {
    throw new Error(`upframe: model '${name}' (backend 'onnxruntime'): ${what}`);
  };
  const session: InferenceSession = await InferenceSession.create(bytes).catch((error) =>
    fail(String(error?.message ?? error)),
  );
  const [inputName, outputName] = [session.inputNames[0]!, session.outputNames[0]!];
  const about = session.inputMetadata[0];
  const shape = about?.isTensor ? about.shape : [];
  const channels = shape[1];
  if (shape.length !== 4 || typeof channels !== 'number' || channels < 1 || channels > 16) {
    return fail(`its input is [${shape}], [1, 1 to 16 channels, height, width] is expected`);
  }
  const [width, height] = inputSize;
  const plane = width * height;
  const infer = async (planes: Float32Array): Promise<Tensor> => {
    const result = await session.run({ [inputName]: new Tensor('float32', planes, [1, channels, height, width]) });
    return result[outputName]!;
  };
  // The first run tells the shape of the output, whatever the file says.
  const first = await infer(new Float32Array(channels * plane)).catch((error) => fail(String(error?.message ?? error)));
  const [batch, outputChannels, outputHeight, outputWidth] = first.dims as [number, number, number, number];
  if (first.dims.length !== 4 || batch !== 1 || first.type !== 'float32') {
    return fail(`its output is ${first.type} [${first.dims}], float32 [1, channels, height, width] is expected`);
  }
  const outputSize: Size = [outputWidth, outputHeight];
  const outputPlane = outputWidth * outputHeight;

  const made: object[] = [];
  const keep = <T extends object>(object: T): T => {
    made.push(object);
    return object;
  };
  const format = device.support.rgba32f ? 'rgba32f' : 'rgba16f';
  const layers = Math.ceil(channels / 4);
  const input = keep(device.texture(`${name} input`, inputSize, format, { layers }));
  const output = keep(
    device.texture(`${name} output`, outputSize, 'rgba32f', { layers: Math.ceil(outputChannels / 4) }),
  );
  const targets = Array.from({ length: layers }, (_, layer) =>
    keep(device.target(`${name} input`, [{ texture: input, layer }])),
  );
  const target =
    layers === 1
      ? targets[0]!
      : keep(
          device.target(
            `${name} input`,
            Array.from(targets, (_, layer) => ({ texture: input, layer })),
          ),
        );
  const buffer = gl.createBuffer();
  let fence: WebGLSync | null = null;
  let working = false;
  let finished: Float32Array | null = null;
  let ready = false;
  let failure: Error | null = null;
  let disposed = false;

  /** Copies the input picture into the buffer; the GPU does it in its own time. */
  const send = (): void => {
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    // Given anew each time: Chrome warns of a buffer that is written again, though it has been read in between.
    gl.bufferData(gl.PIXEL_PACK_BUFFER, layers * plane * 16, gl.STREAM_READ);
    targets.forEach(({ framebuffer }, layer) => {
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, layer * plane * 16);
    });
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
  };

  /** The copy is done: hand it to the runtime, in a task of its own. */
  const collect = (): void => {
    gl.deleteSync(fence);
    fence = null;
    const texels = new Float32Array(layers * plane * 4);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, texels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    working = true;
    infer(toPlanes(texels, channels, plane))
      .then((tensor) => {
        finished = toTexels(tensor.data as Float32Array, outputChannels, outputPlane);
      })
      .catch((error) => {
        failure = new Error(`upframe: model '${name}' (backend 'onnxruntime'): ${error?.message ?? error}`);
      })
      .finally(() => {
        working = false;
      });
  };

  const upload = (texels: Float32Array): void => {
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, output.texture);
    device.unpack(() => {
      const { TEXTURE_2D_ARRAY: kind, RGBA, FLOAT } = gl;
      gl.texSubImage3D(kind, 0, 0, 0, 0, outputWidth, outputHeight, output.layers, RGBA, FLOAT, texels);
    });
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, null);
  };

  return {
    inputChannels: channels,
    outputChannels,
    scale: outputWidth / width,
    inputSize,
    outputSize,
    macs: 0,
    bytes: { memory: (layers * plane + output.layers * outputPlane) * 16, read: 0, written: 0 },
    variant: DEFAULT_VARIANT,
    format,
    input: { texture: input, target },
    output: {
      uniforms: { networkMap: output },
      glsl: `#define NETWORK_BLOCK 1\n#define NETWORK_TILE 1\n#define NETWORK_BORDER 0\n${outputGlsl}`,
    },
    passes: [],
    get ready() {
      return ready;
    },
    run() {
      if (disposed || gl.isContextLost()) return;
      // The next frame tells, as there is none to tell when it comes.
      if (failure) throw failure;
      if (finished) {
        upload(finished);
        finished = null;
        ready = true;
      }
      if (fence && gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED) collect();
      else if (!fence && !working) send();
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      device.free(...made.splice(0));
      gl.deleteBuffer(buffer);
      gl.deleteSync(fence);
      void session.release();
    },
  };
}
