/** The stream demo: a camera, a clip, a screen, or a game sent over a peer connection, upscaled as it arrives. */
import { VideoUpscaler } from '../../src/video';
import { createCompare } from '../shared/compare';
import { createDrop } from '../shared/drop';
import { containedBox } from '../shared/fit';
import { createHud } from '../shared/hud';
import { bindKeys, viewKeys } from '../shared/keys';
import { createPage, element, messageOf, requireWebGL2 } from '../shared/page';
import { createPanels } from '../shared/panels';
import { createControls, labelsOf, readOptions, upscalerOptions } from './controls';
import type { Feed } from './feed';
import { type Loopback, openDirect, openLoopback, supportedCodecs } from './loopback';
import { createRecorder } from './recorder';
import { type Kind, openClip, openScreen, openWebcam, type Source } from './source';
import { createTransport } from './transport';

const page = createPage({ current: 'stream', title: 'stream' });
if (requireWebGL2(page)) {
  start().catch((error) => page.fatal('The demo could not start', messageOf(error)));
}

async function start(): Promise<void> {
  const codecs = supportedCodecs();
  const { options, problems, first } = readOptions(codecs);
  for (const problem of problems) page.toast(problem, 'error');

  const canvas = element('canvas', { 'aria-label': 'Upscaled picture' });
  page.stage.classList.add('stage--fill');
  page.stage.append(canvas);
  let upscaler: VideoUpscaler | null = null;
  let source: Source | null = null;
  let feed: Feed | null = null;
  let building: Promise<Feed> | null = null;
  let upscaled = true;
  let given: ReturnType<typeof upscalerOptions> = {};
  let opening = new AbortController();

  const compare = createCompare(page.stage, { onChange: () => apply() });
  compare.show(false);

  const chooser = element('div', { class: 'chooser plate', role: 'group', 'aria-label': 'Source' });
  const kinds: Record<Kind, string> = { loopback: 'Loopback', webcam: 'Webcam', clip: 'Clip', screen: 'Screen' };
  const buttons = Object.entries(kinds).map(([kind, text]) => {
    const button = element('button', { type: 'button', text, 'aria-pressed': 'false', 'data-kind': kind });
    button.addEventListener('click', () => (kind === 'clip' ? drop.pick() : void show(kind as Kind)));
    return button;
  });
  chooser.append(...buttons);
  page.dock.append(chooser);
  const transport = createTransport(page.dock);
  const panels = createPanels(page.dock);
  const hud = createHud(page.dock, { quality: false });
  const received = hud.row('Received');
  received.parentElement?.classList.add('wide');
  const bitrate = hud.row('Bitrate');

  /** Gives the options on the page to the upscaler. */
  function apply(): void {
    const { left, right } = labelsOf(options);
    compare.labels(left, right, 'right');
    compare.show(upscaled && upscaler !== null);
    document.documentElement.dataset.upscaled = String(upscaled);
    if (!upscaler) return;
    // Only what changed: a model named again would be loaded and tuned again.
    const wanted = upscalerOptions(options, upscaled ? compare.position : null, upscaled);
    const changes = Object.entries(wanted).filter(([name, value]) => value !== given[name as keyof typeof given]);
    given = wanted;
    if (changes.length) upscaler.set(Object.fromEntries(changes)).catch(report);
  }

  const report = (error: unknown) => page.toast(messageOf(error), 'error');

  async function loopback(signal: AbortSignal): Promise<Source> {
    if (!codecs.length) throw new Error('This browser has no peer connections.');
    // The game and three.js are loaded by those who watch it only.
    building ??= import('./feed').then(({ createFeed }) => createFeed(options.sent));
    const game = (feed = await building);
    signal.throwIfAborted();
    game.setSize(options.sent);
    game.run(true);
    try {
      return await openLoopback(game.track, options, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      page.toast(`${messageOf(error)} The game is shown without a codec in between.`, 'error');
      return openDirect(game.track);
    }
  }

  /** Opens a source; the old one goes on until the new one has a picture, and stays if it never has. */
  async function show(kind: Kind, file?: File): Promise<void> {
    opening.abort();
    const mine = new AbortController();
    opening = mine;
    mark(kind);
    if (!source) page.loading(kind === 'loopback' ? 'Building the world, connecting' : 'Waiting for a picture');
    let opened: Source | null = null;
    try {
      const ended = () => page.toast('The capture ended. Choose another source.');
      if (kind === 'clip') opened = await openClip(file!);
      else if (kind === 'webcam') opened = await openWebcam(ended);
      else if (kind === 'screen') opened = await openScreen(ended);
      else opened = await loopback(mine.signal);
      mine.signal.throwIfAborted();
      await play(opened);
      mine.signal.throwIfAborted();
    } catch (error) {
      if (opened !== source) opened?.dispose();
      if (mine.signal.aborted) return;
      report(error);
    }
    if (mine.signal.aborted) return;
    page.loading(null);
    feed?.run(source?.kind === 'loopback');
    mark(null);
  }

  async function play(opened: Source): Promise<void> {
    if (upscaler) upscaler.setSource(opened.video);
    else {
      given = upscalerOptions(options, compare.position, true);
      upscaler = await VideoUpscaler.create(opened.video, canvas, {
        ...given,
        onFallback: (message) => page.toast(messageOf(message), 'error'),
      });
      upscaler.start();
      apply();
    }
    source?.dispose();
    source = opened;
    transport.attach(opened.kind === 'clip' ? opened.video : null);
    controls.show(opened.kind);
    document.documentElement.dataset.source = opened.kind;
  }

  /** `kind` is being opened, or null when nothing is. */
  function mark(kind: Kind | null): void {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(source?.kind === button.dataset.kind));
      button.setAttribute('aria-busy', String(kind === button.dataset.kind));
    }
  }

  const controls = createControls(options, codecs, {
    onUpscaler: apply,
    onLine: () => void show('loopback'),
    onBitrate: () => (source as Loopback | null)?.setBitrate?.(options.kbps).catch(report),
    onSize: () => feed?.setSize(options.sent),
  });

  const drop = createDrop({
    accept: 'video/*,.mp4,.m4v,.webm,.mkv,.mov,.ogv',
    label: 'Drop a clip to upscale it',
    onFile: (file) => void show('clip', file),
    onReject: (file) => page.toast(`${file.name} is not a clip.`, 'error'),
  });

  const recorder = createRecorder();
  const record = element('button', { class: 'button', type: 'button', text: 'Record' });
  record.addEventListener('click', () => {
    toggleRecording().catch(report);
  });
  async function toggleRecording(): Promise<void> {
    if (!upscaler) return;
    if (!recorder.recording) {
      recorder.start(upscaler.captureStream(30), (bytes) => {
        const size = bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
        if (recorder.recording) record.textContent = `Stop and save, ${size}`;
      });
      record.textContent = 'Stop and save';
      record.classList.add('is-recording');
      return;
    }
    const clip = await recorder.stop();
    record.textContent = 'Record';
    record.classList.remove('is-recording');
    if (!clip.size) throw new Error('Nothing was recorded yet: no frame arrived in that time.');
    const extension = clip.type === 'video/mp4' ? 'mp4' : 'webm';
    const link = element('a', { href: URL.createObjectURL(clip), download: `upframe.${extension}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
  const openButton = element('button', { class: 'button', type: 'button', text: 'Open clip' });
  openButton.addEventListener('click', () => drop.pick());
  page.actions.append(openButton, record);

  bindKeys([
    {
      key: 't',
      label: 'Upscaling',
      run() {
        upscaled = !upscaled;
        apply();
      },
    },
    {
      key: 'k',
      label: 'Pause',
      run: () => void (source?.video.paused ? source.video.play() : source?.video.pause()),
    },
    ...viewKeys(),
  ]);

  setInterval(() => {
    source?.facts().then(({ fps, kbps, codec: name }) => {
      const { videoWidth, videoHeight } = source!.video;
      const rate = fps === undefined ? '' : ` · ${fps.toFixed(0)} fps`;
      received.textContent = `${videoWidth}×${videoHeight}${rate}${name ? ` · ${name}` : ''}`;
      bitrate.textContent = kbps === undefined ? '–' : `${kbps < 9999 ? kbps.toFixed(0) : '> 9999'} kbit/s`;
    }, report);
  }, 1000);

  const follow = () => {
    requestAnimationFrame(follow);
    if (!upscaler) return;
    const { stats } = upscaler;
    hud.update(stats);
    panels.update(stats);
    if (!stats.displaySize[0]) return;
    compare.area(containedBox(page.stage, stats.displaySize));
    if (!document.documentElement.dataset.ready) page.ready();
  };
  follow();
  await show(first);
}
