import {
  AddEquation,
  AdditiveBlending,
  CustomBlending,
  GLSL3,
  type Material,
  MultiplyBlending,
  NoBlending,
  NormalBlending,
  OneFactor,
  OneMinusSrcColorFactor,
  SrcAlphaFactor,
  SubtractiveBlending,
  type Texture,
} from 'three';
import type { Drawable } from './poses.ts';
import { outputOf, renameMain } from './shader-changes.ts';
import { isSolid, SOLID, writesDepth } from './solid.ts';
import { createMaterialStandIn } from './stand-ins.ts';

/** The fields of three's materials that decide how a surface mixes with what is behind it. */
interface Source extends Material {
  transmission?: number;
  glslVersion?: string | null;
  isRawShaderMaterial?: boolean;
}

/** Whether depth and motion tell of only a part of the colour where the material draws, by how it mixes: glass, smoke, flames, sparks. */
export function isReactive(source: Material, object: Drawable): boolean {
  return mixes(source) || (!source.depthWrite && Boolean(object.isSprite || object.isPoints));
}

function mixes({ transparent, blending, transmission }: Source): boolean {
  return transparent || (blending !== NormalBlending && blending !== NoBlending) || Boolean(transmission);
}

/** The share from which on depth and motion are those of a surface of that material. */
function writtenFrom(source: Source, object: Drawable): number {
  if (writesDepth(source)) return 0;
  if (isSolid(source, object)) return SOLID;
  // A sky leaves none, and is taken for as far away as what nothing is drawn on.
  return isReactive(source, object) ? NEVER : 0;
}

/** A share that none reaches. */
const NEVER = 2;

/** How `source` mixes its colour with what is behind: see SHARE. */
function mixing({ blending, blendSrc, blendDst, premultipliedAlpha }: Source): number {
  if (blending === AdditiveBlending) return premultipliedAlpha ? 2 : 1;
  if (blending === CustomBlending && blendDst === OneFactor) return blendSrc === SrcAlphaFactor ? 1 : 2;
  if (blending === MultiplyBlending) return 3;
  return blending === SubtractiveBlending ? 4 : 0;
}

/** After the user's own main: the share of the pixel's colour that is this surface's, from what it has just written. */
const SHARE = `
uniform int upframeMixing;          // 0 over, 1 added by alpha, 2 added, 3 multiplied, 4 subtracted
uniform float upframeTransmission;
uniform float upframeWritten;       // the share from which on depth is this surface's, so that what is behind it is not told of
uniform float upframeLeast;
uniform highp sampler2D upframeColor;
uniform bool upframeRests;          // at rest, before what may move
uniform highp sampler2D upframeMotion;
void main() {
  upframeMain();
  vec3 weights = vec3(0.2126, 0.7152, 0.0722);
  float light = dot(OUTPUT.rgb, weights);
  float share = OUTPUT.a * (1.0 - upframeTransmission);
  if (upframeMixing == 1) light *= OUTPUT.a;
  if (upframeMixing == 1 || upframeMixing == 2) share = light / max(FRAME_LIGHT, 1e-3);
  if (upframeMixing == 3) share = 1.0 - light;
  if (upframeMixing == 4) share = light;
  // A mark that FrameInput.motion explains: 4 where nothing moves by itself.
  if (upframeRests && MOTION_HERE >= 2.0) share = 0.0;
  share = clamp(share, 0.0, 1.0);
  // What is clear shows none of what it is told of for.
  float least = upframeMixing == 0 ? upframeLeast * share : upframeLeast;
  // An edge that is blended over a pixel is as hard as any: what is soft is wider.
  float soft = upframeMixing == 0 ? 1.0 - clamp(2.0 * FWIDTH, 0.0, 1.0) : 1.0;
  OUTPUT = vec4(max(soft * (share >= upframeWritten ? 1.0 - share : share), least));
}`;

function withShare(shader: string, source: Source): string {
  const version3 = source.glslVersion === GLSL3;
  const here = (texture: string) => `texelFetch(${texture}, ivec2(gl_FragCoord.xy), 0)`;
  // A raw shader of GLSL 1 cannot read the frame at a pixel: it is taken to add to black.
  const blind = source.isRawShaderMaterial && !version3;
  const share = SHARE.replaceAll('OUTPUT', outputOf(shader, source))
    .replace('FRAME_LIGHT', blind ? 'light' : `dot(${here('upframeColor')}.rgb, weights)`)
    .replace('FWIDTH', blind ? '0.0' : 'fwidth(share)')
    .replace('MOTION_HERE', blind ? '0.0' : `${here('upframeMotion')}.x`);
  return renameMain(shader, 'upframeMain') + share;
}

/** A stand-in for a material: the user's own in all it inherits, but that what it draws is its share of the colour. */
export interface ReactiveMaterial {
  readonly material: Material;
  /**
   * @param least of its colour that is not told of, whatever its blending says: see ReactiveShares
   * @param motion what moves by itself, where only what is before that counts
   */
  update(color: Texture, least: number, motion: Texture | null): void;
}

/** @param object one that the material is on */
export function createReactiveMaterial(source: Material, object: Drawable): ReactiveMaterial {
  const from: Source = source;
  const shared = {
    upframeMixing: { value: 0 },
    upframeTransmission: { value: 0 },
    upframeWritten: { value: 0 },
    upframeLeast: { value: 0 },
    upframeColor: { value: null as Texture | null },
    upframeRests: { value: false },
    upframeMotion: { value: null as Texture | null },
  };
  const fields = {
    blending: CustomBlending,
    blendEquation: AddEquation,
    blendSrc: OneFactor,
    blendDst: OneMinusSrcColorFactor,
    transparent: true,
    depthWrite: false,
    dithering: false,
    ...(from.transmission !== undefined && { transmission: 0 }),
  } as const;
  const material = createMaterialStandIn(source, 'reactive', fields, (shader) => {
    Object.assign(shader.uniforms, shared);
    shader.fragmentShader = withShare(shader.fragmentShader, from);
  });
  return {
    material,
    update(color, least, motion) {
      shared.upframeMixing.value = mixing(from);
      shared.upframeTransmission.value = from.transmission ?? 0;
      shared.upframeWritten.value = writtenFrom(from, object);
      shared.upframeLeast.value = least;
      shared.upframeColor.value = color;
      shared.upframeRests.value = motion !== null;
      shared.upframeMotion.value = motion;
    },
  };
}
