import type { Device, Pass, Texture } from '../render/device.ts';
import { sameSize } from '../render/size.ts';
import gameAccumulateFrag from '../shaders/game-accumulate.frag?raw';
import gameFeaturesFrag from '../shaders/game-features.frag?raw';
import historyLib from '../shaders/lib/history.glsl?raw';
import temporalLib from '../shaders/lib/temporal.glsl?raw';
import accumulateFrag from '../shaders/temporal-accumulate.frag?raw';
import prepareFrag from '../shaders/temporal-prepare.frag?raw';
import { checkGame } from './game.ts';
import { History } from './history.ts';
import { invert, type Matrix, multiply } from './matrices.ts';
import type { Network } from './network.ts';
import { newPass, type View } from './stages.ts';
import type { FrameCamera } from './types.ts';

/** What `FrameInput` holds for the temporal path, wrapped. */
export interface TemporalView extends View {
  readonly depth: Texture | null;
  readonly motion: Texture | null;
  readonly reactive: Texture | null;
  readonly camera: FrameCamera | null;
  readonly reset: boolean;
}

/** Multiply-accumulates a display pixel from which on a network has history resampled by thirteen reads, not five. */
const WIDE_FROM = 400;

/** How many reads of history there are with weights fitted for networks; rules have none: see history.glsl. */
function fittedReads(network: Network | null): number {
  if (!network) return 0;
  return network.macs >= WIDE_FROM * 4 * network.inputSize[0] * network.inputSize[1] ? 13 : 5;
}

const matrix = (): Matrix => new Float64Array(16);

/** The passes that differ between a network and rules. */
interface Way {
  readonly network: Network | null;
  readonly features: Pass | null;
  readonly accumulate: Pass;
}

/**
 * Gathers jittered frames into a picture at display size:
 *   prepare     colour, depth, motion -> motion of the nearest surface, what to believe of history, its colour box (render size)
 *   features    colour, history, prepared -> input of the network (quads), where there is one
 *   network     -> decisions (quads)
 *   accumulate  colour, history, prepared, decisions -> history, and what to show of it (display size)
 * `Stages.show` then makes the picture.
 * After FSR2 (AMD) and "A Survey of Temporal Antialiasing Techniques" (Yang et al., 2020); by a network after Arm's NSS.
 */
export class Temporal {
  private readonly surroundings: History;
  private readonly picture: History;
  private readonly prepare: Pass;
  private way: Way | null = null;
  private readonly previous = { projection: matrix(), view: matrix(), jitter: [0, 0] as [number, number] };
  private readonly work = { inverse: matrix(), toPrevious: matrix() };
  /** The frame gathered last. */
  lastFrame: TemporalView | null = null;

  constructor(private readonly device: Device) {
    if (!device.support.rgba16f) throw new Error('upframe: 16-bit float targets, which hold history, do not work here');
    this.surroundings = new History(device, 'temporal surroundings');
    this.picture = new History(device, 'temporal history');
    this.prepare = newPass(device.program('temporal prepare', [temporalLib, prepareFrag]));
    this.prepare.uniforms.inverseProjection = new Float32Array(16);
    this.prepare.uniforms.toPreviousView = new Float32Array(16);
    this.prepare.uniforms.previousProjection = new Float32Array(16);
    this.prepare.uniforms.linearize = new Float32Array(4);
    this.prepare.uniforms.depthToClip = new Float32Array(2);
  }

  /** What the prepare pass made of the frame gathered last, at render size: see temporal-prepare.frag. */
  get prepared(): readonly Texture[] {
    return this.surroundings.read?.textures ?? [];
  }

  /** The network that decided on the frame gathered last, null where rules did. */
  get network(): Network | null {
    return this.way?.network ?? null;
  }

  /** The picture gathered so far, at display size: colour, and the weight it was gathered with in alpha. */
  get gathered(): Texture {
    return this.picture.read!.textures[0]!;
  }

  /** What is to be shown of that picture, at display size: colour, and in alpha by how much it is to be sharpened. */
  get shown(): Texture {
    return this.picture.read!.textures[1]!;
  }

  /**
   * Takes the frame into history. Once a frame: further pictures of the same frame are only shown.
   * @param network decides, in place of rules; of `quadSize`
   */
  gather(view: TemporalView, network: Network | null = null): void {
    if (view === this.lastFrame) return;
    const { depth, camera } = view;
    if (!depth || !camera) {
      throw new Error("upframe: a game-* model or 'temporal' needs depth, jitter and camera in every frame");
    }
    const kept = sameSize(this.picture.read?.size, view.displaySize) && !view.reset;
    if (!kept) this.remember(camera, view.jitter);
    this.setCamera(camera);

    const { smoothFormat } = this.device;
    const surroundings = this.surroundings.write(view.renderSize, [smoothFormat, smoothFormat, smoothFormat, 'rgba8']);
    const prepare = this.prepare.uniforms;
    // Without history nothing is read of it; some texture must be bound.
    const [before, low, high, drift] = kept ? this.surroundings.read!.textures : [depth, depth, depth, depth];
    prepare.color = view.color;
    prepare.depth = depth;
    prepare.motion = view.motion ?? depth;
    prepare.reactive = view.reactive ?? depth;
    prepare.previous = before!;
    prepare.previousLow = low!;
    prepare.previousHigh = high!;
    prepare.previousDrift = drift!;
    prepare.hasMotion = view.motion !== null;
    prepare.hasReactive = view.reactive !== null;
    prepare.reset = !kept;
    prepare.topLeft = view.topLeft;
    prepare.jitter = view.jitter;
    prepare.previousJitter = this.previous.jitter;
    // The more pixels a sample stands for, the longer until the jitter comes back to what a frame has missed.
    const area = (view.displaySize[0] * view.displaySize[1]) / (view.renderSize[0] * view.renderSize[1]);
    // With a camera at rest there is time for the whole round.
    prepare.boxDecay = Math.min(0.25, (prepare.still ? 0.2 : 0.5) / area);
    this.prepare.target = surroundings.target;
    this.device.draw(this.prepare);

    // What is shown has as many bits as the frame's colour.
    const picture = this.picture.write(view.displaySize, [smoothFormat, view.color.format]);
    const history = kept ? this.gathered : view.color;
    const { features, accumulate } = this.wayFor(network);
    if (network && features) {
      this.readHistory(features, view, surroundings.textures, history);
      features.uniforms.color = this.device.view(view.color, 'linear');
      features.target = network.input.target;
      this.device.draw(features);
      network.run();
    }
    this.readHistory(accumulate, view, surroundings.textures, history);
    accumulate.uniforms.color = view.color;
    accumulate.target = picture.target;
    this.device.draw(accumulate);

    this.surroundings.swap();
    this.picture.swap();
    this.remember(camera, view.jitter);
    this.lastFrame = view;
  }

  dispose(): void {
    this.surroundings.dispose();
    this.picture.dispose();
    this.device.free(this.prepare.program);
    this.freeWay();
  }

  /** What features and accumulation read of the frame and of what was gathered before it, but for colour. */
  private readHistory(
    { uniforms }: Pass,
    view: View,
    [prepared, low, high, drift]: readonly Texture[],
    history: Texture,
  ): void {
    uniforms.prepared = prepared!;
    uniforms.low = low!;
    uniforms.high = high!;
    uniforms.drift = drift!;
    uniforms.history = history;
    uniforms.renderSize = view.renderSize;
    uniforms.displaySize = view.displaySize;
    uniforms.jitter = view.jitter;
  }

  private freeWay(): void {
    const { features, accumulate } = this.way ?? {};
    this.device.free(features?.program, accumulate?.program);
    this.way = null;
  }

  /** The passes for that network, or for rules; compiled where the frame before went another way. */
  private wayFor(network: Network | null): Way {
    if (this.way?.network === network) return this.way;
    if (network) checkGame(network);
    this.freeWay();
    const defines = { FITTED: fittedReads(network) };
    const pass = (name: string, ...sources: string[]) =>
      newPass(this.device.program(name, [temporalLib, historyLib, ...sources], defines));
    this.way = {
      network,
      features: network && pass('temporal features', gameFeaturesFrag),
      accumulate: network
        ? pass('temporal accumulate', network.output.glsl, gameAccumulateFrag)
        : pass('temporal accumulate', accumulateFrag),
    };
    Object.assign(this.way.accumulate.uniforms, network?.output.uniforms);
    return this.way;
  }

  /** For the next frame, or this one where it has none before it. */
  private remember({ projection, view }: FrameCamera, jitter: View['jitter']): void {
    this.previous.projection.set(projection);
    this.previous.view.set(view);
    Object.assign(this.previous.jitter, jitter);
  }

  /** The uniforms that come from this camera and the one before. */
  private setCamera({ projection, view, zeroToOne }: FrameCamera): void {
    const { uniforms } = this.prepare;
    const { inverse, toPrevious } = this.work;
    const { previous } = this;
    uniforms.still = same(previous.view, view) && same(previous.projection, projection);
    if (!invert(inverse, view)) throw new Error('upframe: the view matrix of the frame has no inverse');
    (uniforms.toPreviousView as Float32Array).set(multiply(toPrevious, previous.view, inverse));
    if (!invert(inverse, projection)) throw new Error('upframe: the projection matrix of the frame has no inverse');
    (uniforms.inverseProjection as Float32Array).set(inverse);
    (uniforms.previousProjection as Float32Array).set(previous.projection);
    const [gain, bias] = zeroToOne ? [1, 0] : [2, -1];
    const depthToClip = uniforms.depthToClip as Float32Array;
    depthToClip[0] = gain!;
    depthToClip[1] = bias!;
    // clip z = m10 z + m14, clip w = m11 z + m15; solved for the distance -z at clip z / w = gain depth + bias.
    const [m10, m11, m14, m15] = [projection[10]!, projection[11]!, projection[14]!, projection[15]!];
    const sign = m10 - (gain! * 0.5 + bias!) * m11 < 0 ? -1 : 1;
    const linearize = uniforms.linearize as Float32Array;
    linearize[0] = sign * (m14 - bias! * m15);
    linearize[1] = sign * (-gain! * m15);
    linearize[2] = sign * (m10 - bias! * m11);
    linearize[3] = sign * (-gain! * m11);
  }
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}
