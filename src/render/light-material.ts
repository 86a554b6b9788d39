import {
  type Color,
  type DepthTexture,
  type DirectionalLight,
  GLSL3,
  type IUniform,
  Matrix4,
  NoBlending,
  type PointLight,
  RGFormat,
  ShaderMaterial,
  type SpotLight,
  type Texture,
  Vector2,
  Vector3,
  Vector4,
} from 'three';
import shadowLib from '../shaders/lib/shadow.glsl?raw';
import fragmentShader from '../shaders/light-change.frag?raw';
import { FULL_SCREEN } from './quad.ts';

/** Lamps that are looked at, and of them those whose shadows are: each has a map to read, and there are 16 readers at least. */
export const MOST_LAMPS = 8;
export const MOST_SHADOWS = 4;

export type Lamp = DirectionalLight | SpotLight | PointLight;
type ShadowMap = NonNullable<Lamp['shadow']['map']>;

export const luminance = ({ color: { r, g, b }, intensity }: { color: Color; intensity: number }): number =>
  (0.2126 * r + 0.7152 * g + 0.0722 * b) * intensity;

/** What the shader is told of a lamp: see `lampsNow` there. */
export function describeLamp(lamp: Lamp, place: Vector4, aim: Vector4, shape: Vector4): void {
  const { target, isSpotLight } = lamp as SpotLight;
  const { distance = 0, decay = 0, angle = 0, penumbra = 0 } = lamp as Partial<SpotLight>;
  from.setFromMatrixPosition(lamp.matrixWorld);
  place.set(from.x, from.y, from.z, 1);
  if (target) {
    from.sub(to.setFromMatrixPosition(target.matrixWorld)).normalize();
    aim.set(from.x, from.y, from.z, 0);
    if (!isSpotLight) place.copy(aim);
  }
  // What is no spot has a cone that holds all directions.
  aim.w = isSpotLight ? Math.cos(angle) : -3;
  shape.set(luminance(lamp), decay, distance, isSpotLight ? Math.cos(angle * (1 - penumbra)) + 1e-5 : -2);
}

const from = new Vector3();
const to = new Vector3();

/** Where a map has its depths: for VSM, which clears the others, as means in its colour. */
export function depthsOf({ texture, depthTexture }: ShadowMap): Texture {
  return texture.format === RGFormat ? texture : depthTexture!;
}

/** The kind of sampler that reads the map, and what it reads there. */
export function samplerOf(map: ShadowMap): string {
  const { isCubeTexture, compareFunction } = depthsOf(map) as DepthTexture & { isCubeTexture?: boolean };
  const means = depthsOf(map) === map.texture ? ' of means' : '';
  return `sampler${isCubeTexture ? 'Cube' : '2D'}${compareFunction ? 'Shadow' : ''}${means}`;
}

export function createLightUniforms() {
  const lamps = () => Array.from({ length: 3 * MOST_LAMPS }, () => new Vector4());
  const uniforms = {
    depth: { value: null as Texture | null },
    motion: { value: null as Texture | null },
    hasMotion: { value: false },
    previous: { value: null as Texture | null },
    hasPrevious: { value: false },
    clipToWorld: { value: new Matrix4() },
    previousWorldToClip: { value: new Matrix4() },
    previousClipToWorld: { value: new Matrix4() },
    reversed: { value: false },
    count: { value: 0 },
    changed: { value: false },
    lampsNow: { value: lamps() },
    lampsBefore: { value: lamps() },
    ambient: { value: 0 },
  };
  const each: Record<string, IUniform> = {};
  for (let i = 0; i < MOST_SHADOWS; i++) {
    each[`map${i}`] = { value: null };
    each[`worldToMap${i}`] = { value: null };
    each[`range${i}`] = { value: new Vector2() };
    each[`bias${i}`] = { value: 0 };
    each[`weight${i}`] = { value: 0 };
  }
  return Object.assign(each, uniforms);
}

export function createLightMaterial(samplers: string[], uniforms: Record<string, IUniform>): ShaderMaterial {
  const kinds = { CUBE: /Cube/, COMPARED: /Shadow/, MEANS: /means/ };
  const shadows = samplers.map((sampler, i) => {
    const defines = Object.entries(kinds).map(
      ([name, kind]) => `#undef ${name}\n#define ${name} ${+kind.test(sampler)}\n`,
    );
    return defines.join('') + shadowLib.replaceAll('INDEX', `${i}`).replaceAll('SAMPLER', sampler.split(' ')[0]!);
  });
  let all = 'float shadows(vec4 world) {\n  float sum = 0.0;\n  for (int i = 0; i < LAMPS; i++) reached[i] = 1.0;\n';
  samplers.forEach((_, i) => {
    all += `  reached[${i}] = mix(1.0, light${i}(world), weight${i});\n  sum += reached[${i}];\n`;
  });
  shadows.push(`${all}  return sum / SHADOWS;\n}`);
  return new ShaderMaterial({
    name: 'upframe light change',
    glslVersion: GLSL3,
    vertexShader: FULL_SCREEN,
    fragmentShader: fragmentShader
      .replace('#include <shadows>', shadows.join('\n'))
      .replaceAll('SHADOWS', `${Math.max(samplers.length, 1)}.0`)
      .replaceAll('LAMPS', `${MOST_LAMPS}`),
    uniforms,
    blending: NoBlending,
    depthTest: false,
    depthWrite: false,
    toneMapped: false,
  });
}
