/**
 * Which singular vectors the Lanczos basis is made of. 'right': vectors of ncol components. 'left': of nrow,
 * for rows too long to keep a basis of. 'none': one row or one column, whose triple needs no iteration.
 */
export type Side = 'right' | 'left' | 'none';

/** Addresses in the kernel's memory, in bytes; see `layOut`. */
export interface Layout {
  side: Side;
  nrow: number;
  ncol: number;
  /** Components of a basis vector. */
  length: number;
  /** The matrix, row-major. */
  x: number;
  /** One vector on the other side: X v, or X' u. */
  partner: number;
  /** ROWS rows of `length`: the orthonormal basis, the last one being the direction to continue with. */
  basis: number;
  /** KEPT rows of `length`, for a restart, and for a Ritz vector and its residual. */
  scratch: number;
  /** Three small vectors, of as many components as the basis has rows. */
  components: number;
  round: number;
  factors: number;
  /** The first address that is not used. */
  end: number;
}

/** Components of the longest basis vectors: 2^20, so that a basis takes a fifth of the largest matrix. */
export const LONGEST_BASIS_VECTOR = 2 ** 20;

/** Basis vectors at which the iteration restarts: enough for a gap of 1 %, few enough for the cache. */
export const LARGEST_BASIS = 48;

/** Ritz vectors that a restart keeps: near a third of the basis, where thick restarts lose least. */
export const KEPT = 16;

const ROWS = LARGEST_BASIS + 1;
const ALIGNMENT = 64;

/** Lays out, from address `start` on, what the top singular triple of an nrow by ncol matrix needs. */
export function layOut(start: number, nrow: number, ncol: number, side = chooseSide(nrow, ncol)): Layout {
  let end = start;
  const reserve = (doubles: number): number => {
    const address = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    end = address + doubles * Float64Array.BYTES_PER_ELEMENT;
    return address;
  };
  const length = side === 'left' ? nrow : ncol;
  const iterates = side === 'none' ? 0 : 1;
  const x = reserve(nrow * ncol);
  const partner = reserve(iterates * (side === 'left' ? ncol : nrow));
  const basis = reserve(iterates * ROWS * length);
  const scratch = reserve(iterates * KEPT * length);
  const components = reserve(ROWS);
  const round = reserve(ROWS);
  const factors = reserve(ROWS);
  return { side, nrow, ncol, length, x, partner, basis, scratch, components, round, factors, end };
}

function chooseSide(nrow: number, ncol: number): Side {
  if (Math.min(nrow, ncol) === 1) return 'none';
  return ncol <= LONGEST_BASIS_VECTOR ? 'right' : 'left';
}
