import { KrylovSpace, type Start } from './krylov-space.ts';
import type { Layout } from './layout.ts';
import type { RitzPairs } from './ritz.ts';
import type { KernelExports } from './wasm.ts';

/** A singular triple in memory: v in the first scratch row, sigma u at `partner`; on the left, u, sigma v. */
export interface Found {
  sigma: number;
  /** max(|X v - sigma u|, |X' u - sigma v|) */
  residual: number;
  /** Passes over the matrix, the certifying ones included. */
  passes: number;
}

// An estimate this far below the tolerance leaves room for the rounding that the certifying pass adds.
const ESTIMATE_MARGIN = 1 / 4;
// A certified residual that fell by less than this factor has stopped falling.
const STILL_FALLING = 1 / 2;
// Passes after which the residual is reported as it is: noise alone at 1000 x 1000 takes about 100.
const MOST_PASSES = 20_000;
// Up to this order the small eigenproblem costs nothing beside a pass; beyond, every fourth step solves it.
const EAGER_ORDER = 8;
const CHECK_EVERY = 4;

/** The residual asked of a triple, over sigma: 4 sqrt(max(nrow, ncol)) eps, what its products round by. */
export function relativeTolerance(nrow: number, ncol: number): number {
  return 4 * Math.sqrt(Math.max(nrow, ncol)) * Number.EPSILON;
}

/**
 * The top singular triple of the matrix in memory, among vectors orthogonal to the locked ones, by Golub,
 * Kahan and Lanczos's bidiagonalization (Golub and Kahan 1965) with full reorthogonalization of one side
 * (Simon and Zha 2000) and thick restart (Wu and Simon 2000).
 *
 * A step makes p = X v and q = X' p in one pass over the matrix; only the vectors v are kept. X'X projected
 * on them is B'B, B being Golub and Kahan's bidiagonal matrix: at the top of the spectrum the square loses
 * nothing. A triple is returned when its residual, computed from the vectors themselves in a pass of its own,
 * is at most `relativeTolerance` times sigma, has stopped falling, or belongs to an invariant space. Where
 * sigma is repeated, v is one vector of its space.
 */
export function findTopTriple(kernel: KernelExports, layout: Layout, start: Start): Found {
  const space = new KrylovSpace(kernel, layout, start);
  const tolerance = (sigma: number): number =>
    relativeTolerance(layout.nrow, layout.ncol) * Math.max(sigma, start.sigma);
  let best = Infinity;
  for (;;) {
    const exhausted = space.expand();
    if (!exhausted && !isCheckDue(space)) continue;
    const ritz = space.ritz(1);
    if (exhausted || space.passes >= MOST_PASSES || isPromising(space, ritz, tolerance)) {
      const found = certify(kernel, layout, space, ritz);
      const hasFallen = found.residual < STILL_FALLING * best;
      if (exhausted || !hasFallen || found.residual <= tolerance(found.sigma)) return found;
      best = found.residual;
    }
    if (space.isFull) space.restart();
  }
}

function isCheckDue({ order, isFull }: KrylovSpace): boolean {
  return order <= EAGER_ORDER || order % CHECK_EVERY === 0 || isFull;
}

// The projection predicts the residual beta |s_last| / sigma, s being the top Ritz vector's coefficients.
function isPromising(space: KrylovSpace, ritz: RitzPairs, tolerance: (sigma: number) => number): boolean {
  const sigma = Math.sqrt(Math.max(0, ritz.values[0] ?? 0));
  const allowed = tolerance(sigma);
  const last = Math.abs(ritz.vectors[0]?.at(-1) ?? 0);
  return space.beta * last <= ESTIMATE_MARGIN * allowed * Math.max(sigma, allowed);
}

// With u = X v / sigma, |X v - sigma u| is the rounding of that division, at most eps sigma.
function certify(kernel: KernelExports, layout: Layout, space: KrylovSpace, ritz: RitzPairs): Found {
  const { scratch, length, partner, nrow, ncol } = layout;
  const q = scratch + length * Float64Array.BYTES_PER_ELEMENT;
  space.combine(ritz.vectors[0] ?? new Float64Array(), scratch);
  kernel.scale(scratch, length, 1 / kernel.norm(scratch, length));
  space.gram(scratch, q);
  const sigma = kernel.norm(partner, nrow + ncol - length);
  const other = sigma === 0 ? 0 : kernel.residual(q, scratch, length, sigma);
  return { sigma, residual: Math.max(other, sigma * Number.EPSILON), passes: space.passes };
}
