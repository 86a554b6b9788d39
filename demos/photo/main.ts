/** The photo demo: a picture of yours, upscaled tile by tile on this machine, compared and saved. */
import { builtInModels, createUpscaler, type Method } from '../../src/index';
import { createCompare } from '../shared/compare';
import { createDrop } from '../shared/drop';
import { createGui } from '../shared/gui';
import { nameOf } from '../shared/hud';
import { bindKeys, viewKeys } from '../shared/keys';
import { createPage, element, requireWebGL2 } from '../shared/page';
import { readParams } from '../shared/params';
import { createFigures } from './figures';
import { drawSample } from './sample';
import { outputSize, type Picture, upscaleTiles } from './tiles';
import { fromPicture, sampleInput, sampleScore } from './truth';
import { createViewer } from './viewer';

const METHODS = ['network', 'fsr1', 'lanczos', 'bicubic', 'bilinear', 'nearest'] as const satisfies readonly Method[];
const FORMATS = { PNG: 'image/png', JPEG: 'image/jpeg', WebP: 'image/webp' } as const;

const page = createPage({ current: 'photo', title: 'photo' });
if (requireWebGL2(page)) {
  start().catch((error) => page.fatal('The demo could not start', messageOf(error)));
}

async function start(): Promise<void> {
  page.loading('Drawing a picture');
  const params = readParams();
  const options = {
    ratio: Math.round(params.number('ratio', 2, 1, 3) * 4) / 4,
    method: params.choice('method', 'network', METHODS) as Method,
    model: params.choice('model', builtInModels.includes('image-m') ? 'image-m' : builtInModels[0]!, builtInModels),
    sharpness: params.number('sharpness', 0, 0, 1),
    pixels: false,
    format: 'PNG' as keyof typeof FORMATS,
    quality: 0.92,
  };
  for (const problem of params.problems) page.toast(problem, 'error');

  const gl = document
    .createElement('canvas')
    .getContext('webgl2', { antialias: false, depth: false, powerPreference: 'high-performance' })!;
  const upscaler = await createUpscaler(gl, {
    method: options.method,
    model: options.model,
    onFallback: (message) => {
      figures.note(message.replace(/^upframe: /, ''));
    },
  });

  let inUse = options.model;
  let input: Picture;
  let name = 'lake';
  let isSample = true;
  let output = new OffscreenCanvas(1, 1);
  let complete = false;
  let upscaled = true;
  let job: AbortController | null = null;

  const viewer = createViewer(page.stage, (scale) => {
    zoomLabel.textContent = `${Math.round((100 * scale) / (window.devicePixelRatio || 1))} %`;
  });
  const compare = createCompare(page.stage, { onChange: (at) => viewer.setSplit(at) });
  const figures = createFigures(page.dock, () => job?.abort());

  function label(): void {
    compare.labels(options.pixels ? 'Original, pixels' : 'Original, bilinear', nameOf(options), 'right');
    compare.show(upscaled);
    viewer.setSplit(upscaled ? compare.position : Number.POSITIVE_INFINITY);
    document.documentElement.dataset.upscaled = String(upscaled);
  }

  /** Upscales the present picture with the present options; a run still going is given up. */
  async function run(fresh: boolean): Promise<void> {
    job?.abort();
    const mine = new AbortController();
    job = mine;
    const { signal } = mine;
    const [width, height] = outputSize(input, options.ratio);
    const canvas = createOutput(width, height);
    const pen = canvas.getContext('2d')!;
    complete = false;
    save.disabled = true;
    figures.note('');
    figures.set('Input → output', `${input.width}×${input.height} → ${width}×${height}`);
    // Only the drawn picture has a truth to be measured by.
    for (const label of ['PSNR', 'SSIM', 'Bilinear PSNR']) figures.set(label, isSample ? '–' : '');
    const started = performance.now();
    try {
      const { method, model, sharpness } = options;
      // A model named again would be loaded and tuned again.
      await upscaler.set({ method, sharpness, ...(model !== inUse && { model }) });
      inUse = model;
      signal.throwIfAborted();
      output = canvas;
      if (fresh) viewer.show(input, canvas);
      else viewer.replaceAfter(canvas);
      page.loading(null);
      await upscaleTiles(upscaler, input, {
        ratio: options.ratio,
        signal,
        onTile(tile) {
          const { done, total } = tile;
          pen.drawImage(tile.canvas, ...tile.from, ...tile.to);
          viewer.tile(tile);
          figures.progress(done, total);
          figures.set('Tiles', `${done} / ${total}`);
          const seconds = (performance.now() - started) / 1000;
          figures.set('Time', seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(1)} s`);
          const speed = ((width * height) / 1e6) * (done / total / seconds);
          figures.head(speed.toFixed(speed < 10 ? 1 : 0), 'MP/s', nameOf(options));
        },
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      // A newer run has taken over, or the person pressed Cancel: what is drawn stays.
      if (job === mine) {
        figures.progress(1, 1);
        page.toast('Cancelled: the tiles made so far are shown over the original.');
      }
      return;
    }
    viewer.finish();
    complete = true;
    save.disabled = false;
    label();
    document.documentElement.dataset.output = `${width}x${height}`;
    page.ready();
    if (isSample) await score(mine);
  }

  /** The drawn picture has a truth at any size; others do not. */
  async function score(mine: AbortController): Promise<void> {
    const [ours, plain] = await sampleScore(output, input, options.ratio);
    if (job !== mine) return;
    figures.set('PSNR', `${ours.psnr.toFixed(2)} dB`);
    figures.set('SSIM', ours.ssim.toFixed(4));
    figures.set('Bilinear PSNR', `${plain.psnr.toFixed(2)} dB`);
  }

  const again = () => run(false).catch((error) => page.toast(messageOf(error), 'error'));

  async function open(file: File): Promise<void> {
    const before = { input, name, isSample };
    try {
      // The orientation that cameras write down beside the pixels is applied by createImageBitmap.
      const bitmap = await createImageBitmap(file).catch(() => {
        throw new Error(`upframe: ${file.name || 'the file'} is not a picture that this browser can read`);
      });
      ({ input, name, isSample } = { input: bitmap, name: file.name.replace(/\.[^.]+$/, ''), isSample: false });
      await run(true);
      if (before.input instanceof ImageBitmap) before.input.close();
    } catch (error) {
      if (input !== before.input) {
        if (input instanceof ImageBitmap) input.close();
        ({ input, name, isSample } = before);
        void again();
      }
      page.toast(messageOf(error), 'error');
    }
  }

  async function download(): Promise<void> {
    if (!complete) return;
    const blob = await output.convertToBlob({ type: FORMATS[options.format], quality: options.quality });
    // A browser that cannot write the format gives a PNG instead, and the name must not lie.
    const extension = blob.type === 'image/jpeg' ? 'jpg' : blob.type.slice('image/'.length);
    const link = element('a', { href: URL.createObjectURL(blob), download: `${name}-x${options.ratio}.${extension}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  const drop = createDrop({
    accept: 'image/*',
    label: 'Drop a picture to upscale it',
    onFile: (file) => void open(file),
    onReject: (file) => page.toast(`${file.name} is not a picture.`, 'error'),
  });
  const pick = element('button', { class: 'button', type: 'button', text: 'Open picture' });
  pick.addEventListener('click', () => drop.pick());
  const save = element('button', { class: 'button button--primary', type: 'button', text: 'Download', disabled: '' });
  save.addEventListener('click', () => download().catch((error) => page.toast(messageOf(error), 'error')));
  const zoomLabel = element('button', { class: 'button', type: 'button', title: 'Fit the window' });
  zoomLabel.addEventListener('click', () => viewer.zoom(null));
  page.actions.append(zoomLabel, pick, save);

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(again, 120);
    label();
  };
  const gui = createGui('Picture');
  gui.add(options, 'ratio', 1, 3, 0.25).name('Ratio').onChange(soon);
  gui
    .add(options, 'method', Object.fromEntries(METHODS.map((method) => [nameOf({ method }), method])))
    .name('Method')
    .onChange(soon);
  gui
    .add(options, 'model', [...builtInModels])
    .name('Model')
    .onChange(soon);
  gui.add(options, 'sharpness', 0, 1, 0.05).name('Sharpness').onChange(soon);
  gui
    .add(options, 'pixels')
    .name('Original as pixels')
    .onChange(() => {
      viewer.setPixels(options.pixels);
      label();
    });
  gui
    .add(options, 'format', Object.keys(FORMATS))
    .name('Download as')
    .onChange(() => quality.show(options.format !== 'PNG'));
  const quality = gui.add(options, 'quality', 0.5, 1, 0.01).name('File quality').hide();

  bindKeys([
    {
      key: 't',
      label: 'Upscaling',
      run() {
        upscaled = !upscaled;
        label();
      },
    },
    { key: 'o', label: 'Open', run: () => drop.pick() },
    { key: 's', label: 'Save', run: () => void download() },
    ...viewKeys(),
  ]);

  label();
  input = fromPicture(sampleInput(drawSample()));
  await run(true);
}

/** A canvas that really holds that many pixels: browsers differ in their limit and fail silently beyond it. */
function createOutput(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  // In memory and not on the GPU: no texture is that large, and the file is made from memory.
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen?.fillRect(width - 1, height - 1, 1, 1);
  const works = pen?.getImageData(width - 1, height - 1, 1, 1).data[3] === 255;
  pen?.clearRect(width - 1, height - 1, 1, 1);
  if (works) return canvas;
  throw new Error(`upframe: ${width}×${height} is more than a canvas holds here; choose a lower ratio`);
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^upframe: /, '');
}
