import { Device, type Target, type Texture } from '../render/device.ts';
import { type Size, sameSize } from '../render/size.ts';
import type { Variant } from './autotune.ts';
import { gameGraph, quadSize } from './game.ts';
import { type Graph, paddedSize, sizeMultiple } from './graph.ts';
import type { Model } from './models.ts';
import { createNetwork, type Network } from './network.ts';
import { RemoteNetwork } from './remote.ts';
import { type Filter, type Output, Stages, type View } from './stages.ts';
import { Temporal, type TemporalView } from './temporal.ts';

/** A rung of the ladder: the method that is drawn, whatever was asked for. */
export type Rung = 'network' | 'temporal' | Filter | 'native' | 'passthrough';

export interface Frame extends TemporalView {
  /** The same instant at display size, where the source has one. */
  readonly native: Texture | null;
  /** The caller's own colour where that is linear light: `color` then is the texture of `Upscale.encoded`, filled when it is drawn. */
  readonly light: Texture | null;
  /** Colour holds one sample a pixel, without antialiasing. */
  readonly aliased: boolean;
}

/** How a picture is to be made. */
export interface Recipe {
  readonly rung: Rung;
  readonly model: Model;
  readonly precision: 'auto' | 'half' | 'float';
  /** Weight layout for the network, where an autotune has chosen one. */
  readonly variant: Variant | undefined;
  /** Sharpening strength, 0 to 1. */
  readonly sharpness: number;
  /** The network has run on this very frame already; only its display-size part is drawn again. */
  readonly again?: boolean;
}

interface Surface {
  readonly texture: Texture;
  readonly target: Target;
}

/** FSR1 is an upsampler and a sharpener: asked for by name it sharpens this much unless told otherwise. */
const FSR1_SHARPNESS = 0.5;

/** The ratio from which a network for x3, resampled, makes a better picture than one for x2: docs/architecture.md. */
const TRIPLED = 2.05;

const UNMOVED = [0, 0] as const;

/**
 * The frame on the GPU, for one life of a context: prepare, network, resolve, sharpen; or gather and show, or a filter.
 * It holds nothing that cannot be made again from the CPU's side, so after a context restore a new one takes its place.
 */
export class Upscale {
  readonly device: Device;
  private readonly stages: Stages;
  private network: Network | null = null;
  private readonly remote: RemoteNetwork;
  private temporal: Temporal | null = null;
  /** With a game network. Beside the one without: a compare split may show both. */
  private learned: Temporal | null = null;
  private built: { graph: Graph; precision: string; multiple: number } | null = null;
  private lit: Surface | null = null;
  private litFrame: Frame | null = null;
  private unlit: Surface | null = null;
  private picture: Surface | null = null;
  private smoothed: Surface | null = null;

  constructor(gl: WebGL2RenderingContext) {
    this.device = new Device(gl);
    this.stages = new Stages(this.device);
    this.remote = new RemoteNetwork(this.device);
  }

  /** Where the picture of a frame of linear light is put, for the stages that know nothing of such frames. */
  encoded(size: Size): Texture {
    this.lit = this.surface(this.lit, 'encoded colour', size, true);
    return this.lit.texture;
  }

  /** One picture, into the given part of the target. */
  draw(frame: Frame, recipe: Recipe, output: Output): void {
    const { light } = frame;
    if (!light || recipe.rung === 'native') this.drawPicture(frame, recipe, output);
    else if (recipe.rung === 'passthrough') this.drawPicture({ ...frame, color: light }, recipe, output);
    else {
      if (this.litFrame !== frame) this.stages.encodeLight(light, this.lit!.target);
      this.litFrame = frame;
      this.unlit = this.surface(this.unlit, 'picture before decoding', frame.displaySize, true);
      const { texture, target } = this.unlit;
      this.drawPicture(frame, recipe, { target, region: output.region ?? null });
      const history = this.historyOf(recipe)?.gathered;
      const { displaySize: renderSize } = frame;
      const made = history ? { ...frame, color: history, renderSize, jitter: UNMOVED } : frame;
      this.stages.decodeLight(texture, made, output);
    }
  }

  private drawPicture(frame: Frame, recipe: Recipe, output: Output): void {
    const sharpness = recipe.rung === 'fsr1' ? recipe.sharpness || FSR1_SHARPNESS : recipe.sharpness;
    if (!sharpness || recipe.rung === 'native' || recipe.rung === 'passthrough') {
      this.drawUnsharpened(frame, recipe, output);
      return;
    }
    this.picture = this.surface(this.picture, 'picture before sharpening', frame.displaySize, frame.light !== null);
    const { texture, target } = this.picture;
    this.drawUnsharpened(frame, recipe, { target, region: output.region && grow(output.region) });
    this.stages.sharpen(texture, sharpness, output);
  }

  private drawUnsharpened(frame: Frame, recipe: Recipe, output: Output): void {
    const { stages } = this;
    const game = gameGraph(recipe.rung, recipe.model);
    const rung = game ? 'temporal' : recipe.rung;
    switch (rung) {
      case 'temporal': {
        const { device } = this;
        const history = game ? (this.learned ??= new Temporal(device)) : (this.temporal ??= new Temporal(device));
        if (!recipe.again) history.gather(frame, game && this.networkFor(recipe, game, quadSize(frame.displaySize)));
        stages.show(history.shown, frame, output);
        break;
      }
      case 'network': {
        const graph = graphFor(recipe.model, frame);
        const network = graph
          ? this.networkFor(recipe, graph, frame.renderSize)
          : this.remote.get(recipe.model, frame.renderSize);
        const view = frame.aliased ? this.smooth(frame, recipe.again) : frame;
        if (network && !recipe.again) {
          checkNetwork(recipe.model, network);
          stages.prepare(view, network);
          network.run();
        }
        // onnxruntime answers late; until its first picture is there, another is shown.
        if (!network || ('ready' in network && !network.ready)) stages.spatial(view, 'fsr1', output);
        else stages.resolve(view, network, output);
        break;
      }
      case 'native':
        stages.spatial(
          { ...frame, color: frame.native!, renderSize: frame.displaySize, jitter: UNMOVED },
          'nearest',
          output,
        );
        break;
      case 'passthrough':
        stages.passthrough(frame, output);
        break;
      default:
        stages.spatial(frame, rung, output);
    }
  }

  /** The frame is over: history that it was not taken into is of no use to the next. */
  end(frame: Frame): void {
    if (this.temporal?.lastFrame !== frame) this.temporal = drop(this.temporal);
    if (this.learned?.lastFrame !== frame) this.learned = drop(this.learned);
  }

  private historyOf({ rung, model }: Recipe): Temporal | null {
    if (gameGraph(rung, model)) return this.learned;
    return rung === 'temporal' ? this.temporal : null;
  }

  /** What gathers history now, the one with a network first; null where nothing does. */
  get gathering(): Temporal | null {
    return this.learned ?? this.temporal;
  }

  /** Multiply-accumulates of the network for one frame; 0 before one has run. */
  get macs(): number {
    return this.network?.macs ?? 0;
  }

  /** The networks were trained on antialiased pictures: stairs would be taken for detail, and sharpened. */
  private smooth(frame: Frame, again = false): View {
    this.smoothed = this.surface(this.smoothed, 'smoothed colour', frame.renderSize, frame.light !== null);
    if (!again) this.stages.smooth(frame, this.smoothed.target);
    return { ...frame, color: this.smoothed.texture };
  }

  private networkFor({ model, precision, variant }: Recipe, graph: Graph, inputSize: Size): Network {
    this.remote.dispose();
    const { network, built } = this;
    const same = built?.graph === graph && built.precision === precision;
    const multiple = same ? built.multiple : sizeMultiple(graph);
    const size = paddedSize(inputSize, multiple);
    if (network && same && sameSize(network.inputSize, size)) return network;
    // Errors that others have left are not the network's.
    const { gl } = this.device;
    while (gl.getError());
    // The new one is made before the old one is freed, so that programs they share are not compiled again.
    this.network = null;
    try {
      this.network = createNetwork(this.device, graph, size, { precision, variant });
      this.built = { graph, precision, multiple };
    } finally {
      network?.dispose();
    }
    if (!same) this.stages.forgetNetwork();
    const error = gl.getError();
    if (error)
      throw new Error(`upframe: model '${model.name}' at ${size.join('x')} gave GL error 0x${error.toString(16)}`);
    return this.network;
  }

  /** The surface given if it is as asked for, else a new one in its place. `fine` ones have more than 8 bits, where those work. */
  private surface(old: Surface | null, name: string, size: Size, fine: boolean): Surface {
    const format = fine && this.device.support.rgba16f ? 'rgba16f' : 'rgba8';
    const known = old?.texture;
    if (sameSize(known?.size, size) && known!.format === format) return old!;
    const texture = this.device.texture(name, size, format);
    const target = this.device.target(name, [texture]);
    if (old) this.device.free(old.target, old.texture);
    return { texture, target };
  }

  dispose(): void {
    this.temporal = drop(this.temporal);
    this.learned = drop(this.learned);
    this.network?.dispose();
    this.remote.dispose();
    this.stages.dispose();
    this.device.dispose();
  }
}

function drop(temporal: Temporal | null): null {
  temporal?.dispose();
  return null;
}

/** The model's network, or its own for x3 from `TRIPLED` on. */
function graphFor({ graph, triple }: Model, { displaySize, renderSize }: Frame): Graph | null {
  return triple && displaySize[0] > TRIPLED * renderSize[0] ? triple : graph;
}

/** An upscaler of pictures takes and gives luma or RGB, and enlarges by a whole number. */
function checkNetwork({ name }: Model, { inputChannels, outputChannels, scale }: Network): void {
  const channels = [inputChannels, outputChannels];
  if (channels.some((count) => count !== 1 && count !== 3) || !Number.isInteger(scale) || scale < 1) {
    throw new Error(
      `upframe: model '${name}' makes ${outputChannels} channels from ${inputChannels} at scale ${scale}; allowed: 1 (luma) or 3 (RGB) channels, a whole scale`,
    );
  }
}

/** A rectangle with the pixel around it that the sharpener reads. */
function grow([x, y, width, height]: readonly [number, number, number, number]): [number, number, number, number] {
  return [Math.max(x - 1, 0), Math.max(y - 1, 0), width + 2, height + 2];
}
