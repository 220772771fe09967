// Both products of one Lanczos step in one pass over the matrix.

import { addDots, addRows } from './rows';

// Rows taken together: the second product finds them in the first-level cache.
const BAND_ROWS: usize = 4;
// Columns taken together where rows are long: at most 255 rows of them stay in the second-level cache.
const PANEL_COLUMNS: usize = 256;

/** The part of `gramRight` that `count` rows contribute. */
@inline
export function gramBand(rows: usize, count: usize, ncol: usize, v: usize, p: usize, q: usize): void {
  memory.fill(p, 0, count << 3);
  addDots(rows, count, ncol << 3, ncol, v, p);
  addRows(rows, count, ncol << 3, ncol, p, q);
}

/** p = X v (nrow) and q = X' p (ncol), X row-major. */
export function gramRight(x: usize, nrow: usize, ncol: usize, v: usize, p: usize, q: usize): void {
  memory.fill(q, 0, ncol << 3);
  for (let i: usize = 0; i < nrow; i += BAND_ROWS) {
    gramBand(x + i * (ncol << 3), min(BAND_ROWS, nrow - i), ncol, v, p + (i << 3), q);
  }
}

/**
 * p = X' u (ncol) and q = X p (nrow), X row-major: for few rows so long that a basis of their length is a
 * burden.
 */
export function gramLeft(x: usize, nrow: usize, ncol: usize, u: usize, p: usize, q: usize): void {
  memory.fill(p, 0, ncol << 3);
  memory.fill(q, 0, nrow << 3);
  for (let j: usize = 0; j < ncol; j += PANEL_COLUMNS) {
    const width = min(PANEL_COLUMNS, ncol - j);
    const at = j << 3;
    addRows(x + at, nrow, ncol << 3, width, u, p + at);
    addDots(x + at, nrow, ncol << 3, width, p + at, q);
  }
}
