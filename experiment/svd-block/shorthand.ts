import { mistake } from '../../runtime/errors.ts';
import { excerpt } from '../excerpt.ts';
import { MAX_POINTS } from '../grid.ts';
import { SVD_BLOCK_NAME } from './definition.ts';

/** The main experiment's size: 1,000 blocks of 1000 x 1000. */
const DEFAULT_BLOCKS = 1000;
const DEFAULT_SIDE = 1000;

/** What the command line says of svd-block; `blocks` n stands for the seeds 0 to n - 1. */
export interface SvdBlockShorthand {
  readonly blocks?: number | undefined;
  readonly seeds?: readonly number[] | undefined;
  readonly nrow?: number | undefined;
  readonly ncol?: number | undefined;
}

/**
 * The spec, as JSON for parseSpec, of `sluice run svd-block --blocks N` or `--seeds A,B`; without either,
 * 1,000 blocks.
 *
 * Throws a SluiceError `bad-option` where both are given or `blocks` is no count; nrow, ncol and the seeds
 * are svd-block's own check's to judge.
 */
export function svdBlockSpec({ blocks, seeds, nrow = DEFAULT_SIDE, ncol = DEFAULT_SIDE }: SvdBlockShorthand) {
  if (blocks !== undefined && seeds !== undefined) {
    throw mistake(
      'bad-option',
      `--blocks N means the seeds 0 to N - 1; give --blocks or --seeds, found both`,
    );
  }
  const count = blocks ?? DEFAULT_BLOCKS;
  if (!Number.isInteger(count) || count < 1 || count > MAX_POINTS) {
    throw mistake('bad-option', `--blocks is an integer from 1 to ${MAX_POINTS}, found ${excerpt(blocks)}`);
  }
  const seed = seeds === undefined ? { range: [0, count] } : [...seeds];
  return { experiment: SVD_BLOCK_NAME, params: [{ nrow: [nrow], ncol: [ncol], seed }] };
}
