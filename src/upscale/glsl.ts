/** A number as GLSL writes it: as short as gives back the same 32-bit float. */
export function glslNumber(value: number): string {
  const x = Math.fround(value);
  if (!Number.isFinite(x)) {
    const bits = new Uint32Array(Float32Array.of(x).buffer)[0]!;
    return `uintBitsToFloat(${bits}u)`;
  }
  let short = String(x);
  for (let digits = 1; digits <= 9; digits++) {
    short = String(Number(x.toPrecision(digits)));
    if (Math.fround(Number(short)) === x) break;
  }
  return /[.e]/.test(short) ? short : `${short}.0`;
}

export function glslVector(values: ArrayLike<number>): string {
  const texts = Array.from({ length: 4 }, (_, i) => glslNumber(values[i] ?? 0));
  return texts.every((text) => text === texts[0]) ? `vec4(${texts[0]})` : `vec4(${texts.join(',')})`;
}
