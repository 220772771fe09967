// The random block with a rank-one signal, drawn row by row as NumPy fills it.

import { gramBand } from './gram';
import { draw } from './normals';

// Rows drawn before they are multiplied: they are then still in the cache.
const BAND_ROWS: usize = 4;

// Turns normals into x / spread + signal * (-1)^j; dividing, not multiplying by 1 / spread, keeps NumPy's
// bits.
@inline
function addSignal(row: usize, ncol: usize, spread: f64, signal: f64): void {
  const signals = f64x2.replace_lane(f64x2.splat(signal), 1, -signal);
  const spreads = f64x2.splat(spread);
  let at = row;
  for (const end2 = row + ((ncol & ~1) << 3); at < end2; at += 16) {
    v128.store(at, f64x2.add(signals, f64x2.div(v128.load(at), spreads)));
  }
  if (ncol & 1) store<f64>(at, signal + load<f64>(at) / spread);
}

// Row i of the block alternates from signal * (-1)^i.
@inline
function drawBand(stream: usize, rows: usize, count: usize, ncol: usize, spread: f64, signal: f64): void {
  draw(stream, rows, <u32>(count * ncol));
  for (let i: usize = 0; i < count; i++) {
    addSignal(rows + i * (ncol << 3), ncol, spread, i & 1 ? -signal : signal);
  }
}

/** X[i][j] = (-1)^(i + j) signal + N[i][j] / spread, row-major at x. */
export function drawBlock(stream: usize, x: usize, nrow: usize, ncol: usize, spread: f64, signal: f64): void {
  for (let i: usize = 0; i < nrow; i += BAND_ROWS) {
    drawBand(stream, x + i * (ncol << 3), min(BAND_ROWS, nrow - i), ncol, spread, signal);
  }
}

/** `drawBlock` and, in the same pass, p = X v (nrow) and q = X' p (ncol). */
export function drawBlockGram(
  stream: usize, x: usize, nrow: usize, ncol: usize, spread: f64, signal: f64, v: usize, p: usize, q: usize,
): void {
  memory.fill(q, 0, ncol << 3);
  for (let i: usize = 0; i < nrow; i += BAND_ROWS) {
    const rows = x + i * (ncol << 3);
    const count = min(BAND_ROWS, nrow - i);
    drawBand(stream, rows, count, ncol, spread, signal);
    gramBand(rows, count, ncol, v, p + (i << 3), q);
  }
}
