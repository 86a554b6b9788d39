/** The lab: every way to make the picture over the same camera path, cost against quality, on the viewer's own machine. */
import { bindKeys, viewKeys } from '../shared/keys';
import { createPage, element, requireWebGL2 } from '../shared/page';
import { readParams } from '../shared/params';
import { SCENES } from './bench';
import { createChart, shapeOf } from './chart';
import { createLook } from './look';
import { jobsOf, type Point, PRESETS, RATIOS, SERIES, SIZES, titleOf } from './plan';
import { runLab } from './run';
import { createTable } from './table';

const page = createPage({ current: 'lab', title: 'lab', layout: 'document' });
if (requireWebGL2(page)) start();

function select(label: string, values: readonly string[], value: string, text = (name: string) => name) {
  const field = element('select', { class: 'select', 'aria-label': label });
  for (const name of values) field.append(element('option', { value: name, text: text(name) }));
  field.value = value;
  return { field, wrap: element('label', { class: 'field' }, [element('span', { text: label }), field]) };
}

function start(): void {
  const params = readParams();
  const names = Object.keys(PRESETS) as (keyof typeof PRESETS)[];
  const sizes: string[] = [...SIZES];
  const asked = params.size('size')?.join('x');
  if (asked && !sizes.includes(asked)) sizes.unshift(asked);
  const ids = SERIES.map(({ id }) => id);
  const list = (name: string) => params.text(name)?.split(',').filter(Boolean);
  const methods = list('methods')?.filter((id) => ids.includes(id)) ?? ids;
  const ratios = list('ratios')
    ?.map(Number)
    .filter((ratio) => ratio > 1 && ratio <= 3) ?? [...RATIOS];
  const sceneNames = Object.keys(SCENES);

  const scene = select('Scene', sceneNames, params.choice('scene', 'game', sceneNames), (name) =>
    name === 'game' ? 'Harbour street (the game)' : name[0]!.toUpperCase() + name.slice(1),
  );
  const size = select('Display size', sizes, asked ?? sizes[0]!, (text) => text.replace('x', ' × '));
  const preset = select('Frames', names, params.choice('preset', 'Quick', names), (name) => {
    const { instants, timed } = PRESETS[name as keyof typeof PRESETS];
    return `${name}: ${instants} compared, ${timed} timed`;
  });
  const samples = select('Antialiasing', ['0', '4'], params.choice('samples', '4', ['0', '4']), (text) =>
    text === '0' ? 'None' : `MSAA ×${text}`,
  );
  const go = element('button', { class: 'button button--primary', type: 'button', text: 'Start' });
  const bar = element('progress', { 'aria-label': 'Progress', max: '1', value: '0' });
  const status = element('span', { class: 'status' });
  const progress = element('div', { class: 'lab-progress', hidden: '' }, [bar, status]);
  const controls = element('section', { class: 'card controls' }, [
    element('div', { class: 'row' }, [scene.wrap, size.wrap, preset.wrap, samples.wrap, go]),
    progress,
  ]);

  const points = new Map<string, Point>();
  let running: AbortController | null = null;
  let environment: Record<string, string> = {};

  const charts = element('div', { class: 'charts' });
  const tip = element('div', { class: 'tip', hidden: '', role: 'status' });
  const chartCard = (title: string, text: string) => {
    const card = element('section', { class: 'card chart-card' }, [
      element('h3', { text: title }),
      element('p', { class: 'hint', text }),
    ]);
    charts.append(card);
    return card;
  };
  const events = { onHover: hover, onPick: (point: Point) => look.pick(point.key) };
  const psnrCard = chartCard('PSNR against cost', 'Decibels, higher is better');
  const psnr = createChart(psnrCard, {
    title: 'PSNR against milliseconds a frame',
    value: (point) => point.psnr,
    format: (value) => value.toFixed(1),
    span: 4,
    ...events,
  });
  const ssimCard = chartCard('SSIM against cost', 'Structure kept, 1 is perfect');
  const ssim = createChart(ssimCard, {
    title: 'SSIM against milliseconds a frame',
    value: (point) => point.ssim,
    format: (value) => value.toFixed(3),
    span: 0.08,
    ...events,
  });
  for (const card of [psnrCard, ssimCard]) {
    card.append(element('p', { class: 'empty', text: 'Press Start: points appear here as they are measured.' }));
  }

  const results = element('section', { class: 'results-wrap', hidden: '' });
  const actions = element('div', { class: 'row results-head' }, [element('h2', { text: 'Figures' })]);
  const copy = element('button', { class: 'button', type: 'button', text: 'Copy JSON' });
  const save = element('button', { class: 'button', type: 'button', text: 'Download JSON' });
  actions.append(copy, save);
  const note = element('p', { class: 'hint' });
  const scroll = element('div', { class: 'table-scroll' });
  results.append(actions, note, scroll);
  const table = createTable(scroll, {
    onHover: (key) => hover(key ? (points.get(key) ?? null) : null),
    onPick: events.onPick,
  });

  page.main.append(
    element('h1', { text: 'Frame rate against quality, on your machine' }),
    element('p', {
      class: 'lead',
      text: 'The same camera path, drawn every way there is: rendered small and enlarged by each filter and network, and natively. Each picture is compared with a truth of 16 samples a pixel. Up and to the left is better; the line is what nothing else beats.',
    }),
    controls,
    legend(),
    charts,
    tip,
  );
  const look = createLook(page.main);
  page.main.append(results);

  /** Lights the point up everywhere; beside `mark`, where one is given, its figures are shown. */
  function hover(point: Point | null, mark?: Element): void {
    for (const part of [psnr, ssim, table]) part.highlight(point?.key ?? null);
    tip.hidden = !point || !mark;
    if (!point || !mark) return;
    const { right, left, top } = mark.getBoundingClientRect();
    const flip = right > window.innerWidth - 250;
    tip.style.transform = `translate(${flip ? left - 4 : right + 4}px, ${top}px) translateX(${flip ? -100 : 0}%)`;
    const rate = 1000 / point.ms;
    tip.replaceChildren(
      element('strong', { text: titleOf(point) }),
      element('span', { text: `${point.renderSize.join('×')} rendered` }),
      element('span', {
        text: `${point.ms.toFixed(1)} ms${point.clock === 'wall' ? ' (wall)' : ' on the GPU'}, ${rate.toFixed(rate < 10 ? 1 : 0)} frames/s`,
      }),
      element('span', { text: `PSNR ${point.psnr.toFixed(2)} dB, SSIM ${point.ssim.toFixed(4)}` }),
    );
  }

  function refresh(): void {
    const all = [...points.values()];
    charts.classList.toggle('has-points', all.length > 0);
    psnr.update(all);
    ssim.update(all);
    table.update(all);
    results.hidden = all.length === 0;
    document.documentElement.dataset.points = String(all.length);
  }

  const json = () => {
    const rows = [...points.values()].map(({ series, ratio, renderSize, ms, clock, psnr: db, ssim: s }) => ({
      item: scene.field.value,
      method: series.id,
      ratio,
      psnr: db,
      ssim: s,
      ms,
      clock,
      fps: 1000 / ms,
      renderSize,
      display: size.field.value,
    }));
    const mean = rows.map(({ method, ratio, psnr: db, ssim: s, ms }) => ({ method, ratio, psnr: db, ssim: s, ms }));
    return JSON.stringify({ environment, rows, mean }, null, 2);
  };
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(json()).then(
      () => page.toast('Copied.'),
      () => page.toast('The browser did not allow copying; download instead.', 'error'),
    );
  });
  save.addEventListener('click', () => {
    const href = URL.createObjectURL(new Blob([json()], { type: 'application/json' }));
    element('a', { href, download: `upframe-lab-${scene.field.value}-${size.field.value}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  });

  async function run(): Promise<void> {
    const mine = new AbortController();
    running = mine;
    go.textContent = 'Stop';
    for (const { field } of [scene, size, preset, samples]) field.disabled = true;
    progress.hidden = false;
    points.clear();
    look.clear();
    refresh();
    delete document.documentElement.dataset.done;
    const started = performance.now();
    const wanted = PRESETS[preset.field.value as keyof typeof PRESETS];
    const frames = params.number('frames', 0, 0, 1000);
    try {
      const renderer = await runLab({
        ...(frames ? { instants: frames, timed: frames } : wanted),
        scene: scene.field.value,
        size: size.field.value.split('x').map(Number) as [number, number],
        samples: Number(samples.field.value),
        jobs: jobsOf(methods, ratios),
        signal: mine.signal,
        onProgress(done, total, text) {
          bar.max = total;
          bar.value = done;
          const seconds = (performance.now() - started) / 1000;
          const left = done > 2 ? `, about ${Math.ceil((seconds / done) * (total - done))} s left` : '';
          status.textContent = `${text} · ${done} of ${total}${left}`;
        },
        onPoint(point) {
          points.set(point.key, point);
          refresh();
        },
        onPicture: (key, picture) => {
          const point = points.get(key)!;
          look.add(key, titleOf(point), picture, point.series.method === 'network');
        },
        onSkip: (job, reason) => page.toast(`${titleOf(job)} is left out: ${reason}`, 'error'),
      });
      environment = { renderer, userAgent: navigator.userAgent, commit: 'unknown', date: new Date().toISOString() };
      const clock = [...points.values()].some((point) => point.clock === 'wall')
        ? 'wall time to a read-back, since this GPU has no timer queries'
        : 'GPU timer queries';
      note.textContent = `${renderer}. Display ${size.field.value.replace('x', ' × ')}; times are medians by ${clock}. Click a row or a point to look at its picture.`;
      document.documentElement.dataset.done = 'true';
    } catch (error) {
      if (!mine.signal.aborted) page.toast((error as Error).message.replace(/^upframe: /, ''), 'error');
    }
    running = null;
    go.textContent = points.size ? 'Start again' : 'Start';
    for (const { field } of [scene, size, preset, samples]) field.disabled = false;
    progress.hidden = true;
  }

  const startOrStop = () => (running ? running.abort() : void run());
  go.addEventListener('click', startOrStop);
  bindKeys([
    { key: 's', label: 'Start, stop', run: startOrStop },
    { key: 't', label: 'Split', run: () => look.toggle() },
    ...viewKeys(),
  ]);
  for (const problem of params.problems) page.toast(problem, 'error');
  // Compiled and run as the page opens, the demo's promise to tests and links: ?auto=1 needs no click.
  page.ready();
  if (params.text('auto') === '1') void run();
}

function legend(): HTMLElement {
  const entry = (icon: string, text: string) =>
    element('span', {
      class: 'legend-entry',
      html: `<svg viewBox="-9 -9 18 18" aria-hidden="true">${icon}</svg>${text}`,
    });
  const disc = (color: string) => `<circle r="6" fill="${color}"/>`;
  return element('div', { class: 'chart-legend' }, [
    ...SERIES.map(({ color, name }) => entry(disc(color), name)),
    element('span', { class: 'legend-gap' }),
    ...[1.5, 2, 3].map((ratio) => entry(`<path d="${shapeOf(ratio, 5.5)}" fill="#9aa5ad"/>`, `×${ratio}`)),
    entry('<path d="M-8 0H8" stroke="#d6f55c" stroke-width="2.5" stroke-dasharray="4 3"/>', 'Pareto front'),
  ]);
}
