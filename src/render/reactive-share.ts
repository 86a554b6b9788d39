import { Color, type Material, Matrix3, type Texture } from 'three';
import { displacementOf } from './displacement.ts';
import type { Drawable } from './poses.ts';

const told = new WeakMap<Material, number>();

/**
 * Tells that what `material` shows moves otherwise than its surface: a portal, a screen that is rendered to, a shader that
 * moves its pattern. It leaves no trails then, and gathers less detail over frames. Known without being told: three's Reflector,
 * Refractor and Water, maps that are rewritten (videos, canvases), exchanged, or moved by `offset` and the like, lamps that are
 * switched by `color` or `emissive`, and, in part, polished metal that moves and shaders whose numbers change. What is told goes
 * before those two, and before the marks of mirrors.
 * @param share of the colour for which that holds, 0 (none of it, as at first) to 1
 * @throws RangeError where `share` is not from 0 to 1
 */
export function setReactive(material: Material, share: number): void {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`upframe: a reactive share is from 0 to 1, not ${share}`);
  told.set(material, share);
}

/** A map as it lay on a surface. */
interface Laid {
  texture: Texture | null;
  version: number;
  readonly matrix: Matrix3;
}

const MAPS = ['map', 'emissiveMap', 'alphaMap'] as const;

/** What a material showed in the frame it was last drawn in. */
interface Shown {
  frame: number;
  /** Share of what it shows that is another than a frame ago. */
  changed: number;
  /** Of its shader's numbers, all in one; and whether it is another than a frame ago. */
  clock: number;
  runs: boolean;
  readonly maps: readonly Laid[];
  readonly color: Color;
  readonly glow: Color;
}

type Source = Partial<Record<(typeof MAPS)[number], Texture | null>> & {
  color?: Color;
  emissive?: Color;
  emissiveIntensity?: number;
  uniforms?: Record<string, { value: unknown }>;
  metalness?: number;
  roughness?: number;
};

/** A change of a channel from one frame to the next that is a switch and not a drift, which history can follow. */
const SWITCHED = 0.1;

const switched = (a: Color, b: Color): boolean =>
  Math.max(Math.abs(a.r - b.r), Math.abs(a.g - b.g), Math.abs(a.b - b.b)) > SWITCHED;

/** Of a map, by which it has slid in a frame so far that history cannot follow. */
const SLIDES = 0.004;

function apart(a: Matrix3, b: Matrix3): number {
  let most = 0;
  for (let i = 0; i < 9; i++) most = Math.max(most, Math.abs(a.elements[i]! - b.elements[i]!));
  return most;
}

const BLACK = new Color(0);
const glow = new Color();

/** The share of mirrors. With less trails are left, with more too little is gathered to be calm. */
const MIRRORED = 0.6;

/** That of polished metal that moves: what it mirrors does not turn with it. */
const POLISHED = 0.4;
/** Roughness from which on mirrored things are too blurred to tell. */
const DULL = 0.4;

function polish({ metalness = 0, roughness = 1 }: Source): number {
  return metalness * Math.max(0, 1 - roughness / DULL);
}

/** That of a shader of the user's whose numbers change, as they do that tell the time: what it draws may move. */
const CLOCKED = 0.5;

function clockOf({ uniforms }: Source): number {
  let sum = 0;
  let weight = 1;
  for (const name in uniforms) {
    const { value } = uniforms[name]!;
    // Weighted, so that what one number loses another does not make good.
    if (typeof value === 'number') sum += value * weight++;
  }
  return sum;
}

/** Marks of three's Reflector, Refractor and Water, which show what they have rendered for themselves. */
interface Mirror extends Drawable {
  isReflector?: boolean;
  isRefractor?: boolean;
  isWater?: boolean;
}

/** How much of what surfaces show moves otherwise than they do, as far as materials were told of or can be seen to. */
export class ReactiveShares {
  private readonly shown = new WeakMap<Material, Shown>();

  /**
   * @param quiet whether all that is seen stands as a frame ago, and so does what a mirror shows
   * @param rests whether the object does
   * @returns 0 to 1
   */
  of(material: Material, object: Drawable, frame: number, quiet: boolean, rests: boolean): number {
    const { isReflector, isRefractor, isWater } = object as Mirror;
    const mirrors = !quiet && (isReflector || isRefractor || isWater);
    const { changed, runs } = this.look(material, frame);
    if (changed === 1) return 1;
    const clocked = runs && !displacementOf(material) ? CLOCKED : 0;
    const polished = rests ? 0 : POLISHED * polish(material as Source);
    return told.get(material) ?? Math.max(changed, mirrors ? MIRRORED : 0, polished, clocked);
  }

  /** What the material shows now; it has changed where that is another picture, or the same elsewhere on its surface, or switched on or off. */
  private look(material: Material, frame: number): Shown {
    const source = material as Source;
    let shown = this.shown.get(material);
    if (!shown) {
      const laid = () => ({ texture: null, version: 0, matrix: new Matrix3() });
      const looks = { maps: MAPS.map(laid), color: new Color(), glow: new Color() };
      shown = { frame: -1, changed: 0, clock: 0, runs: false, ...looks };
      this.shown.set(material, shown);
    }
    if (shown.frame === frame) return shown;
    let changed = 0;
    for (let i = 0; i < MAPS.length; i++) {
      const now = source[MAPS[i]!] ?? null;
      const before = shown.maps[i]!;
      if (before.texture !== now) changed = 1;
      if (now) {
        if (before.version !== now.version) changed = 1;
        changed = Math.max(changed, Math.min(1, apart(before.matrix, now.matrix) / SLIDES));
        before.version = now.version;
        before.matrix.copy(now.matrix);
      }
      before.texture = now;
    }
    const { color = BLACK, emissive = BLACK, emissiveIntensity = 1 } = source;
    glow.copy(emissive).multiplyScalar(emissiveIntensity);
    if (switched(shown.color, color) || switched(shown.glow, glow)) changed = 1;
    shown.color.copy(color);
    shown.glow.copy(glow);
    const clock = clockOf(source);
    const follows = shown.frame === frame - 1;
    shown.changed = follows ? changed : 0;
    shown.runs = clock !== shown.clock && follows;
    shown.clock = clock;
    shown.frame = frame;
    return shown;
  }
}
