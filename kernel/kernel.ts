import { matrixTriple, matrixValues } from './given-matrix.ts';
import { KernelMemory } from './kernel-memory.ts';
import { checkCount, checkMatrix, checkSeed, MOST_ENTRIES, MOST_VALUES } from './request.ts';
import { blockMatrix, blockTriple, type SignalBlock } from './signal-block.ts';
import type { TopTriple } from './triple.ts';
import { instantiateKernel } from './wasm.ts';

export type { SignalBlock } from './signal-block.ts';
export type { TopTriple } from './triple.ts';

/**
 * The numerics, in WebAssembly: one instance per thread, whose memory is used again from call to call. Arrays
 * returned are the caller's own; arrays given are not changed. The same request gives the same bits every
 * time. A request out of range throws a KernelError.
 */
export interface Kernel {
  /** The first n draws of NumPy's default_rng(rngSeed).normal(0, 1), bit for bit; 1 <= n <= 2^28. */
  normals(rngSeed: number, n: number): Float64Array;
  /** The block's matrix, nrow x ncol, row-major, with the bits that NumPy computes. */
  signalBlock(block: SignalBlock): Float64Array;
  /**
   * The top singular triple of the block's matrix, which is drawn in the kernel's memory and never copied.
   */
  signalBlockTriple(block: SignalBlock): TopTriple;
  /**
   * The top singular triple of a row-major matrix of finite numbers of any scale. For a matrix of zeros sigma
   * is 0 and u and v are the first unit vectors; where sigma is repeated, v is one vector of its space.
   */
  topTriple(matrix: Float64Array, nrow: number, ncol: number): TopTriple;
  /**
   * The `count` largest singular values of such a matrix, largest first; count from 1 to min(nrow, ncol, 16).
   */
  topValues(matrix: Float64Array, nrow: number, ncol: number, count: number): Float64Array;
}

/** A kernel of the caller's own; rejects with KERNEL_NOT_BUILT where dist/kernel.wasm is missing. */
export async function loadKernel(): Promise<Kernel> {
  const memory = new KernelMemory(await instantiateKernel());
  return {
    normals(rngSeed, n) {
      checkSeed(rngSeed);
      checkCount('the number of draws', n, 1, MOST_ENTRIES);
      return normals(memory, rngSeed, n);
    },
    signalBlock: (block) => blockMatrix(memory, block),
    signalBlockTriple: (block) => blockTriple(memory, block),
    topTriple(matrix, nrow, ncol) {
      checkMatrix(matrix, nrow, ncol);
      return matrixTriple(memory, matrix, nrow, ncol);
    },
    topValues(matrix, nrow, ncol, count) {
      checkMatrix(matrix, nrow, ncol);
      checkCount('the number of singular values', count, 1, Math.min(nrow, ncol, MOST_VALUES));
      return matrixValues(memory, matrix, nrow, ncol, count);
    },
  };
}

function normals(memory: KernelMemory, rngSeed: number, n: number): Float64Array {
  const { x } = memory.layOut(1, n);
  memory.seed(rngSeed);
  memory.exports.draw(memory.stream, x, n);
  return memory.doubles(x, n).slice();
}
