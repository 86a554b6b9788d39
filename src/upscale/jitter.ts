/** Part `index` (from 1) of the radical inverse sequence in a base: 0 < value < 1. */
function halton(index: number, base: number): number {
  let value = 0;
  for (let digit = 1 / base, rest = index; rest > 0; digit /= base, rest = Math.floor(rest / base)) {
    value += digit * (rest % base);
  }
  return value;
}

/** Offsets before the sequence repeats: eight samples for every display pixel. */
export function jitterPhases(ratio: number): number {
  return Math.ceil(8 * ratio * ratio);
}

/**
 * Sub-pixel offset for a frame, in render pixels, each in (-0.5, 0.5): Halton (2, 3), as in FSR2. A projection moved by
 * it in clip space, (2 x / width, 2 y / height) times w, gives every frame its own samples.
 * @param frame counts up by one a frame, from 0
 */
export function jitterOffset(frame: number, ratio: number): [x: number, y: number] {
  const index = (frame % jitterPhases(ratio)) + 1;
  return [halton(index, 2) - 0.5, halton(index, 3) - 0.5];
}
