/** The photo demo: a picture of yours, upscaled tile by tile on this machine, compared, questioned and saved. */
import { createUpscaler } from '../../src/index';
import { TrustMap } from '../../src/render/trust';
import { isSubsampled } from '../../src/video';
import { createCompare } from '../shared/compare';
import { createDrop } from '../shared/drop';
import { nameOf } from '../shared/hud';
import { bindKeys, viewKeys } from '../shared/keys';
import { createPage, element, messageOf, requireWebGL2 } from '../shared/page';
import { cardOf } from './cards';
import { createControls, readOptions } from './controls';
import { createFigures } from './figures';
import { Heat } from './heat';
import { createOutput, download } from './output';
import { drawSample } from './sample';
import { outputSize, type Picture, upscaleTiles } from './tiles';
import { createTrustPlate } from './trust';
import { fromPicture, sampleInput, sampleScore } from './truth';
import { createViewer } from './viewer';

const page = createPage({ current: 'photo', title: 'photo' });
if (requireWebGL2(page)) {
  start().catch((error) => page.fatal('The demo could not start', messageOf(error)));
}

async function start(): Promise<void> {
  page.loading('Drawing a picture');
  const { options, problems } = readOptions();
  for (const problem of problems) page.toast(problem, 'error');

  const gl = document
    .createElement('canvas')
    .getContext('webgl2', { antialias: false, depth: false, powerPreference: 'high-performance' })!;
  const upscaler = await createUpscaler(gl, {
    method: options.method,
    model: options.model,
    onFallback: (message) => figures.note(messageOf(message)),
  });
  const map = new TrustMap(upscaler);

  let inUse = options.model;
  let input: Picture;
  let subsampled = false;
  let name = 'lake';
  let isSample = true;
  let output = new OffscreenCanvas(1, 1);
  let heat: Heat | null = null;
  let complete = false;
  let upscaled = true;
  let job: AbortController | null = null;

  const viewer = createViewer(page.stage, (scale) => {
    zoomLabel.textContent = `${Math.round((100 * scale) / (window.devicePixelRatio || 1))} %`;
  });
  const compare = createCompare(page.stage, { onChange: (at) => viewer.setSplit(at) });
  const figures = createFigures(page.dock, { onCancel: () => job?.abort(), onTrust: () => setTrust(true) });
  const plate = createTrustPlate(page.dock, options.kind, (kind) => {
    options.kind = kind;
    plate.update(heat);
    if (!heat) return;
    heat.show(kind);
    viewer.warm([0, 0, heat.width, heat.height]);
  });

  function label(): void {
    const ours = nameOf(options);
    compare.labels(
      options.pixels ? 'Original, pixels' : 'Original, bilinear',
      options.trust ? `Trust view, ${ours}` : ours,
      'right',
    );
    compare.show(upscaled);
    viewer.setSplit(upscaled ? compare.position : Number.POSITIVE_INFINITY);
    document.documentElement.dataset.upscaled = String(upscaled);
    document.documentElement.dataset.trust = String(options.trust);
    const card = options.method === 'network' ? cardOf(options.model) : null;
    figures.about(card?.summary ?? '', (card?.invents ?? false) && !options.trust);
  }

  function setTrust(on: boolean): void {
    options.trust = on;
    controls.update();
    trustButton.setAttribute('aria-pressed', String(on));
    plate.show(on);
    viewer.setTrust(on);
    label();
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
      const warmth = new Heat(input.width, input.height, options.kind);
      heat = warmth;
      plate.update(null);
      if (fresh) viewer.show(input, canvas, warmth.canvas);
      else viewer.replaceAfter(canvas, warmth.canvas);
      page.loading(null);
      await upscaleTiles(upscaler, input, {
        ratio: options.ratio,
        subsampled,
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
        trust: {
          map,
          onTrust(box, bytes) {
            warmth.add(box, bytes);
            viewer.warm(box);
            plate.update(warmth);
            figures.set('Consistency', `${warmth.figures('departure').psnr.toFixed(1)} dB`);
          },
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

  const report = (error: unknown) => page.toast(messageOf(error), 'error');
  const again = () => run(false).catch(report);

  async function open(file: File): Promise<void> {
    const before = { input, subsampled, name, isSample };
    try {
      // The orientation that cameras write down beside the pixels is applied by createImageBitmap.
      const bitmap = await createImageBitmap(file).catch(() => {
        throw new Error(`upframe: ${file.name || 'the file'} is not a picture that this browser can read`);
      });
      ({ input, subsampled, name, isSample } = {
        input: bitmap,
        subsampled: isSubsampled(new Uint8Array(await file.arrayBuffer())),
        name: file.name.replace(/\.[^.]+$/, ''),
        isSample: false,
      });
      await run(true);
      if (before.input instanceof ImageBitmap) before.input.close();
    } catch (error) {
      if (input !== before.input) {
        if (input instanceof ImageBitmap) input.close();
        ({ input, subsampled, name, isSample } = before);
        void again();
      }
      report(error);
    }
  }

  const toFile = () => void (complete && download(output, `${name}-x${options.ratio}`, options).catch(report));

  const drop = createDrop({
    accept: 'image/*',
    label: 'Drop a picture to upscale it',
    onFile: (file) => void open(file),
    onReject: (file) => page.toast(`${file.name} is not a picture.`, 'error'),
  });
  const button = (text: string, onClick: () => void, more: Record<string, string> = {}) => {
    const node = element('button', { class: 'button', type: 'button', text, ...more });
    node.addEventListener('click', onClick);
    return node;
  };
  const zoomLabel = button('', () => viewer.zoom(null), { title: 'Fit the window' });
  const trustButton = button('Trust view', () => setTrust(!options.trust), {
    title: 'Where the result departs from what the picture supports (V)',
  });
  const save = button('Download', toFile, { class: 'button button--primary', disabled: '' });
  page.actions.append(
    zoomLabel,
    trustButton,
    button('Open picture', () => drop.pick()),
    save,
  );

  let timer = 0;
  const controls = createControls(options, {
    onPicture() {
      clearTimeout(timer);
      timer = window.setTimeout(again, 120);
      label();
    },
    onPixels() {
      viewer.setPixels(options.pixels);
      label();
    },
    onTrust: () => setTrust(options.trust),
  });

  bindKeys([
    {
      key: 't',
      label: 'Upscaling',
      run() {
        upscaled = !upscaled;
        label();
      },
    },
    { key: 'v', label: 'Trust view', run: () => setTrust(!options.trust) },
    { key: 'o', label: 'Open', run: () => drop.pick() },
    { key: 's', label: 'Save', run: toFile },
    ...viewKeys(),
  ]);

  setTrust(options.trust);
  input = fromPicture(sampleInput(drawSample()));
  await run(true);
}
