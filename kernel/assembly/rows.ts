// The two products with rows of a matrix, by which everything else is made: inner products and combinations.

const DOUBLE: usize = 8;

@inline
function lanes(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

@inline
function accumulate(out: usize, value: f64): void {
  store<f64>(out, load<f64>(out) + value);
}

function dot1(row: usize, length: usize, v: usize, out: usize): void {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let at: usize = 0;
  const end4 = (length & ~3) << 3;
  for (; at < end4; at += 32) {
    sum0 = multiplyAdd(sum0, v128.load(row + at), v128.load(v + at));
    sum1 = multiplyAdd(sum1, v128.load(row + at, 16), v128.load(v + at, 16));
  }
  let sum = lanes(f64x2.add(sum0, sum1));
  for (const end = length << 3; at < end; at += DOUBLE) sum += load<f64>(row + at) * load<f64>(v + at);
  accumulate(out, sum);
}

function dot4(row: usize, stride: usize, length: usize, v: usize, out: usize): void {
  const row1 = row + stride;
  const row2 = row1 + stride;
  const row3 = row2 + stride;
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum3 = f64x2.splat(0);
  let at: usize = 0;
  for (const end2 = (length & ~1) << 3; at < end2; at += 16) {
    const x = v128.load(v + at);
    sum0 = multiplyAdd(sum0, v128.load(row + at), x);
    sum1 = multiplyAdd(sum1, v128.load(row1 + at), x);
    sum2 = multiplyAdd(sum2, v128.load(row2 + at), x);
    sum3 = multiplyAdd(sum3, v128.load(row3 + at), x);
  }
  const last = length & 1 ? load<f64>(v + at) : 0;
  const from = length & 1 ? at : 0;
  accumulate(out, lanes(sum0) + load<f64>(row + from) * last);
  accumulate(out + 8, lanes(sum1) + load<f64>(row1 + from) * last);
  accumulate(out + 16, lanes(sum2) + load<f64>(row2 + from) * last);
  accumulate(out + 24, lanes(sum3) + load<f64>(row3 + from) * last);
}

function combine1(row: usize, length: usize, factor: f64, out: usize): void {
  const factors = f64x2.splat(factor);
  let at: usize = 0;
  for (const end2 = (length & ~1) << 3; at < end2; at += 16) {
    v128.store(out + at, multiplyAdd(v128.load(out + at), factors, v128.load(row + at)));
  }
  if (length & 1) accumulate(out + at, factor * load<f64>(row + at));
}

function combine4(row: usize, stride: usize, length: usize, factors: usize, out: usize): void {
  const row1 = row + stride;
  const row2 = row1 + stride;
  const row3 = row2 + stride;
  const factor0 = v128.load64_splat(factors);
  const factor1 = v128.load64_splat(factors, 8);
  const factor2 = v128.load64_splat(factors, 16);
  const factor3 = v128.load64_splat(factors, 24);
  let at: usize = 0;
  for (const end2 = (length & ~1) << 3; at < end2; at += 16) {
    const sum01 = multiplyAdd(f64x2.mul(factor0, v128.load(row + at)), factor1, v128.load(row1 + at));
    const sum23 = multiplyAdd(f64x2.mul(factor2, v128.load(row2 + at)), factor3, v128.load(row3 + at));
    v128.store(out + at, f64x2.add(v128.load(out + at), f64x2.add(sum01, sum23)));
  }
  if (length & 1) {
    const sum01 = load<f64>(factors) * load<f64>(row + at) + load<f64>(factors, 8) * load<f64>(row1 + at);
    const sum2 = load<f64>(factors, 16) * load<f64>(row2 + at);
    const sum3 = load<f64>(factors, 24) * load<f64>(row3 + at);
    accumulate(out + at, sum01 + (sum2 + sum3));
  }
}

/** out[i] += <row i, v> for `count` rows of `length` doubles, `stride` bytes apart. */
export function addDots(rows: usize, count: usize, stride: usize, length: usize, v: usize, out: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) dot4(rows + i * stride, stride, length, v, out + (i << 3));
  for (; i < count; i++) dot1(rows + i * stride, length, v, out + (i << 3));
}

/** out += sum of factors[i] * row i, over `count` rows of `length` doubles, `stride` bytes apart. */
export function addRows(
  rows: usize, count: usize, stride: usize, length: usize, factors: usize, out: usize,
): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) combine4(rows + i * stride, stride, length, factors + (i << 3), out);
  for (; i < count; i++) combine1(rows + i * stride, length, load<f64>(factors + (i << 3)), out);
}
