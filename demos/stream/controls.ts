/** The stream demo's options: from the address, in the panel, and as the upscaler takes them. */
import { type Method, pictureModels, type UpscalerOptions } from '../../src/index';
import { createGui } from '../shared/gui';
import { nameOf } from '../shared/hud';
import { readParams } from '../shared/params';
import { codecName, type Line } from './loopback';
import type { Kind } from './source';

const METHODS = ['network', 'fsr1', 'lanczos', 'bicubic', 'bilinear', 'nearest'] as const satisfies readonly Method[];

/** What the game is rendered and sent at. */
const SENT = ['320x180', '480x270', '640x360'] as const;

export interface Options extends Line {
  ratio: number;
  method: Method;
  model: string;
  sharpness: number;
  compareWith: Method;
  size: (typeof SENT)[number];
  readonly sent: readonly [number, number];
}

export function readOptions(codecs: readonly string[]): { options: Options; problems: string[]; first: Kind } {
  const params = readParams();
  const names = codecs.map((codec) => codec.replace('video/', '').toLowerCase());
  const codec = params.choice('codec', names.includes('vp9') ? 'vp9' : (names[0] ?? ''), names);
  const options: Options = {
    ratio: params.number('ratio', 2, 1, 3),
    method: params.choice('method', 'network', METHODS),
    model: params.choice('model', 'video-s', pictureModels),
    sharpness: params.number('sharpness', 0, 0, 1),
    compareWith: 'bilinear',
    codec: codecs[names.indexOf(codec)] ?? '',
    kbps: params.number('kbps', 900, 50, 6000),
    size: params.choice('size', '480x270', SENT),
    get sent() {
      return this.size.split('x').map(Number) as [number, number];
    },
  };
  const first = params.choice<Kind>('source', codecs.length ? 'loopback' : 'webcam', ['loopback', 'webcam']);
  return { options, problems: params.problems, first };
}

/** What the two sides of the split are called. */
export function labelsOf(options: Options): { left: string; right: string } {
  return { left: `Received, ${nameOf({ method: options.compareWith }).toLowerCase()}`, right: nameOf(options) };
}

/** Upscaling off shows the whole picture as received. */
export function upscalerOptions(options: Options, compare: number | null, upscaled: boolean): UpscalerOptions {
  const { ratio, method, model, sharpness, compareWith } = options;
  return { ratio, model, sharpness, compareWith, compare, method: upscaled ? method : compareWith };
}

interface Events {
  onUpscaler(): void;
  /** The connection must be made again. */
  onLine(): void;
  onBitrate(): void;
  onSize(): void;
}

export function createControls(
  options: Options,
  codecs: readonly string[],
  events: Events,
): { show(kind: Kind): void } {
  const gui = createGui('Stream');
  const methods = Object.fromEntries(METHODS.map((method) => [nameOf({ method }), method]));
  gui.add(options, 'ratio', 1, 3, 0.25).name('Ratio').onChange(events.onUpscaler);
  gui.add(options, 'method', methods).name('Method').onChange(events.onUpscaler);
  gui
    .add(options, 'model', [...pictureModels])
    .name('Model')
    .onChange(events.onUpscaler);
  gui.add(options, 'sharpness', 0, 1, 0.05).name('Sharpness').onChange(events.onUpscaler);
  gui.add(options, 'compareWith', methods).name('Left side').onChange(events.onUpscaler);
  const line = [
    gui
      .add(options, 'codec', Object.fromEntries(codecs.map((codec) => [codecName(codec), codec])))
      .name('Codec')
      .onChange(events.onLine),
    gui.add(options, 'kbps', 50, 6000, 50).name('Most kbit/s').onChange(events.onBitrate),
    gui
      .add(options, 'size', [...SENT])
      .name('Game sent at')
      .onChange(events.onSize),
  ];
  return {
    show: (kind) => {
      for (const control of line) control.show(kind === 'loopback');
    },
  };
}
