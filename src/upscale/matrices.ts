/** 4x4 matrices, column-major, in doubles: products of large world coordinates must cancel before the GPU's floats see them. */
export type Matrix = Float64Array;

/** a x b into `out`, which may be neither. */
export function multiply(out: Matrix, a: ArrayLike<number>, b: ArrayLike<number>): Matrix {
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let i = 0; i < 4; i++) sum += a[i * 4 + row]! * b[column * 4 + i]!;
      out[column * 4 + row] = sum;
    }
  }
  return out;
}

/** The inverse of `m` into `out`, by Gauss-Jordan elimination with row pivots; false where there is none. */
export function invert(out: Matrix, m: ArrayLike<number>): boolean {
  const left = scratch;
  for (let i = 0; i < 16; i++) {
    left[i] = m[i]!;
    out[i] = i % 5 === 0 ? 1 : 0;
  }
  for (let column = 0; column < 4; column++) {
    let pivot = column;
    for (let row = column + 1; row < 4; row++) {
      if (Math.abs(left[column * 4 + row]!) > Math.abs(left[column * 4 + pivot]!)) pivot = row;
    }
    const value = left[column * 4 + pivot]!;
    if (!(Math.abs(value) > 0)) return false;
    for (let i = 0; i < 4; i++) {
      swapRows(left, i * 4, column, pivot, value);
      swapRows(out, i * 4, column, pivot, value);
    }
    for (let row = 0; row < 4; row++) {
      const factor = left[column * 4 + row]!;
      if (row === column || factor === 0) continue;
      for (let i = 0; i < 4; i++) {
        left[i * 4 + row]! -= factor * left[i * 4 + column]!;
        out[i * 4 + row]! -= factor * out[i * 4 + column]!;
      }
    }
  }
  return true;
}

const scratch = new Float64Array(16);

/** Rows `a` and `b` of one column change places, and what is now row `a` is divided by the pivot. */
function swapRows(m: Matrix, column: number, a: number, b: number, pivot: number): void {
  const value = m[column + b]!;
  m[column + b] = m[column + a]!;
  m[column + a] = value / pivot;
}
