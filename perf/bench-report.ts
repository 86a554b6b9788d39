import { writeFileSync } from 'node:fs';
import type { Backend } from './pages/bench.ts';
import type { Environment } from './session.ts';

/** A network by a backend at an input size. `ms` is a median; `timer` says whether a GPU query or the clock gave it. */
export interface BenchRow {
  model: string;
  backend: Backend;
  input: string;
  ms: number;
  gmacs: number;
  peakShare: number;
  timer: 'gpu' | 'wall';
  wallMs: number;
  passes?: { name: string; macs: number; ms: number; gmacs: number; peakShare: number }[];
  [more: string]: unknown;
}

export interface DemoRow {
  method: string;
  display: string;
  fps: number;
  ms: number;
  /** Milliseconds of GPU time a pass, where the GPU has timer queries; of other frames than `ms`. */
  passes?: Record<string, number>;
}

export interface BenchResult {
  environment: Environment;
  peak: { gmacs: number; gbytes: number };
  rows: BenchRow[];
  demo: DemoRow[];
}

const plain = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

const COLOURS: Record<string, string> = {
  upframe: '#ff8a3d',
  'onnxruntime-webgl': '#5b8def',
  'onnxruntime-wasm': '#46b39d',
  'onnxruntime-webgpu': '#b77be0',
};

interface Bar {
  label: string;
  value: number;
  text: string;
  colour: string;
}

/** Horizontal bars; on a logarithmic scale where the values lie far apart. */
function plot(bars: Bar[], logarithmic = false): string {
  const [left, width, step] = [190, 760, 26];
  const most = Math.max(...bars.map((bar) => bar.value));
  const least = Math.min(...bars.map((bar) => bar.value));
  const length = (value: number) =>
    logarithmic ? Math.log(value / (least / 2)) / Math.log(most / (least / 2)) : value / most;
  const rows = bars.map(({ label, value, text, colour }, i) => {
    const y = i * step;
    const w = Math.max(2, length(value) * (width - left - 110));
    return `<text x="${left - 10}" y="${y + 16}" text-anchor="end">${plain(label)}</text>
<rect x="${left}" y="${y + 3}" width="${w.toFixed(1)}" height="${step - 8}" rx="3" fill="${colour}"/>
<text x="${left + w + 8}" y="${y + 16}" class="value">${plain(text)}</text>`;
  });
  return `<svg viewBox="0 0 ${width} ${bars.length * step + 4}" role="img">${rows.join('\n')}</svg>`;
}

function networkSection(result: BenchResult, model: string): string {
  const rows = result.rows.filter((row) => row.model === model);
  const sizes = [...new Set(rows.map((row) => row.input))];
  const times = sizes.map((input) => {
    const here = rows.filter((row) => row.input === input);
    const bars = here.map(({ backend, ms, timer }) => ({
      label: backend,
      value: ms,
      text: `${ms.toFixed(2)} ms${timer === 'gpu' ? ' GPU' : ''}`,
      colour: COLOURS[backend] ?? '#999',
    }));
    return `<h3>${input}</h3>${plot(bars, true)}`;
  });
  const largest = rows.filter((row) => row.passes?.length).at(-1);
  const passes = largest?.passes?.map(({ name, ms, peakShare }) => ({
    label: name,
    value: Math.max(ms, 1e-6),
    text: `${ms.toFixed(2)} ms, ${(peakShare * 100).toFixed(0)}% of peak`,
    colour: '#ff8a3d',
  }));
  return `<section><h2>${plain(model)}</h2><p>Milliseconds a run, logarithmic.</p>${times.join('\n')}
${passes ? `<h3>Each pass at ${largest!.input}</h3>${plot(passes)}` : ''}</section>`;
}

/** One page with no script and nothing to fetch. */
export function writeReport(file: string, result: BenchResult): void {
  const { environment, peak, rows, demo } = result;
  const columns = ['model', 'input', 'backend', 'ms', 'timer', 'gmacs', 'peakShare'] as const;
  const cells = rows.map((row) => `<tr>${columns.map((name) => `<td>${plain(String(row[name]))}</td>`).join('')}</tr>`);
  const bars = demo.map(({ method, ms, fps }) => ({
    label: method,
    value: fps,
    text: `${fps.toFixed(1)} fps, ${ms.toFixed(1)} ms`,
    colour: method === 'native' ? '#8a93a6' : '#ff8a3d',
  }));
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Upframe: what it costs</title>
<style>
  body { margin: 0 auto; max-width: 820px; padding: 40px 20px; background: #12141a; color: #dfe3ea; font: 15px/1.5 system-ui, sans-serif; }
  h1 { font-size: 28px; } h2 { margin-top: 48px; } h3 { margin: 20px 0 6px; font-weight: 500; color: #aab2c0; }
  p, dt { color: #97a0b0; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; } dd { margin: 0; }
  svg { width: 100%; font-size: 13px; fill: #dfe3ea; } .value { fill: #aab2c0; }
  table { border-collapse: collapse; width: 100%; } td, th { padding: 4px 10px; text-align: left; border-bottom: 1px solid #2a2f3a; }
  td:nth-child(n + 4) { font-variant-numeric: tabular-nums; }
</style>
<h1>What it costs</h1>
<dl>
<dt>Renderer</dt><dd>${plain(environment.renderer)}</dd>
<dt>Browser</dt><dd>${plain(environment.userAgent)}</dd>
<dt>Commit</dt><dd>${plain(environment.commit)}</dd>
<dt>Date</dt><dd>${plain(environment.date)}</dd>
<dt>Peak</dt><dd>${peak.gmacs} GMAC/s of constant multiply-adds in a fragment shader, ${peak.gbytes} GB/s copied, measured in the same run</dd>
</dl>
<p>Medians, measured in turn. A software renderer's time is a ratio, never a promise. onnxruntime's times contain its upload and read-back, which its interface demands.</p>
${[...new Set(rows.map((row) => row.model))].map((model) => networkSection(result, model)).join('\n')}
${demo.length ? `<section><h2>The game demo at ${plain(demo[0]!.display)}</h2><p>Frames a second, rendering included; upscaled ones are rendered at half the size.</p>${plot(bars)}</section>` : ''}
<section><h2>All figures</h2><table><tr>${columns.map((name) => `<th>${name}</th>`).join('')}</tr>${cells.join('')}</table></section>
</html>
`;
  writeFileSync(file, html);
}
