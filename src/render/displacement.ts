import type { IUniform, Material } from 'three';

/**
 * What a material's own vertex shader does to positions, told to the motion pass. `glsl` is one function of object space,
 * `vec3 displace(vec3 position)`, with the uniforms it reads declared before it; `uniforms` are the material's own
 * uniform objects by the names used there (numbers, vectors, matrices, textures).
 */
export interface Displacement {
  glsl: string;
  uniforms: Record<string, IUniform>;
}

const known = new WeakMap<Material, Displacement>();

/**
 * Tells how `material` moves vertices, so that what it moves has true motion:
 * `setDisplacement(material, { glsl: 'uniform float time; vec3 displace(vec3 p) { p.y += sin(p.x + time); return p; }', uniforms: { time } })`.
 * @throws where `glsl` has no function `displace`
 */
export function setDisplacement(material: Material, { glsl, uniforms }: Displacement): void {
  if (!/\bvec3\s+displace\s*\(/.test(glsl)) {
    throw new TypeError("upframe: displacement's glsl must have a function: vec3 displace(vec3 position)");
  }
  const functions = [...glsl.matchAll(/\b\w+\s+(\w+)\s*\([^;{)]*\)\s*\{/g)].map(([, name]) => name!);
  const names = [...Object.keys(uniforms), ...functions];
  // The same text twice, once under other names: one reads this frame's uniforms, one those of the frame before.
  const renamed = names.map((name) => `#define ${name} previous_${name}`).join('\n');
  const restored = names.map((name) => `#undef ${name}`).join('\n');
  known.set(material, { glsl: `${glsl}\n${renamed}\n${glsl}\n${restored}`, uniforms });
}

/** The material's displacement, its GLSL holding `displace` and `previous_displace`. */
export function displacementOf(material: Material): Displacement | undefined {
  return known.get(material);
}

/** A displacement's uniforms as they were in the frame before, under the names that `previous_displace` reads. */
export class PreviousUniforms {
  readonly uniforms: Record<string, IUniform> = {};

  constructor(private readonly displacement: Displacement) {
    for (const name of Object.keys(displacement.uniforms)) this.uniforms[`previous_${name}`] = { value: null };
    this.take();
  }

  take(): void {
    for (const [name, { value }] of Object.entries(this.displacement.uniforms)) {
      const before = this.uniforms[`previous_${name}`]!;
      if (!isVector(value)) before.value = value;
      else if (isVector(before.value)) before.value.copy(value);
      else before.value = value.clone();
    }
  }

  differ(): boolean {
    return Object.entries(this.displacement.uniforms).some(([name, { value }]) => {
      const before = this.uniforms[`previous_${name}`]!.value as unknown;
      return isVector(value) && isVector(before) ? !value.equals(before) : value !== before;
    });
  }
}

interface Vector {
  clone(): Vector;
  copy(other: Vector): Vector;
  equals(other: Vector): boolean;
}

/** Vectors, colours and matrices change in place and must be copied; numbers and textures are themselves. */
function isVector(value: unknown): value is Vector {
  return typeof (value as Vector | null)?.equals === 'function';
}
