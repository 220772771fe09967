// Multiply-add rounded once, in software: WebAssembly's own is allowed to round twice.

// Dekker's factor 2^27 + 1, which splits a double into two halves whose products are exact.
const SPLITTER: f64 = 134217729;

// What rounding took from a * b (Dekker 1971).
@inline
function productError(a: f64, b: f64, product: f64): f64 {
  const a1 = SPLITTER * a - (SPLITTER * a - a);
  const b1 = SPLITTER * b - (SPLITTER * b - b);
  const a2 = a - a1;
  const b2 = b - b1;
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
}

// What rounding took from a + b (Knuth).
@inline
function sumError(a: f64, b: f64, sum: f64): f64 {
  const b1 = sum - a;
  return a - (sum - b1) + (b - b1);
}

// a + b rounded to odd: where it is inexact, to the neighbour whose last bit is set.
function addToOdd(a: f64, b: f64): f64 {
  const sum = a + b;
  const error = sumError(a, b, sum);
  const bits = reinterpret<u64>(sum);
  if (error == 0 || bits & 1) return sum;
  return reinterpret<f64>(error > 0 == sum > 0 ? bits + 1 : bits - 1);
}

/**
 * a * b + c rounded once, for arguments whose products neither overflow nor fall near the subnormals.
 * Source: Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums" (2008), figure 4.
 */
export function fma(a: f64, b: f64, c: f64): f64 {
  const high = a * b;
  const low = productError(a, b, high);
  const partial = c + low;
  const sum = high + partial;
  return sum + addToOdd(sumError(c, low, partial), sumError(high, partial, sum));
}
