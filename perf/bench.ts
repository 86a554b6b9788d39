import { resolve } from 'node:path';
import { median } from '../src/render/timers.ts';
import { type BenchResult, type BenchRow, type DemoRow, writeReport } from './bench-report.ts';
import {
  main,
  progress,
  readArgs,
  readChoice,
  readGl,
  readList,
  readSize,
  readWhole,
  table,
  writableFile,
  writeJson,
} from './cli.ts';
import { builtInNames, COMMON_MODELS, FILTERS, GAME_MODELS, readMethods } from './methods.ts';
import type { Backend, Sample, Setup } from './pages/bench.ts';
import { fileUrl, ROOT } from './paths.ts';
import { openSession, type Session } from './session.ts';

const BACKENDS: readonly Backend[] = ['upframe', 'onnxruntime-webgl', 'onnxruntime-wasm', 'onnxruntime-webgpu'];

const HELP = `npm run bench -- [options]

Cost, in one run on one machine: each network by this engine and by onnxruntime-web, in turn, medians; the share of the
fragment shader's multiply-add peak, measured in the same run; the game demo native and upscaled.

  --models a,b      built-in names or paths to .onnx files (default: image-s,image-m; video-* and screen-s have their shapes)
  --sizes a,b       input sizes (default 320x180,480x270,640x360)
  --backends a,b    ${BACKENDS.join(', ')} (default: all that run here)
  --rounds N        measurements of each (default 15; the slow onnxruntime-webgl takes a third of them)
  --demo a,b        methods for the game demo (default native,native-msaa4,bilinear,fsr1,temporal, the models and game-*); 'none' leaves it out
  --display WxH     display size of the demo (default 1280x720)
  --json FILE       the figures as JSON
  --report FILE     an HTML page with plots (default perf/results/bench.html)
  --gl G            auto, llvmpipe, swiftshader, none: what draws (default auto)`;

const OPTIONS = {
  models: { type: 'string' },
  sizes: { type: 'string' },
  backends: { type: 'string' },
  rounds: { type: 'string' },
  demo: { type: 'string' },
  display: { type: 'string' },
  json: { type: 'string' },
  report: { type: 'string' },
  gl: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DEMO_FRAMES = 9;

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

interface Plan {
  models: { name: string; url: string }[];
  sizes: [number, number][];
  backends: Backend[];
  rounds: number;
}

/** Every model at every size: backends and the peak in turn, so that whatever else the machine does hits all alike. */
async function networks(session: Session, plan: Plan): Promise<{ rows: BenchRow[]; gmacs: number }> {
  const call = <T>(name: string, ...args: unknown[]) => session.call<T>('bench', name, ...args);
  const rows: BenchRow[] = [];
  const allPeaks: number[] = [];
  const bar = progress('Networks', plan.models.length * plan.sizes.length * plan.rounds);
  let done = 0;
  try {
    for (const { name, url } of plan.models) {
      for (const size of plan.sizes) {
        const input = size.join('x');
        const about = await call<Setup>('setup', url, name, size, plan.backends);
        const samples = new Map<Backend, Sample[]>(plan.backends.map((backend) => [backend, []]));
        const peaks: number[] = [];
        for (let round = 0; round < plan.rounds; round++) {
          peaks.push(await call<number>('samplePeak', 'gmacs'));
          for (const backend of plan.backends) {
            if (about.absent[backend] || (backend === 'onnxruntime-webgl' && round % 3)) continue;
            const sample = await call<Sample | null>('sample', backend);
            if (sample) samples.get(backend)!.push(sample);
          }
          bar.update(++done, `${name} ${input}`);
        }
        const peak = median(peaks);
        allPeaks.push(peak);
        for (const [backend, list] of samples) {
          if (!list.length) continue;
          const timer = list.every((sample) => sample.timer === 'gpu') ? 'gpu' : 'wall';
          const ms = median(list.map((sample) => (timer === 'gpu' ? sample.ms : sample.wallMs)));
          const gmacs = about.macs / ms / 1e6;
          const row: BenchRow = {
            model: name,
            backend,
            input,
            ms: rounded(ms, 3),
            gmacs: rounded(gmacs, 2),
            peakShare: rounded(gmacs / peak, 4),
            timer,
            wallMs: rounded(median(list.map((sample) => sample.wallMs)), 3),
          };
          if (backend === 'upframe') {
            const times = await call<number[]>('passTimes', 5);
            Object.assign(row, {
              variant: about.variant,
              precision: about.precision,
              macs: about.macs,
              bytes: about.bytes,
              passes: about.passes.map((pass, i) => {
                const speed = pass.macs / times[i]! / 1e6;
                return {
                  ...pass,
                  ms: rounded(times[i]!, 3),
                  gmacs: rounded(speed, 2),
                  peakShare: rounded(speed / peak, 4),
                };
              }),
            });
          }
          rows.push(row);
        }
        for (const [backend, why] of Object.entries(about.absent)) {
          if (plan.backends.includes(backend as Backend) && size === plan.sizes[0]) {
            console.error(`${name}: ${backend} does not take part: ${why}`);
          }
        }
      }
    }
    await call('teardown');
  } finally {
    bar.stop();
  }
  return { rows, gmacs: median(allPeaks) };
}

async function demo(session: Session, methods: string[], display: [number, number]): Promise<DemoRow[]> {
  if (!methods.length) return [];
  const bar = progress('Game demo', DEMO_FRAMES);
  try {
    await session.call('bench-demo', 'setup', display, methods, builtInNames());
    const times: number[][] = methods.map(() => []);
    for (let i = 0; i < DEMO_FRAMES; i++) {
      // Around the whole flight, not the same view again.
      const list = await session.call<number[]>('bench-demo', 'frame', i * 8);
      list.forEach((ms, method) => {
        times[method]!.push(ms);
      });
      bar.update(i + 1);
    }
    const passes = await session.call<Record<string, number>[]>('bench-demo', 'passes', 8);
    await session.call('bench-demo', 'teardown');
    return methods.map((method, i) => {
      const ms = median(times[i]!);
      return { method, display: display.join('x'), fps: rounded(1000 / ms, 2), ms: rounded(ms, 2), passes: passes[i]! };
    });
  } finally {
    bar.stop();
  }
}

export async function bench(argv: string[]): Promise<void> {
  const { values, positionals } = readArgs(OPTIONS, argv);
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (positionals.length) throw new Error(`upframe: bench takes options only; what is '${positionals.join(' ')}'?`);
  const asked = { models: values.models, methods: undefined };
  const specs = readMethods(asked, 'scene', builtInNames(), COMMON_MODELS).filter((spec) => spec.kind === 'model');
  const models = specs.map(({ name, source }) => ({
    name,
    url: source.startsWith('/') ? source : fileUrl(resolve(ROOT, 'models', `${source}.onnx`)),
  }));
  const sizes = readList(values.sizes ?? '320x180,480x270,640x360').map(readSize);
  const backends = readList(values.backends ?? BACKENDS.join(',')).map((name) =>
    readChoice('backends', name, BACKENDS),
  );
  const rounds = readWhole('rounds', values.rounds ?? '15', 1, 1000);
  const display = readSize(values.display ?? '1280x720');
  const own = specs.flatMap(({ name, source }) => (source.startsWith('/') ? [] : [name]));
  const allowed = ['native', 'native-msaa4', ...FILTERS, 'temporal', ...builtInNames()];
  const methods =
    values.demo === 'none'
      ? []
      : values.demo
        ? readList(values.demo).map((name) => readChoice('demo', name, allowed))
        : ['native', 'native-msaa4', 'bilinear', 'fsr1', 'temporal', ...own, ...GAME_MODELS];
  const json = writableFile('json', values.json);
  const report = writableFile('report', values.report ?? resolve(ROOT, 'perf/results/bench.html'))!;
  const gl = readGl(values.gl);

  const session = await openSession(gl);
  try {
    const { rows, gmacs } = models.length
      ? await networks(session, { models, sizes, backends, rounds })
      : { rows: [], gmacs: await session.call<number>('bench', 'samplePeak', 'gmacs') };
    const copies: number[] = [];
    for (let i = 0; i < 7; i++) copies.push(await session.call<number>('bench', 'samplePeak', 'gbytes'));
    const result: BenchResult = {
      environment: session.environment,
      peak: { gmacs: rounded(gmacs, 2), gbytes: rounded(median(copies.slice(1)), 2) },
      rows,
      demo: await demo(session, methods, display),
    };
    console.log(`On ${session.environment.renderer}`);
    console.log(`Peak: ${result.peak.gmacs} GMAC/s of constant multiply-adds, ${result.peak.gbytes} GB/s copied\n`);
    const printed = rows.map(({ model, input, backend, ms, wallMs, timer, gmacs, peakShare }) => {
      const peer = rows.find(
        (row) => row.model === model && row.input === input && row.backend === 'onnxruntime-webgl',
      );
      return {
        model,
        input,
        backend,
        ms: ms.toFixed(2),
        timer,
        'GMAC/s': gmacs.toFixed(1),
        'of peak': `${(peakShare * 100).toFixed(1)}%`,
        // By the clock on the wall, which all have.
        'x webgl': peer ? (peer.wallMs / wallMs).toFixed(1) : '',
      };
    });
    console.log(`${table(printed)}\n`);
    if (result.demo.length) {
      const native = result.demo.find((row) => row.method === 'native');
      console.log('The game demo');
      console.log(
        `${table(result.demo.map(({ method, display, ms, fps }) => ({ method, display, ms: ms.toFixed(1), fps: fps.toFixed(1), 'x native': native ? (native.ms / ms).toFixed(2) : '' })))}\n`,
      );
    }
    const passes = result.demo.flatMap(({ method, passes = {} }) =>
      Object.entries(passes).map(([pass, ms]) => ({ method, pass, ms: ms.toFixed(1) })),
    );
    if (passes.length) console.log(`Where its time goes\n${table(passes)}\n`);
    writeReport(report, result);
    console.log(`Written: ${report}`);
    if (json) writeJson(json, result);
  } finally {
    await session.close();
  }
}

await main(import.meta.url, bench);
