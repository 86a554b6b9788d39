/** What a run measures: the methods with their colours, the ratios, the sizes, and how many frames. */
import { type Method, pictureModels } from '../../src/index';

export interface Series {
  /** As in the project's JSON: a filter's name, a model's, or 'native'. */
  readonly id: string;
  readonly name: string;
  readonly method: Method;
  readonly model?: string;
  readonly color: string;
}

const FILTERS: Series[] = [
  { id: 'nearest', name: 'Nearest', method: 'nearest', color: '#8fa6b2' },
  { id: 'bilinear', name: 'Bilinear', method: 'bilinear', color: '#6cc7ff' },
  { id: 'bicubic', name: 'Bicubic', method: 'bicubic', color: '#b79bff' },
  { id: 'lanczos', name: 'Lanczos', method: 'lanczos', color: '#ff8fa8' },
  { id: 'fsr1', name: 'FSR 1', method: 'fsr1', color: '#ffb35c' },
];
const MODEL_COLORS = ['#d6f55c', '#63e0b8', '#f2e2a0', '#7fd37a', '#e0b3ff', '#ffd9a8'];

export const SERIES: readonly Series[] = [
  ...FILTERS,
  ...pictureModels
    .filter((model) => !/^video/.test(model))
    .map((model, i) => ({
      id: model,
      name: `Upframe ${model}`,
      method: 'network' as const,
      model,
      color: MODEL_COLORS[i % MODEL_COLORS.length]!,
    })),
  { id: 'native', name: 'Native', method: 'native', color: '#ffffff' },
];

/** 2 first: whoever stops early has the most asked for ratio. */
export const RATIOS = [2, 3, 1.5] as const;

export const SIZES = ['640x360', '960x540', '1280x720'] as const;

export interface Preset {
  /** Points in time at which pictures are compared with the truth. */
  readonly instants: number;
  /** Frames that are timed; the instants are among them. */
  readonly timed: number;
}

/** Quick is over in about two minutes without a GPU and in seconds with one. */
export const PRESETS = {
  Quick: { instants: 2, timed: 3 },
  Normal: { instants: 6, timed: 24 },
  Thorough: { instants: 20, timed: 60 },
} as const satisfies Record<string, Preset>;

export interface Job {
  readonly series: Series;
  readonly ratio: number;
}

/** One job a point: native once, everything else at each ratio. */
export function jobsOf(ids: readonly string[], ratios: readonly number[]): Job[] {
  const chosen = SERIES.filter(({ id }) => ids.includes(id));
  const native = chosen.filter(({ method }) => method === 'native').map((series) => ({ series, ratio: 1 }));
  const others = chosen.filter(({ method }) => method !== 'native');
  return [...native, ...ratios.flatMap((ratio) => others.map((series) => ({ series, ratio })))];
}

/** One measured way to make the picture. */
export interface Point {
  readonly key: string;
  readonly series: Series;
  readonly ratio: number;
  readonly renderSize: readonly [number, number];
  /** Median milliseconds a frame, and by what clock. */
  ms: number;
  clock: 'gpu' | 'wall';
  psnr: number;
  ssim: number;
  /** On the Pareto front: nothing measured is both cheaper and better. */
  front?: boolean;
}

export const keyOf = ({ series, ratio }: Job) => `${series.id} ${ratio}`;

export const titleOf = ({ series, ratio }: Job) =>
  series.method === 'native' ? series.name : `${series.name} ×${ratio}`;

/** The points that no other beats in both cost and quality, cheapest first. */
export function paretoFront(points: readonly Point[], quality: (point: Point) => number): Point[] {
  const front: Point[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const point of [...points].sort((a, b) => a.ms - b.ms)) {
    if (quality(point) <= best) continue;
    best = quality(point);
    front.push(point);
  }
  return front;
}
