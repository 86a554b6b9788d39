/** The frame around an example: its name and sentence, its source, the key T, the size of the window, the clock. */
import type { PerspectiveCamera, WebGLRenderer } from 'three';
import type { Stats, UpscalerOptions } from 'upframe/three';
import { bindKeys, viewKeys } from '../shared/keys';
import { createPage, element, messageOf, type Page, requireWebGL2 } from '../shared/page';
import { readParams } from '../shared/params';
import { type ExampleName, examples } from './list';

export interface Example {
  renderer: WebGLRenderer;
  camera: PerspectiveCamera;
  upscaler: { readonly stats: Stats; set(changes: UpscalerOptions): Promise<void> };
  /** Draws a frame of the scene as it is at a time. */
  draw(seconds: number): void;
  /** Options that T changes to, and those it changes back to. Default: method 'native', and 'network'. */
  native?: UpscalerOptions;
  upscaled?: UpscalerOptions;
  /** Called with the size in CSS pixels, for what has a size of its own. */
  resize?(width: number, height: number): void;
}

/** Source texts, loaded when asked for. */
const sources = import.meta.glob<string>('./[0-9]*.ts', { query: '?raw', import: 'default' });

/** Opens the page of an example and runs what `start` makes. `?size=480x270&time=2` fixes its size and its time. */
export function openExample(name: ExampleName, start: (page: Page) => Promise<Example>): void {
  const { title, sentence } = examples.find((example) => example.name === name)!;
  const page = createPage({ current: 'examples', title });
  if (!requireWebGL2(page)) return;
  page.loading(title);
  start(page)
    .then((example) => run(page, name, title, sentence, example))
    .catch((error) => {
      console.error(error);
      page.fatal('The example could not start', messageOf(error));
    });
}

function run(page: Page, name: ExampleName, title: string, sentence: string, example: Example): void {
  const { renderer, camera, upscaler, draw } = example;
  const params = readParams();
  const fixed = params.size('size');
  page.stage.prepend(renderer.domElement);

  const state = element('p', { class: 'example-state' });
  const dialog = element('dialog', { class: 'example-source' });
  const source = element('a', { href: `#${name}.ts`, text: 'Source' });
  source.addEventListener('click', async (event) => {
    event.preventDefault();
    dialog.replaceChildren(element('pre', { text: await sources[`./${name}.ts`]!() }));
    dialog.showModal();
  });
  dialog.addEventListener('click', () => dialog.close());
  const swap = element('button', { class: 'button', type: 'button', text: 'Show native' });
  const links = element('div', { class: 'example-links' }, [
    source,
    element('a', { href: './', text: 'All examples' }),
    swap,
  ]);
  const text = [element('h1', { text: title }), element('p', { text: sentence }), state, links];
  page.dock.append(element('section', { class: 'example plate' }, text), dialog);

  let isUpscaled = true;
  const toggle = () => {
    isUpscaled = !isUpscaled;
    const changes = isUpscaled ? (example.upscaled ?? { method: 'network' }) : (example.native ?? { method: 'native' });
    upscaler.set(changes).catch((error) => page.toast(messageOf(error), 'error'));
    swap.textContent = isUpscaled ? 'Show native' : 'Show upscaled';
    document.documentElement.dataset.shows = isUpscaled ? 'upscaled' : 'native';
  };
  swap.addEventListener('click', toggle);
  bindKeys([{ key: 't', label: 'Upscaled or native', run: toggle }, ...viewKeys()]);

  const resize = () => {
    const width = fixed?.[0] ?? page.stage.clientWidth;
    const height = fixed?.[1] ?? page.stage.clientHeight;
    renderer.setPixelRatio(fixed ? 1 : Math.min(window.devicePixelRatio, 2));
    renderer.setSize(width, height);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    example.resize?.(width, height);
  };
  new ResizeObserver(resize).observe(page.stage);
  resize();

  const frozen = params.has('time');
  let time = params.number('time', 0, 0, 1e6);
  let last = performance.now();
  let frames = 0;
  renderer.setAnimationLoop((now: number) => {
    // A slow machine shows slow motion, not jumps.
    if (!frozen) time += Math.min(Math.max(now - last, 0) / 1000, 1 / 30);
    last = now;
    draw(time);
    if (++frames === 2) page.ready();
    if (frames % 10 !== 2) return;
    const { fps, renderSize, displaySize } = upscaler.stats;
    const way = isUpscaled ? `Upscaled: ${renderSize.join('×')} → ` : 'Native: ';
    state.textContent = `${way}${displaySize.join('×')}, ${fps.toFixed(fps < 10 ? 1 : 0)} fps`;
  });
}
