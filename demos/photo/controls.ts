/** The photo demo's options: from the address, and in the panel. */
import { type Method, pictureModels } from '../../src/index';
import { createGui } from '../shared/gui';
import { nameOf } from '../shared/hud';
import { readParams } from '../shared/params';
import type { Kind } from './heat';
import { FORMATS } from './output';

const METHODS = ['network', 'fsr1', 'lanczos', 'bicubic', 'bilinear', 'nearest'] as const satisfies readonly Method[];

export interface Options {
  ratio: number;
  method: Method;
  model: string;
  sharpness: number;
  /** The original as its pixels, not smoothed. */
  pixels: boolean;
  format: keyof typeof FORMATS;
  quality: number;
  /** Trust view: off, or what it shows. */
  trust: boolean;
  kind: Kind;
}

export function readOptions(): { options: Options; problems: string[] } {
  const params = readParams();
  const options: Options = {
    ratio: Math.round(params.number('ratio', 2, 1, 3) * 4) / 4,
    method: params.choice<Method>('method', 'network', METHODS),
    model: params.choice('model', 'image-m', pictureModels),
    sharpness: params.number('sharpness', 0, 0, 1),
    pixels: false,
    format: 'PNG',
    quality: 0.92,
    trust: params.has('trust'),
    kind: params.choice<Kind>('trust', 'departure', ['departure', 'addition']),
  };
  return { options, problems: params.problems };
}

export interface Events {
  /** The picture has to be made anew. */
  onPicture(): void;
  onPixels(): void;
  onTrust(): void;
}

export interface Controls {
  /** Shows options that were changed elsewhere. */
  update(): void;
}

export function createControls(options: Options, { onPicture, onPixels, onTrust }: Events): Controls {
  const gui = createGui('Picture');
  const methods = Object.fromEntries(METHODS.map((method) => [nameOf({ method }), method]));
  gui.add(options, 'ratio', 1, 3, 0.25).name('Ratio').onChange(onPicture);
  gui.add(options, 'method', methods).name('Method').onChange(onPicture);
  gui
    .add(options, 'model', [...pictureModels])
    .name('Model')
    .onChange(onPicture);
  gui.add(options, 'sharpness', 0, 1, 0.05).name('Sharpness').onChange(onPicture);
  gui.add(options, 'pixels').name('Original as pixels').onChange(onPixels);
  const trust = gui.add(options, 'trust').name('Trust view').onChange(onTrust);
  gui
    .add(options, 'format', Object.keys(FORMATS))
    .name('Download as')
    .onChange(() => quality.show(options.format !== 'PNG'));
  const quality = gui.add(options, 'quality', 0.5, 1, 0.01).name('File quality').hide();
  return { update: () => void trust.updateDisplay() };
}
