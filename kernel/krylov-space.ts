import { KEPT, LARGEST_BASIS, type Layout } from './layout.ts';
import { type RitzPairs, ritzPairs } from './ritz.ts';
import type { KernelExports } from './wasm.ts';

/** Where a search for a top singular triple begins: from the unit vector in basis row `locked`. */
export interface Start {
  /**
   * Singular vectors found before, orthonormal, in the first basis rows; the search stays orthogonal to them.
   */
  locked: number;
  /**
   * The largest singular value known so far (0 for none); the tolerance is relative to it where it is larger.
   */
  sigma: number;
  /** p = X v and q = X' p as the first step computes them, where the matrix is still to be drawn. */
  firstGram?: (v: number, p: number, q: number) => void;
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * An orthonormal basis of a Krylov space of X'X (or X X', see Layout) in memory, with X'X projected on it.
 */
export class KrylovSpace {
  /** Passes made over the matrix. */
  passes = 0;
  /** Basis vectors, the locked ones not counted. */
  order = 0;
  /** Norm of what the last step added: how far the space is from invariant. */
  beta = 0;
  readonly #projected = new Float64Array(LARGEST_BASIS * LARGEST_BASIS);
  readonly #kernel: KernelExports;
  readonly #layout: Layout;
  readonly #start: Start;

  constructor(kernel: KernelExports, layout: Layout, start: Start) {
    this.#kernel = kernel;
    this.#layout = layout;
    this.#start = start;
  }

  /** One Lanczos step; true when the space is invariant afterwards, and so holds all there is to find. */
  expand(): boolean {
    const { basis, length, components, round, factors } = this.#layout;
    const count = this.#start.locked + this.order + 1;
    const next = this.#row(count);
    this.gram(this.#row(count - 1), next);
    this.beta = this.#kernel.orthonormalize(basis, count, length, next, components, round, factors);
    this.#recordColumn(this.#doubles(components, count).subarray(this.#start.locked));
    this.order += 1;
    return this.beta === 0 || count >= length;
  }

  /** Whether the basis has reached the size at which it must restart. */
  get isFull(): boolean {
    return this.#start.locked + this.order >= LARGEST_BASIS;
  }

  /**
   * The largest eigenpairs of the projected matrix: approximations of sigma^2, and their coefficients in the
   * basis.
   */
  ritz(count: number): RitzPairs {
    return ritzPairs(this.#projected, LARGEST_BASIS, this.order, count);
  }

  /** Writes at `to` the vector with these coefficients in the basis. */
  combine(coefficients: Float64Array, to: number): void {
    const { factors, length } = this.#layout;
    this.#doubles(factors, coefficients.length).set(coefficients);
    this.#kernel.combination(this.#row(this.#start.locked), this.order, length, factors, to);
  }

  /**
   * p = X v at the layout's `partner` and q = X' p at q (on the left side X' v and X p), in one pass over X.
   */
  gram(v: number, q: number): void {
    const { x, nrow, ncol, partner, side } = this.#layout;
    const { firstGram } = this.#start;
    if (this.passes === 0 && firstGram !== undefined) firstGram(v, partner, q);
    else if (side === 'left') this.#kernel.gramLeft(x, nrow, ncol, v, partner, q);
    else this.#kernel.gramRight(x, nrow, ncol, v, partner, q);
    this.passes += 1;
  }

  /** Thick restart: keeps the best Ritz vectors and the direction to continue with, and forgets the rest. */
  restart(): void {
    const { length, scratch } = this.#layout;
    const { locked } = this.#start;
    const { values, vectors } = this.ritz(KEPT);
    vectors.forEach((vector, index) => this.combine(vector, scratch + index * length * BYTES));
    this.#copy(scratch, this.#row(locked), KEPT * length);
    this.#copy(this.#row(locked + this.order), this.#row(locked + KEPT), length);
    this.#projected.fill(0);
    values.forEach((value, index) => (this.#projected[index * (LARGEST_BASIS + 1)] = value));
    this.order = KEPT;
  }

  #row(index: number): number {
    return this.#layout.basis + index * this.#layout.length * BYTES;
  }

  #doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.#kernel.memory.buffer, address, count);
  }

  #copy(from: number, to: number, count: number): void {
    this.#doubles(to, count).set(this.#doubles(from, count));
  }

  // The last step's components are the projected matrix's new column, and by symmetry its new row.
  #recordColumn(column: Float64Array): void {
    column.forEach((value, index) => {
      this.#projected[index * LARGEST_BASIS + this.order] = value;
      this.#projected[this.order * LARGEST_BASIS + index] = value;
    });
  }
}
