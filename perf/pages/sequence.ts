import * as THREE from 'three';
import { createPictureTarget, renderInto, textureHandle } from '../../src/render/bridge.ts';
import { Device, type Size, type Texture } from '../../src/render/device.ts';
import { JitteredRender } from '../../src/render/jittered.ts';
import { quadSize } from '../../src/upscale/game.ts';
import { loadModel } from '../../src/upscale/models.ts';
import { createNetwork } from '../../src/upscale/network.ts';
import { Temporal } from '../../src/upscale/temporal.ts';
import { createStaged } from '../../train/scenes/staged.ts';
import { type Assets, createWorld } from '../../train/scenes/world.ts';
import { boxShrink } from '../resize.ts';

/**
 * Training sequences for game-*: a world of train/scenes or a scene of perf/scenes, rendered frame by frame as
 * SceneUpscaler would, with what the prepare pass makes of it, and the truth.
 */
export interface SequenceJob {
  readonly seed: number;
  /** A scene of perf/scenes instead of a world of chance. */
  readonly staged: boolean;
  /** Display size in pixels, even. */
  readonly size: Size;
  readonly ratio: number;
  readonly frames: number;
  /** Seconds from frame to frame. */
  readonly step: number;
  readonly assets: Assets;
  /** Address of a game model to gather by: every frame is then followed by the history it made. */
  readonly model?: string;
  /** Without ending: NAME.bin holds the frames, NAME.json what is said of them. */
  readonly file: string;
}

/** Samples of the truth per display pixel and axis. */
const TRUTH_SCALE = 4;

let stage: { renderer: THREE.WebGLRenderer; device: Device } | null = null;

function open(): { renderer: THREE.WebGLRenderer; device: Device } {
  const renderer = new THREE.WebGLRenderer({ antialias: false });
  renderer.shadowMap.enabled = true;
  renderer.setPixelRatio(1);
  return { renderer, device: new Device(renderer.getContext() as WebGL2RenderingContext) };
}

function read(gl: WebGL2RenderingContext, texture: Texture): Uint8Array<ArrayBuffer> {
  const float = texture.format !== 'rgba8';
  const [width, height] = texture.size;
  const size = width * height * 4;
  const data = float ? new Float32Array(size) : new Uint8Array(size);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture.texture, 0);
  gl.readPixels(0, 0, width, height, gl.RGBA, float ? gl.FLOAT : gl.UNSIGNED_BYTE, data);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(framebuffer);
  return new Uint8Array(data.buffer);
}

const base64 = (parts: BlobPart[]) =>
  new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).split(',')[1]!);
    reader.readAsDataURL(new Blob(parts));
  });

/**
 * Per frame, RGBA, rows from the bottom, at render size: colour (8 bit); prepared, low, high (32-bit floats) and drift (8 bit) of
 * temporal-prepare.frag. At display size: truth (8 bit); with a model, history (32-bit floats; see game-accumulate.frag).
 */
export async function record(job: SequenceJob): Promise<void> {
  stage ??= open();
  const { renderer, device } = stage;
  const { gl } = device;
  const renderSize = job.size.map((side) => Math.round(side / job.ratio)) as unknown as Size;
  renderer.setSize(job.size[0], job.size[1]);
  const world = job.staged ? await createStaged(renderer, job.seed) : await createWorld(job.seed, job.assets);
  world.camera.aspect = job.size[0] / job.size[1];
  world.camera.updateProjectionMatrix();
  const low = createPictureTarget('colour', renderSize, { depth: true });
  const large = createPictureTarget('truth', [job.size[0] * TRUTH_SCALE, job.size[1] * TRUTH_SCALE]);
  const jittered = new JitteredRender(renderer, (error) => {
    throw error;
  });
  const temporal = new Temporal(device);
  const graph = job.model ? (await loadModel(job.model)).graph : null;
  const network = graph && createNetwork(device, graph, quadSize(job.size), { precision: 'float' });
  const parts: BlobPart[] = [];
  const frames: object[] = [];
  const cut = world.cuts?.[0] ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i < job.frames; i++) {
    const seconds = i * job.step;
    world.update(seconds);
    const reset = i === 0 || (seconds >= cut && seconds - job.step < cut);
    const input = jittered.render(world.scene, world.camera, low, job.size, 1 / job.ratio, device.timers);
    const color = device.wrap('colour', textureHandle(renderer, low.texture), renderSize);
    const wrap = (texture: WebGLTexture | undefined) => (texture ? device.wrap('input', texture, renderSize) : null);
    device.begin();
    const jitter = input.jitter!;
    const view = {
      color,
      depth: wrap(input.depth),
      motion: wrap(input.motion),
      reactive: wrap(input.reactive),
      camera: input.camera!,
      jitter,
      reset,
      renderSize,
      displaySize: job.size,
      topLeft: false,
    };
    temporal.gather(view, network);
    parts.push(read(gl, color));
    for (const texture of temporal.prepared) parts.push(read(gl, texture));
    device.end();
    renderer.resetState();
    renderInto(renderer, large, world.scene, world.camera, { pointShare: TRUTH_SCALE });
    const data = new Uint8Array(large.width * large.height * 4);
    renderer.readRenderTargetPixels(large, 0, 0, large.width, large.height, data);
    const truth = boxShrink({ width: large.width, height: large.height, data }, TRUTH_SCALE);
    parts.push(new Uint8Array(truth.data));
    if (network) parts.push(read(gl, temporal.gathered));
    frames.push({ jitter, reset });
  }
  const about = { seed: job.seed, displaySize: job.size, renderSize, ratio: job.ratio, step: job.step, frames };
  await upframeSave(`${job.file}.bin`, await base64(parts));
  await upframeSave(`${job.file}.json`, btoa(JSON.stringify(about)));
  temporal.dispose();
  network?.dispose();
  jittered.dispose();
  for (const target of [low, large]) {
    target.depthTexture?.dispose();
    target.dispose();
  }
  if (job.staged) return;
  world.scene.traverse((object) => {
    const { geometry, material } = object as THREE.Mesh;
    geometry?.dispose();
    for (const one of Array.isArray(material) ? material : [material]) one?.dispose();
  });
}
