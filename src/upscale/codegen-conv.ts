import type { Size } from '../render/device.ts';
import type { PassWriter } from './codegen.ts';
import { type Convolution, type Mix, type Storage, tapNumbers, type WeightedSum } from './expr.ts';
import { glslVector } from './glsl.ts';
import { borderOf } from './layout.ts';
import type { Limits, Variant } from './variant.ts';

export interface ConvolutionCode {
  /** Declares and fills a0, a1, ... */
  readonly body: string;
  /** Values for uniform vec4 weights[], if they are kept there. */
  readonly weights: Float32Array | null;
}

/** A texel of the source, and which input channels its components hold (a channel may be listed more than once). */
interface SourceTexel {
  readonly storage: Storage;
  readonly block: number;
  readonly inputs: readonly (readonly number[])[];
}

function texelsOf(conv: Convolution): SourceTexel[] {
  const found = new Map<Storage, Map<number, number[][]>>();
  conv.source.refs.forEach(({ storage, channel }, input) => {
    const blocks = found.get(storage) ?? new Map<number, number[][]>();
    found.set(storage, blocks);
    const inputs = blocks.get(channel >> 2) ?? [[], [], [], []];
    blocks.set(channel >> 2, inputs);
    inputs[channel & 3]!.push(input);
  });
  return [...found].flatMap(([storage, blocks]) =>
    [...blocks].sort((a, b) => a[0] - b[0]).map(([block, inputs]) => ({ storage, block, inputs })),
  );
}

/** The biases of four outputs (-1 is none). */
const biases = ({ bias }: WeightedSum, group: readonly number[]): string =>
  glslVector(group.map((output) => (output < 0 ? 0 : bias(output))));

/**
 * Columns of the matrix that takes four components to four outputs: [component][output]. Null when all are zero.
 * @param held which input channels each component holds
 */
function matrix(
  { weight }: WeightedSum,
  group: readonly number[],
  held: readonly (readonly number[])[],
  tap: number,
): number[][] | null {
  let any = false;
  const columns = held.map((inputs) =>
    group.map((output) => {
      if (output < 0) return 0;
      let sum = 0;
      for (const input of inputs) sum += weight(output, input, tap);
      if (sum !== 0) any = true;
      return sum;
    }),
  );
  return any ? columns : null;
}

/** A source pixel that some output pixel of the tile needs, relative to the tile's first pixel. */
type Point = Size;

/** The sum of products for all channel groups the pass asked for. */
export function writeConvolution(
  writer: PassWriter,
  conv: Convolution,
  limits: Limits,
  variant: Variant,
): ConvolutionCode {
  const { groups } = writer;
  const { size, tile, border: drawn } = writer.kernel.storage;
  const texels = texelsOf(conv);
  const tapAt = tapNumbers(conv);
  const points = pointsOf(conv, groups);
  /** [texel][point][group] */
  const matrices = texels.map((texel) =>
    points.map(([x, y]) =>
      groups.map(({ channels, pixel }) => {
        const tap = tapAt.get(`${x - pixel[0]},${y - pixel[1]}`);
        return tap === undefined ? null : matrix(conv, channels, texel.inputs, tap);
      }),
    ),
  );
  const count = matrices.flat(2).filter((found) => found).length;
  const own = Math.max(0, drawn);
  const step = [conv.stride[0] * tile, conv.stride[1] * tile] as const;
  const needed = borderOf(conv.taps, conv.stride, conv.source.size, size);
  const start = groups.map(({ channels }, i) => {
    return `vec4 a${i}=${biases(conv, channels)};`;
  });
  start.unshift('ivec2 f=ivec2(gl_FragCoord.xy);', `ivec2 q=p*ivec2(${step});`);

  /** Where a point lies in a storage: texel position from `base` (pixel, where an edge goes on), and the layer within its block. */
  const place = (storage: Storage, [x, y]: Point): { base: string; cell: Size; part: number } => {
    const tiled = storage.tile > 1;
    if (conv.edge) return { base: 'q', cell: [x, y], part: 0 };
    const cell: Size = [Math.floor(x / storage.tile), Math.floor(y / storage.tile)];
    const part = (y - cell[1] * storage.tile) * storage.tile + (x - cell[0] * storage.tile);
    return { base: tiled || step.every((n) => n === 1) ? 'p' : 'q', cell, part };
  };
  const isInside = (storage: Storage) => !conv.edge && storage.border >= Math.ceil(needed / storage.tile);
  const layerOf = (storage: Storage, block: number) => block * storage.tile * storage.tile;

  const outside = (storage: Storage, at: string, layer: number | string): string =>
    `inside(${writer.sampler(storage)},${at},${layer},${Math.max(0, storage.border)},${conv.edge ? storage.tile : 0})`;

  const fetch = ({ storage, block }: SourceTexel, point: Point): string => {
    const sampler = writer.sampler(storage);
    const border = Math.max(0, storage.border);
    const { base, cell, part } = place(storage, point);
    const layer = layerOf(storage, block) + part;
    if (!isInside(storage)) return outside(storage, `${base}+ivec2(${cell})`, layer);
    // Positions of the texture itself, so that the whole offset is one constant.
    const shift = border - (base === 'p' ? own : 0);
    const [dx, dy] = [cell[0] + shift, cell[1] + shift];
    const from = base === 'p' ? 'f' : base;
    return `texelFetch(${sampler},ivec3(${dx || dy ? `${from}+ivec2(${dx},${dy})` : from},${layer}),0)`;
  };

  if (count > variant.unrolled) return { body: [...start, ...loops()].join('\n'), weights: null };

  const uniform = variant.weights === 'uniform' && count * 4 <= limits.uniformVectors - 16;
  const values: number[] = [];
  const vector = (column: readonly number[]): string => {
    if (!uniform) return glslVector(column);
    values.push(...column);
    return `weights[${values.length / 4 - 1}]`;
  };
  const body = [...start];
  texels.forEach((texel, t) => {
    points.forEach((point, k) => {
      const products = matrices[t]![k]!;
      if (!products.some((found) => found)) return;
      body.push(`{vec4 v=${fetch(texel, point)};`);
      products.forEach((columns, i) => {
        if (columns) body.push(`a${i}+=${product(columns, 'v', vector)};`);
      });
      body.push('}');
    });
  });
  return { body: body.join('\n'), weights: values.length ? Float32Array.from(values) : null };

  /** Many channels: loops over blocks and points, weights fetched from a texture of four columns for each group. */
  function* loops(): Generator<string> {
    const length = points.length;
    const width = groups.length * 4;
    const data = new Float32Array(width * length * texels.length * 4);
    matrices.flat().forEach((row, y) => {
      row.forEach((columns, g) => {
        columns?.forEach((column, c) => {
          data.set(column, (y * width + g * 4 + c) * 4);
        });
      });
    });
    const name = `${writer.kernel.name} weights`;
    const table: Storage = {
      name,
      size: [width, length * texels.length],
      blocks: 1,
      border: -1,
      tile: 1,
      precise: true,
      data,
    };
    const weights = writer.sampler(table);
    for (let first = 0, n = 0; first < texels.length; n++) {
      const { storage, block } = texels[first]!;
      let run = 1;
      while (texels[first + run]?.storage === storage && texels[first + run]!.block === block + run) run++;
      const sampler = writer.sampler(storage);
      const border = Math.max(0, storage.border);
      const places = points.map((point) => place(storage, point));
      const list = places.map(({ cell, part }) => `ivec3(${cell},${part + layerOf(storage, block)})`);
      const { base } = places[0]!;
      yield `const ivec3 points${n}[${length}]=ivec3[](${list.join(',')});`;
      yield `for(int l=0;l<${run};l++)for(int k=0;k<${length};k++){`;
      yield `ivec3 at=ivec3(${base},l*${layerOf(storage, 1)})+points${n}[k];`;
      yield isInside(storage)
        ? `vec4 v=texelFetch(${sampler},at+ivec3(${border},${border},0),0);`
        : `vec4 v=${outside(storage, 'at.xy', 'at.z')};`;
      yield `int y=(l+${first})*${length}+k;`;
      for (let g = 0; g < groups.length; g++) {
        const column = (c: number) => `texelFetch(${weights},ivec3(${g * 4 + c},y,0),0)`;
        yield `a${g}+=mat4(${[0, 1, 2, 3].map(column).join(',')})*v;`;
      }
      yield '}';
      first += run;
    }
  }
}

/** Four outputs of a mix, a product for every four channels that it takes. */
export function writeMix(writer: PassWriter, mix: Mix, channels: readonly number[]): string {
  const sum = [biases(mix, channels)];
  for (let first = 0; first < mix.inputs; first += 4) {
    const held = [0, 1, 2, 3].map((i) => [first + i]);
    const columns = matrix(mix, channels, held, 0);
    if (columns) sum.push(product(columns, writer.name(writer.four(mix.x, first, mix.inputs)), glslVector));
  }
  return sum.join('+');
}

/** Every source pixel under the taps of the pixels asked for, row by row. */
function pointsOf(conv: Convolution, groups: PassWriter['groups']): Point[] {
  const found = new Map<string, Point>();
  for (const { pixel } of groups) {
    for (const [x, y] of conv.taps) {
      const point: Point = [x + pixel[0], y + pixel[1]];
      found.set(String(point), point);
    }
  }
  return [...found.values()].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}

/** matrix * v, in the cheapest form its zeros allow. */
function product(
  columns: readonly (readonly number[])[],
  v: string,
  vector: (column: readonly number[]) => string,
): string {
  const diagonal = columns.every((column, c) => column.every((value, row) => row === c || value === 0));
  if (diagonal) return `${vector(columns.map((column, c) => column[c]!))}*${v}`;
  // All into one output, as a group's sum of its own inputs.
  const rows = [0, 1, 2, 3].filter((row) => columns.some((column) => column[row] !== 0));
  if (rows.length === 1) {
    const [row] = rows as [number];
    const unit = [0, 1, 2, 3].map((r) => Number(r === row));
    return `${glslVector(unit)}*dot(${vector(columns.map((column) => column[row]!))},${v})`;
  }
  const used = columns.flatMap((column, c) => (column.some((value) => value !== 0) ? [c] : []));
  if (used.length === 4) return `mat4(${columns.map(vector).join(',')})*${v}`;
  return used.map((c) => `${vector(columns[c]!)}*${v}.${'xyzw'[c]}`).join('+');
}
