/**
 * 1 where the first component of at least half the largest magnitude is positive, or v is zero or empty; else
 * -1.
 */
export function orientation(v: Float64Array): 1 | -1 {
  let largest = 0;
  for (const x of v) largest = Math.max(largest, Math.abs(x));
  const leading = v.find((x) => Math.abs(x) >= largest / 2) ?? 0;
  return leading < 0 ? -1 : 1;
}

/**
 * A copy of v with its free sign settled: the first component of at least half the largest magnitude is
 * positive. The half keeps the choice stable where several components tie for the largest to rounding.
 */
export function orientVector(v: Float64Array): Float64Array {
  const sign = orientation(v);
  return v.map((x) => sign * x);
}
