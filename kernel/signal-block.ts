import type { KernelMemory } from './kernel-memory.ts';
import type { Layout } from './layout.ts';
import { checkSeed, checkShape, checkStrength } from './request.ts';
import { iteratedTriple, lineTriple, type TopTriple } from './triple.ts';

/** A random block with a rank-one signal: X = strength u v' + N / sqrt(nrow ncol). */
export interface SignalBlock {
  nrow: number;
  ncol: number;
  /** Seed of NumPy's default_rng, which draws N row by row: an integer, 0 <= rngSeed < 2^53. */
  rngSeed: number;
  /**
   * Of the signal u v', where u_i = (-1)^i / sqrt(nrow) and v_j = (-1)^(j+1) / sqrt(ncol); 3 in the course.
   */
  strength: number;
}

/** The block's matrix, row-major, as a copy with the bits that NumPy computes. */
export function blockMatrix(memory: KernelMemory, block: SignalBlock): Float64Array {
  const layout = prepare(memory, block);
  const { spread, corner } = scales(block);
  memory.exports.drawBlock(memory.stream, layout.x, layout.nrow, layout.ncol, spread, corner);
  return memory.doubles(layout.x, layout.nrow * layout.ncol).slice();
}

/**
 * The top singular triple of the block's matrix, which is drawn in the kernel's memory and never copied. The
 * search starts at the signal's own vector: a good guess where the signal is strong, as good as any where it
 * is not.
 */
export function blockTriple(memory: KernelMemory, block: SignalBlock): TopTriple {
  const layout = prepare(memory, block);
  const { x, nrow, ncol, basis, length, side } = layout;
  const { spread, corner } = scales(block);
  const { stream, exports } = memory;
  if (side !== 'none') memory.doubles(basis, length).set(alternatingVector(length));
  if (side === 'right') {
    return iteratedTriple(memory, layout, (v, p, q) => {
      exports.drawBlockGram(stream, x, nrow, ncol, spread, corner, v, p, q);
    });
  }
  exports.drawBlock(stream, x, nrow, ncol, spread, corner);
  return side === 'left' ? iteratedTriple(memory, layout) : lineTriple(memory, layout);
}

function prepare(memory: KernelMemory, block: SignalBlock): Layout {
  checkShape(block.nrow, block.ncol);
  checkSeed(block.rngSeed);
  checkStrength(block.strength);
  memory.seed(block.rngSeed);
  return memory.layOut(block.nrow, block.ncol);
}

// What the normals are divided by, and the signal's first entry; each operation as NumPy makes it, for its
// bits.
function scales({ nrow, ncol, strength }: SignalBlock): { spread: number; corner: number } {
  const corner = strength * ((1 / Math.sqrt(nrow)) * (-1 / Math.sqrt(ncol)));
  return { spread: Math.sqrt(nrow * ncol), corner };
}

function alternatingVector(length: number): Float64Array {
  const component = 1 / Math.sqrt(length);
  return Float64Array.from({ length }, (_, index) => (index % 2 === 0 ? component : -component));
}
