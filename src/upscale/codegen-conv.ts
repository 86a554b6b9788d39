import { glslVector, type Limits, type PassWriter, type Variant } from './codegen.ts';
import type { Convolution, Storage } from './expr.ts';
import { borderOf } from './lower.ts';

export interface ConvolutionCode {
  /** Declares and fills a0, a1, ... */
  readonly body: string;
  /** Values for uniform vec4 weights[], if they are kept there. */
  readonly weights: Float32Array | null;
}

/** A texel of the source, and which input channels its components hold (a channel may be listed more than once). */
interface SourceTexel {
  readonly storage: Storage;
  readonly layer: number;
  readonly inputs: readonly (readonly number[])[];
}

function texelsOf(conv: Convolution): SourceTexel[] {
  const found = new Map<Storage, Map<number, number[][]>>();
  conv.source.refs.forEach(({ storage, channel }, input) => {
    const layers = found.get(storage) ?? new Map<number, number[][]>();
    found.set(storage, layers);
    const inputs = layers.get(channel >> 2) ?? [[], [], [], []];
    layers.set(channel >> 2, inputs);
    inputs[channel & 3]!.push(input);
  });
  return [...found].flatMap(([storage, layers]) =>
    [...layers].sort((a, b) => a[0] - b[0]).map(([layer, inputs]) => ({ storage, layer, inputs })),
  );
}

/** Columns of the matrix that takes a texel to four outputs: [component][output]. Null when all are zero. */
function matrix(conv: Convolution, group: readonly number[], texel: SourceTexel, tap: number): number[][] | null {
  let any = false;
  const columns = texel.inputs.map((inputs) =>
    group.map((output) => {
      if (output < 0) return 0;
      let sum = 0;
      for (const input of inputs) sum += conv.weight(output, input, tap);
      if (sum !== 0) any = true;
      return sum;
    }),
  );
  return any ? columns : null;
}

/** The sum of products for all channel groups the pass asked for. */
export function writeConvolution(
  writer: PassWriter,
  conv: Convolution,
  limits: Limits,
  variant: Variant,
): ConvolutionCode {
  const { groups } = writer;
  const texels = texelsOf(conv);
  const matrices = texels.map((texel) =>
    conv.taps.map((_, tap) => groups.map((group) => matrix(conv, group, texel, tap))),
  );
  const count = matrices.flat(2).filter((found) => found).length;
  const own = Math.max(0, writer.kernel.storage.border);
  const [sx, sy] = conv.stride;
  const plain = sx === 1 && sy === 1;
  const needed = borderOf(conv.taps, conv.stride, conv.source.size, writer.kernel.storage.size);
  const start = groups.map((group, i) => `vec4 a${i}=${glslVector(group.map((o) => (o < 0 ? 0 : conv.bias(o))))};`);
  if (!plain) start.push(`ivec2 q=p*ivec2(${sx},${sy});`);

  /** The texel under a tap; positions are those of the texture, so that a whole offset is one constant. */
  const fetch = (storage: Storage, layer: string, x: number, y: number): string => {
    const sampler = writer.sampler(storage);
    const border = Math.max(0, storage.border);
    if (storage.border < needed) {
      return `inside(${sampler},${plain ? 'p' : 'q'}+ivec2(${x},${y}),${layer},${border})`;
    }
    const [dx, dy] = plain ? [x - own + border, y - own + border] : [x + border, y + border];
    const base = plain ? 'f' : 'q';
    return `texelFetch(${sampler},ivec3(${dx || dy ? `${base}+ivec2(${dx},${dy})` : base},${layer}),0)`;
  };
  if (plain) start.unshift('ivec2 f=ivec2(gl_FragCoord.xy);');

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
    conv.taps.forEach(([x, y], tap) => {
      const products = matrices[t]![tap]!;
      if (!products.some((found) => found)) return;
      body.push(`{vec4 v=${fetch(texel.storage, String(texel.layer), x, y)};`);
      products.forEach((columns, i) => {
        if (columns) body.push(`a${i}+=${product(columns, vector)};`);
      });
      body.push('}');
    });
  });
  return { body: body.join('\n'), weights: values.length ? Float32Array.from(values) : null };

  /** Many channels: loops over layers and taps, weights fetched from a texture of four columns for each group. */
  function* loops(): Generator<string> {
    const taps = conv.taps.length;
    const width = groups.length * 4;
    const data = new Float32Array(width * taps * texels.length * 4);
    matrices.flat().forEach((row, y) => {
      row.forEach((columns, g) => {
        columns?.forEach((column, c) => {
          data.set(column, (y * width + g * 4 + c) * 4);
        });
      });
    });
    const table: Storage = {
      name: `${writer.kernel.name} weights`,
      size: [width, taps * texels.length],
      layers: 1,
      border: -1,
      precise: true,
      data,
    };
    const weights = writer.sampler(table);
    yield `const ivec2 taps[${taps}]=ivec2[](${conv.taps.map(([x, y]) => `ivec2(${x},${y})`).join(',')});`;
    for (let first = 0; first < texels.length; ) {
      const { storage, layer } = texels[first]!;
      let run = 1;
      while (texels[first + run]?.storage === storage && texels[first + run]!.layer === layer + run) run++;
      const sampler = writer.sampler(storage);
      const border = Math.max(0, storage.border);
      const base = plain ? 'p' : 'q';
      yield `for(int l=0;l<${run};l++)for(int k=0;k<${taps};k++){`;
      yield storage.border < needed
        ? `vec4 v=inside(${sampler},${base}+taps[k],l+${layer},${border});`
        : `vec4 v=texelFetch(${sampler},ivec3(${base}+${border}+taps[k],l+${layer}),0);`;
      yield `int y=(l+${first})*${taps}+k;`;
      for (let g = 0; g < groups.length; g++) {
        const column = (c: number) => `texelFetch(${weights},ivec3(${g * 4 + c},y,0),0)`;
        yield `a${g}+=mat4(${[0, 1, 2, 3].map(column).join(',')})*v;`;
      }
      yield '}';
      first += run;
    }
  }
}

/** matrix * v, in the cheapest form its zeros allow. */
function product(columns: readonly (readonly number[])[], vector: (column: readonly number[]) => string): string {
  const diagonal = columns.every((column, c) => column.every((value, row) => row === c || value === 0));
  if (diagonal) return `${vector(columns.map((column, c) => column[c]!))}*v`;
  const used = columns.flatMap((column, c) => (column.some((value) => value !== 0) ? [c] : []));
  if (used.length === 4) return `mat4(${columns.map(vector).join(',')})*v`;
  return used.map((c) => `${vector(columns[c]!)}*v.${'xyzw'[c]}`).join('+');
}
