/** The signal's right vector v: v_j = (-1)^(j+1) / sqrt(ncol), j from 0; of length 1. */
export function trueVector(ncol: number): Float64Array {
  return Float64Array.from({ length: ncol }, (_, j) => (j % 2 === 0 ? -1 : 1) / Math.sqrt(ncol));
}

/** The inner product <a, b> of two vectors of one length. */
export function alignment(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

/** min(||a - b||, ||a + b||), which the signs of singular vectors do not change. */
export function distanceUpToSign(a: Float64Array, b: Float64Array): number {
  let minus = 0;
  let plus = 0;
  for (let j = 0; j < a.length; j++) {
    minus += (a[j]! - b[j]!) ** 2;
    plus += (a[j]! + b[j]!) ** 2;
  }
  return Math.sqrt(Math.min(minus, plus));
}
