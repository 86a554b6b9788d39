import { type Size, sameSize } from '../render/size.ts';
import lib from '../shaders/network/lib.glsl?raw';
import { type ConvolutionCode, writeConvolution, writeMix } from './codegen-conv.ts';
import type { Expr, Kernel, Ref, Root, Storage } from './expr.ts';
import { layersOf, mixOf, rootOf, storagesOf } from './expr.ts';
import { glslNumber, glslVector } from './glsl.ts';
import type { Limits, PassCode, Variant } from './variant.ts';

/** WebGL2 guarantees 16 textures to a shader. */
const MAX_TEXTURES = 16;

const COMPONENTS = 'xyzw';

/** Writes the shader of one pass: some layers of a kernel. */
export class PassWriter {
  readonly storages: Storage[] = [];
  /** What the kernel's convolution must give, a0, a1, ...: channels (-1 is none) of a pixel of the tile. */
  readonly groups: { readonly channels: readonly number[]; readonly pixel: Size }[] = [];
  private readonly lines: string[] = [];
  private readonly named = new Map<string, string>();

  /** The pixel of the tile that is being written. */
  private pixel: Size = [0, 0];

  constructor(readonly kernel: Kernel) {}

  sampler(storage: Storage): string {
    let unit = this.storages.indexOf(storage);
    if (unit < 0) unit = this.storages.push(storage) - 1;
    return `t${unit}`;
  }

  /** A variable that holds the expression, the same one each time it is asked for. */
  name(expression: string, type = 'vec4'): string {
    let variable = this.named.get(expression);
    if (!variable) {
      variable = `v${this.named.size}`;
      this.named.set(expression, variable);
      this.lines.push(`${type} ${variable}=${expression};`);
    }
    return variable;
  }

  /** A texel at a position of the picture itself, its border left out. */
  texel(storage: Storage, layer: number, position: string): string {
    const border = Math.max(0, storage.border);
    return `texelFetch(${this.sampler(storage)},ivec3(${position}${border ? `+${border}` : ''},${layer}),0)`;
  }

  /** Four channels, each at its own position, out of as few texels as hold them. `keep` names texels for re-use. */
  gather(lanes: readonly (readonly [ref: Ref, position: string] | null)[], keep = true): string {
    const [x, y] = this.pixel;
    const texels = lanes.map((lane) => {
      if (!lane) return null;
      const [{ storage, channel }, position] = lane;
      const { tile } = storage;
      return this.texel(storage, (channel >> 2) * tile * tile + (tile > 1 ? y * tile + x : 0), position);
    });
    const used = [...new Set(texels.filter((texel) => texel !== null))];
    const of = (texel: string) => (keep ? this.name(texel) : texel);
    const part = (i: number) => COMPONENTS[lanes[i] ? lanes[i][0].channel & 3 : i]!;
    if (!used.length) return 'vec4(0.0)';
    if (used.length === 1) {
      const swizzle = [0, 1, 2, 3].map((i) => part(i)).join('');
      return swizzle === COMPONENTS ? of(used[0]!) : `${of(used[0]!)}.${swizzle}`;
    }
    return `vec4(${[0, 1, 2, 3].map((i) => (texels[i] ? `${of(texels[i])}.${part(i)}` : '0.0')).join(',')})`;
  }

  /** The expression's value for the four channels from `first` on, of `count`. */
  four(expr: Expr, first: number, count: number): string {
    const channels = [first, first + 1, first + 2, first + 3].map((c) => (c < count ? c : -1));
    return this.emit(expr, channels);
  }

  /** The expression's value for four channels (-1: any) of the pixel. */
  private emit(expr: Expr, channels: readonly number[]): string {
    switch (expr.kind) {
      case 'constant':
        return glslVector(channels.map((c) => (c < 0 ? 0 : expr.values[c]!)));
      case 'read': {
        const { size: own, tile } = this.kernel.storage;
        const [x, y] = this.pixel;
        if (tile > 1) {
          const fine = `p*${tile}+ivec2(${x},${y})`;
          return this.gather(
            channels.map((c) => (c < 0 ? null : [expr.refs[c]!, expr.refs[c]!.storage.tile > 1 ? 'p' : fine])),
          );
        }
        const axis = (i: 0 | 1) => (expr.size[i] === own[i] ? `p.${'xy'[i]}` : '0');
        const position = sameSize(expr.size, own) ? 'p' : `ivec2(${axis(0)},${axis(1)})`;
        return this.gather(channels.map((c) => (c < 0 ? null : [expr.refs[c]!, position])));
      }
      case 'pick':
        return this.emit(
          expr.x,
          channels.map((c) => (c < 0 ? c : expr.channels[c]!)),
        );
      case 'unary': {
        const x = this.name(this.emit(expr.x, channels));
        if (expr.op === 'relu') return `max(${x},0.0)`;
        if (expr.op === 'leakyrelu') return `leakyrelu(${x},vec4(${glslNumber(expr.low)}))`;
        if (expr.op === 'clip') return `min(max(${x},${glslNumber(expr.low)}),${glslNumber(expr.high)})`;
        if (expr.op === 'tanh') return `hyperbolic(${x})`;
        return `${expr.op}(${x})`;
      }
      case 'binary': {
        const a = this.name(this.emit(expr.a, channels));
        const b = this.name(this.emit(expr.b, channels));
        if (expr.op === 'prelu') return `leakyrelu(${a},${b})`;
        return `${a}${{ add: '+', sub: '-', mul: '*' }[expr.op]}${b}`;
      }
      case 'mix':
        return writeMix(this, expr, channels);
      case 'convolution':
        return this.accumulator(channels);
      default:
        return this.root(expr, channels);
    }
  }

  private accumulator(channels: readonly number[]): string {
    const { groups, pixel } = this;
    const key = [channels, pixel].join();
    let index = groups.findIndex((group) => [group.channels, group.pixel].join() === key);
    if (index < 0) index = groups.push({ channels, pixel }) - 1;
    return `a${index}`;
  }

  private root(root: Exclude<Root, { kind: 'convolution' }>, channels: readonly number[]): string {
    const { source } = root;
    const at = (position: string) => channels.map((c) => (c < 0 ? null : ([source.refs[c]!, position] as const)));
    switch (root.kind) {
      case 'pool': {
        const pair = (size: readonly [number, number]) => `ivec2(${size})`;
        const out = `r${this.lines.length}`;
        const { storage } = source.refs[0]!;
        const size = this.name(
          `textureSize(${this.sampler(storage)},0).xy-${2 * Math.max(0, storage.border)}`,
          'ivec2',
        );
        const end = `${size}+${pair(root.padEnd)}`;
        const count = root.mode === 'average' ? `n${this.lines.length}` : '';
        const counted = root.countPadding ? `all(lessThan(q,${end}))` : 'within';
        this.lines.push(
          `vec4 ${out}=vec4(${root.mode === 'max' ? '-3.4028234e38' : '0.0'});${count ? `float ${count}=0.0;` : ''}`,
          `for(int y=0;y<${root.kernel[1]};y++)for(int x=0;x<${root.kernel[0]};x++){`,
          `ivec2 q=p*${pair(root.stride)}-${pair(root.padBegin)}+ivec2(x,y)*${pair(root.dilation)};`,
          `bool within=all(greaterThanEqual(q,ivec2(0)))&&all(lessThan(q,${size}));`,
          count ? `if(${counted})${count}+=1.0;` : '',
          `if(within){vec4 v=${this.gather(at('q'), false)};${out}=${root.mode === 'max' ? `max(${out},v)` : `${out}+v`};}}`,
        );
        if (root.mode === 'max') return out;
        return count ? `${out}/${count}` : `${out}*${glslNumber(root.factor)}`;
      }
      case 'resample': {
        const x = this.name(this.texel(root.table, 0, 'ivec2(p.x,0)'));
        const y = this.name(this.texel(root.table, 0, 'ivec2(p.y,1)'));
        const corner = (cx: string, cy: string) => {
          return this.gather(at(this.name(`ivec2(${x}.${cx},${y}.${cy})`, 'ivec2')));
        };
        if (!root.linear) return corner('x', 'x');
        const row = (cy: string) => `mix(${corner('x', cy)},${corner('y', cy)},${x}.z)`;
        return `mix(${row('x')},${row('y')},${y}.z)`;
      }
      case 'spread': {
        const cells = root.block * root.block;
        const cell = this.name(`p/${root.block}`, 'ivec2');
        const part = this.name(`(p.y%${root.block})*${root.block}+p.x%${root.block}`, 'int');
        const lane = (c: number): string => {
          const refs = source.refs.slice(c * cells, (c + 1) * cells);
          const same = refs.every((r) => r.storage === refs[0]!.storage && r.channel === refs[0]!.channel);
          const fours = (same ? [0] : Array.from({ length: Math.ceil(cells / 4) }, (_, i) => i * 4)).map((first) =>
            this.name(this.gather([0, 1, 2, 3].map((i) => (refs[first + i] ? [refs[first + i]!, cell] : null)))),
          );
          if (same) return `${fours[0]}.x`;
          return fours.reduceRight((rest, four, i) => {
            const here = `${four}[${part}-${4 * i}]`;
            return rest ? `(${part}<${4 * i + 4}?${here}:${rest})` : here;
          }, '');
        };
        return `vec4(${channels.map((c) => (c < 0 ? '0.0' : lane(c))).join(',')})`;
      }
      case 'gather': {
        const own = source.refs.length;
        return this.gather(
          channels.map((c) => {
            if (c < 0) return null;
            const part = Math.floor(c / own);
            const shift = `ivec2(${part % root.block},${Math.floor(part / root.block)})`;
            return [source.refs[c % own]!, `p*${root.block}+${shift}`];
          }),
        );
      }
    }
  }

  /** The finished pass for these layers. */
  write(layers: readonly number[], limits: Limits, variant: Variant): PassCode {
    const { expr, channels, storage } = this.kernel;
    const { tile } = storage;
    const results = layers.map((layer) => {
      const part = layer % (tile * tile);
      this.pixel = [part % tile, Math.floor(part / tile)];
      return this.four(expr, Math.floor(layer / (tile * tile)) * 4, channels);
    });
    const root = rootOf(expr);
    const conv: ConvolutionCode | null =
      root?.kind === 'convolution' ? writeConvolution(this, root, limits, variant) : null;
    const glsl = [
      /\b(leakyrelu|sigmoid|hyperbolic|hardswish|inside)\(/.test([conv?.body, ...this.lines, ...results].join())
        ? lib
        : '',
      ...this.storages.map((_, i) => `uniform sampler2DArray t${i};`),
      conv?.weights ? `uniform vec4 weights[${conv.weights.length / 4}];` : '',
      ...results.map((_, i) => `layout(location=${i}) out vec4 o${i};`),
      'void main(){',
      `ivec2 p=ivec2(gl_FragCoord.xy)-${Math.max(0, storage.border)};`,
      conv?.body ?? '',
      ...this.lines,
      ...results.map((result, i) => `o${i}=${result};`),
      '}',
    ];
    return { glsl: glsl.join('\n'), storages: this.storages, layers, weights: conv?.weights ?? null };
  }
}

/** Splits a kernel into passes: no more targets, and no more textures, than a shader may have. */
export function generate(kernel: Kernel, limits: Limits, variant: Variant): PassCode[] {
  const { expr, storage } = kernel;
  const layers = Array.from({ length: layersOf(storage) }, (_, layer) => layer);
  const cells = storage.tile * storage.tile;
  const targets = Math.min(limits.targets, variant.targets);
  // Whole tiles, where they fit: their pixels share what they fetch.
  let most = targets > cells ? targets - (targets % cells) : targets;
  const mix = mixOf(expr);
  if (mix) {
    // All outputs of a pixel need all that is mixed: a pass draws whole pixels, lest two compute the same.
    layers.sort((a, b) => (a % cells) - (b % cells));
    most = storage.blocks * Math.floor(targets / Math.max(storage.blocks, Math.ceil(mix.inputs / 4))) || most;
  }
  // Copies out of many storages read a few for each layer; everything else was kept below the limit when it was fused.
  const scattered = storagesOf(expr).size > MAX_TEXTURES - 2;
  const passes = Math.ceil(layers.length / (scattered ? Math.min(3, most) : most));
  const each = Math.ceil(layers.length / passes);
  return Array.from({ length: passes }, (_, i) =>
    new PassWriter(kernel).write(layers.slice(i * each, (i + 1) * each), limits, variant),
  );
}
