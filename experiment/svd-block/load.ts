import { loadKernel } from '../../kernel/kernel.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Point } from '../../wire/point.ts';
import type { Experiment, RunContext, RunResult } from '../experiment.ts';
import { SVD_BLOCK_NAME, SVD_BLOCK_VERSION, svdBlockPoint } from './definition.ts';
import { reduceSvdBlocks } from './reduce.ts';
import { alignment, trueVector } from './signal.ts';

/** The signal's strength against the noise, the course's. */
const STRENGTH = 3;

/** The course's rule: NumPy's default_rng(1 + seed * 10000). */
const RNG_SEED_STRIDE = 10_000;

/**
 * The experiment svd-block with a kernel of its own: call it once per thread.
 *
 * A row is v_alignment = <v_est, v> and the vector ve = v_est, the top right singular vector of the block,
 * its sign by kernel/sign.ts; noted are method, sigma1, residual and iterations.
 */
export async function loadSvdBlock(): Promise<Experiment> {
  const kernel = await loadKernel();
  return {
    name: SVD_BLOCK_NAME,
    version: SVD_BLOCK_VERSION,
    check: (point) => void svdBlockPoint(point),
    run: (point, context) => runSvdBlock(kernel, point, context),
    reduce: (rows) => reduceSvdBlocks(kernel, rows),
  };
}

async function runSvdBlock(kernel: Kernel, point: Point, context: RunContext): Promise<RunResult> {
  const { nrow, ncol, seed, method } = svdBlockPoint(point);
  const block = { nrow, ncol, rngSeed: 1 + seed * RNG_SEED_STRIDE, strength: STRENGTH };
  // ml-matrix, which few points ask for, would delay the first row of all others.
  const triple =
    method === 'full'
      ? (await import('./full.ts')).fullTriple(kernel.signalBlock(block), nrow, ncol)
      : kernel.signalBlockTriple(block);
  context.note('method', method);
  context.note('sigma1', triple.sigma);
  context.note('residual', triple.residual);
  context.note('iterations', triple.iterations);
  return { v_alignment: alignment(triple.v, trueVector(ncol)), ve: triple.v };
}
