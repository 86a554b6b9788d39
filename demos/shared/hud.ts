/** Live numbers: a plate with the figures that matter and, below, where the GPU time goes, pass by pass. */
import { element } from './page';

/** What the HUD shows; `upscaler.stats` fits as it is. Leave out what a demo does not know. */
export interface HudNumbers {
  fps: number;
  frameMs: { p50: number; p95: number };
  gpu?: { source: string; totalMs: number; passes?: Record<string, number> } | null;
  renderSize?: readonly [number, number] | null;
  displaySize?: readonly [number, number] | null;
  method?: string;
  model?: string | null;
  macsPerPixel?: number | null;
  /** Says why a lower rung of the ladder is in use. */
  fallback?: string | null;
  quality?: { psnr: number; ssim: number } | null;
}

export interface Hud {
  /** Call every frame: it redraws a few times a second only, so that figures can be read. */
  update(numbers: HudNumbers): void;
  /** One more figure in the grid, e.g. row('Codec').textContent = 'h264'. */
  row(label: string): HTMLElement;
  root: HTMLElement;
}

/** Puts the plate into `parent` (usually `page.dock`). `quality` false leaves PSNR and SSIM out, where no truth is known. */
export function createHud(parent: HTMLElement, { quality = true } = {}): Hud {
  const fps = element('span', { class: 'hud-fps', text: '–' });
  const method = element('span', { class: 'hud-method' });
  const grid = element('dl', { class: 'hud-grid' });
  const passes = element('div', { class: 'hud-passes', role: 'img' });
  const legend = element('div', { class: 'hud-legend', 'aria-hidden': 'true' });
  const note = element('p', { class: 'hud-note' });
  const top = element('div', { class: 'hud-top' }, [fps, element('span', { class: 'hud-unit', text: 'fps' }), method]);
  const root = element('section', { class: 'hud plate', 'aria-label': 'Live numbers' }, [
    top,
    grid,
    passes,
    legend,
    note,
  ]);
  parent.append(root);

  function row(label: string, wide = false): HTMLElement {
    const value = element('dd', { text: '–' });
    grid.append(element('div', wide ? { class: 'wide' } : {}, [element('dt', { text: label }), value]));
    return value;
  }
  const size = row('Render → display', true);
  const macs = row('MACs / pixel');
  const p50 = row('Frame p50');
  const p95 = row('Frame p95');
  const gpu = row('GPU');
  const psnr = row('PSNR');
  const ssim = row('SSIM');
  for (const value of [psnr, ssim]) value.parentElement!.hidden = !quality;
  const gpuLabel = gpu.previousElementSibling as HTMLElement;

  let next = 0;
  return {
    root,
    row: (label) => row(label),
    update(numbers) {
      const now = performance.now();
      if (now < next) return;
      next = now + 250;
      fps.textContent = numbers.fps >= 10 ? numbers.fps.toFixed(0) : numbers.fps.toFixed(1);
      method.textContent = nameOf(numbers);
      p50.textContent = ms(numbers.frameMs.p50);
      p95.textContent = ms(numbers.frameMs.p95);
      // Wall time is not GPU time, so it never goes under that name.
      gpuLabel.textContent = numbers.gpu?.source === 'wall' ? 'Wall (no GPU timer)' : 'GPU';
      gpu.textContent = numbers.gpu ? ms(numbers.gpu.totalMs) : '–';
      size.textContent =
        numbers.renderSize && numbers.displaySize
          ? `${numbers.renderSize.join('×')} → ${numbers.displaySize.join('×')}`
          : '–';
      macs.textContent = numbers.macsPerPixel ? count(numbers.macsPerPixel) : '–';
      psnr.textContent = numbers.quality ? `${numbers.quality.psnr.toFixed(2)} dB` : '–';
      ssim.textContent = numbers.quality ? numbers.quality.ssim.toFixed(4) : '–';
      note.textContent = numbers.fallback ?? '';
      drawPasses(passes, legend, numbers.gpu?.passes ?? {});
    },
  };
}

/** 'Upframe image-s' for a network, the filter's own name otherwise. */
export function nameOf({ method, model }: Pick<HudNumbers, 'method' | 'model'>): string {
  if (!method) return '';
  if (method === 'network') return model ? `Upframe ${model}` : 'Upframe';
  return (
    {
      native: 'Native',
      temporal: 'Temporal',
      nearest: 'Nearest',
      bilinear: 'Bilinear',
      bicubic: 'Bicubic',
      lanczos: 'Lanczos',
      fsr1: 'FSR 1',
    }[method] ?? method
  );
}

const passColours = ['#d6f55c', '#6cc7ff', '#ffb35c', '#ff8fa8', '#b79bff', '#63e0b8', '#f2e2a0', '#8fa6b2'];

function drawPasses(bar: HTMLElement, legend: HTMLElement, passes: Record<string, number>): void {
  const entries = Object.entries(passes).filter(([, value]) => value > 0);
  bar.hidden = entries.length === 0;
  bar.title = entries.map(([name, value]) => `${name} ${ms(value)}`).join('\n');
  bar.setAttribute('aria-label', bar.title);
  while (bar.children.length < entries.length) bar.append(document.createElement('i'));
  while (bar.children.length > entries.length) bar.lastChild?.remove();
  entries.forEach(([, value], index) => {
    const segment = bar.children[index] as HTMLElement;
    segment.style.flex = `${value} 1 0`;
    segment.style.background = passColours[index % passColours.length]!;
  });
  // Names for the three that weigh most.
  const total = entries.reduce((sum, [, value]) => sum + value, 0);
  const heavy = entries.map(([name, value], index) => ({ name, value, index })).sort((a, b) => b.value - a.value);
  legend.replaceChildren(
    ...heavy.slice(0, 3).map(({ name, value, index }) => {
      const entry = element('span', { text: `${name} ${Math.round((100 * value) / total)} %` });
      entry.style.setProperty('--dot', passColours[index % passColours.length]!);
      return entry;
    }),
  );
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;
}

function count(value: number): string {
  return value >= 1000 ? `${(value / 1000).toFixed(1)} K` : value.toFixed(0);
}
