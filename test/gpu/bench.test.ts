import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { BenchResult } from '../../perf/bench-report.ts';
import { fixSize } from '../../perf/pages/fixed-size.ts';
import { readModel } from '../../src/upscale/onnx.ts';
import { smallModel } from '../small-model.ts';

const run = (...args: string[]) => promisify(execFile)('npx', ['tsx', 'perf/bench.ts', ...args]);

describe('npm run bench', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'upframe-bench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('measures every backend on the same file, writes the JSON and the page', { timeout: 300_000 }, async () => {
    const json = join(folder, 'bench.json');
    const report = join(folder, 'bench.html');
    const options = ['--models', 'image-s', '--sizes', '64x48', '--rounds', '3', '--demo', 'none'];
    const { stdout } = await run(...options, '--json', json, '--report', report);
    const { environment, peak, rows, demo } = JSON.parse(readFileSync(json, 'utf8')) as BenchResult;
    expect(environment).toMatchObject({ renderer: inject('renderer'), commit: expect.any(String) });
    expect(peak.gmacs).toBeGreaterThan(0);
    expect(peak.gbytes).toBeGreaterThan(0);
    expect(demo).toEqual([]);
    expect(rows.map((row) => row.backend)).toEqual(
      expect.arrayContaining(['upframe', 'onnxruntime-webgl', 'onnxruntime-wasm']),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ model: 'image-s', input: '64x48', timer: expect.stringMatching(/^(gpu|wall)$/) });
      expect(row.ms).toBeGreaterThan(0);
      expect(row.peakShare).toBeCloseTo(row.gmacs / peak.gmacs, 2);
    }
    expect(stdout).toContain('onnxruntime-wasm');
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|NaN|undefined/);
  });

  test.each([
    [['--models', 'nothing'], /unknown model 'nothing'; allowed: .*image-m/],
    [['--sizes', 'big'], /--size is 'big'/],
    [['--backends', 'cuda'], /--backends is 'cuda'; allowed: upframe, onnxruntime-webgl/],
    [['extra'], /bench takes options only; what is 'extra'/],
  ])('%o is refused with a clear message', async (args, message) => {
    const failure = await run(...args).then(
      () => null,
      (error: { code: number; stderr: string }) => error,
    );
    expect(failure?.code).toBe(1);
    expect(failure?.stderr).toMatch(/^upframe: /m);
    expect(failure?.stderr).toMatch(message);
  });

  test('open dimensions are written into a file, and nothing else changes', () => {
    const bytes = fixSize(smallModel(), [1, 1, 180, 320], [1, 1, 360, 640]);
    const graph = readModel(bytes, 'fixed');
    expect(graph.input.dims).toEqual([1, 1, 180, 320]);
    expect(graph.output.dims).toEqual([1, 1, 360, 640]);
    const before = readModel(smallModel(), 'open');
    expect(graph.nodes).toEqual(before.nodes);
    expect([...graph.constants]).toEqual([...before.constants]);
  });
});
