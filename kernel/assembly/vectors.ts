// What the solver does with single vectors.

import { addRows } from './rows';

/** Euclidean norm of `length` doubles; no scaling: the solver keeps them in range. */
export function norm(v: usize, length: usize): f64 {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let at = v;
  for (const end4 = v + ((length & ~3) << 3); at < end4; at += 32) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    sum0 = f64x2.add(sum0, f64x2.mul(a, a));
    sum1 = f64x2.add(sum1, f64x2.mul(b, b));
  }
  const both = f64x2.add(sum0, sum1);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (const end = v + (length << 3); at < end; at += 8) sum += load<f64>(at) * load<f64>(at);
  return sqrt(sum);
}

/** v *= factor, for `length` doubles. */
export function scale(v: usize, length: usize, factor: f64): void {
  let at = v;
  for (const end2 = v + ((length & ~1) << 3); at < end2; at += 16) {
    v128.store(at, f64x2.mul(v128.load(at), f64x2.splat(factor)));
  }
  if (length & 1) store<f64>(at, load<f64>(at) * factor);
}

/** The largest magnitude among `length` doubles; NaN where one of them is NaN. */
export function largest(v: usize, length: usize): f64 {
  let most = f64x2.splat(0);
  let at = v;
  // f64x2.max, unlike pmax, hands a NaN on.
  for (const end2 = v + ((length & ~1) << 3); at < end2; at += 16) {
    most = f64x2.max(most, f64x2.abs(v128.load(at)));
  }
  const both = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
  return length & 1 ? max(both, abs(load<f64>(at))) : both;
}

/** v = sum of factors[i] * row i, over `count` rows of `length` doubles that follow each other. */
export function combination(rows: usize, count: usize, length: usize, factors: usize, v: usize): void {
  memory.fill(v, 0, length << 3);
  addRows(rows, count, length << 3, length, factors, v);
}

/**
 * q = q / sigma - sigma v, the second half of a triple's residual, for `length` doubles; returns its norm.
 */
export function residual(q: usize, v: usize, length: usize, sigma: f64): f64 {
  for (let at: usize = 0, end = length << 3; at < end; at += 8) {
    store<f64>(q + at, load<f64>(q + at) / sigma - sigma * load<f64>(v + at));
  }
  return norm(q, length);
}

/**
 * Divides v (`length` doubles) by its norm sigma, in place; returns the residual of (sigma, v, 1) as a
 * singular triple of the one-row matrix v: the larger of |v - sigma v/sigma| and |<v, v/sigma> - sigma|.
 */
export function unit(v: usize, length: usize, sigma: f64): f64 {
  let rounding: f64 = 0;
  let product: f64 = 0;
  for (let at = v, end = v + (length << 3); at < end; at += 8) {
    const before = load<f64>(at);
    const after = before / sigma;
    const difference = before - sigma * after;
    rounding += difference * difference;
    product += before * after;
    store<f64>(at, after);
  }
  return max(sqrt(rounding), abs(product - sigma));
}
