// Orthogonalization against a basis, by rounds of classical Gram-Schmidt.

import { addDots, addRows } from './rows';
import { norm, scale } from './vectors';

// Two rounds are enough ("twice is enough", Parlett 1980) while the vector keeps more than this of its norm.
const MOSTLY_CANCELLED: f64 = 1e-8;
// What a unit vector must keep in two more rounds to count as a direction of its own.
const NEW_DIRECTION: f64 = 0.5;

// Takes out of w its components along `count` orthonormal rows, twice, and adds them up in `components`.
function orthogonalize(
  rows: usize, count: usize, length: usize, w: usize, components: usize, round: usize,
): void {
  memory.fill(components, 0, count << 3);
  for (let repeat = 0; repeat < 2; repeat++) {
    memory.fill(round, 0, count << 3);
    addDots(rows, count, length << 3, length, w, round);
    for (let at: usize = 0; at < count << 3; at += 8) {
      store<f64>(components + at, load<f64>(components + at) + load<f64>(round + at));
      store<f64>(round + at, -load<f64>(round + at));
    }
    addRows(rows, count, length << 3, length, round, w);
  }
}

/**
 * Makes w (`length` doubles) a unit vector orthogonal to `count` orthonormal rows. Returns the norm that it
 * had once orthogonal; 0 where nothing but rounding was left of it, w being of no use then. Leaves at
 * `components` those that it had along the rows; needs room for `count` doubles at `round` and at `rest` too.
 */
export function orthonormalize(
  rows: usize, count: usize, length: usize, w: usize, components: usize, round: usize, rest: usize,
): f64 {
  const before = norm(w, length);
  orthogonalize(rows, count, length, w, components, round);
  const beta = norm(w, length);
  if (beta == 0) return 0;
  scale(w, length, 1 / beta);
  if (beta >= MOSTLY_CANCELLED * before) return beta;
  // What is left may be a direction after all, or be made of the very rows that it should be orthogonal to.
  orthogonalize(rows, count, length, w, rest, round);
  const left = norm(w, length);
  if (left < NEW_DIRECTION) return 0;
  scale(w, length, 1 / left);
  return beta;
}
