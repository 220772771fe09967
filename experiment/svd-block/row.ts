import { SluiceError } from '../../runtime/errors.ts';
import type { Row } from '../../wire/row.ts';
import { excerpt } from '../excerpt.ts';
import { OPTIONAL, REQUIRED, SVD_BLOCK_NAME } from './definition.ts';

const NAMES: ReadonlySet<string> = new Set([...REQUIRED, ...OPTIONAL, 'v_alignment', 've']);

/**
 * Passes a row as svd-block returns it: the point's parameters, a number v_alignment and a vector ve of ncol numbers.
 * Throws a SluiceError `bad-row` that names the column, the rule and what was found.
 */
export function checkSvdBlockRow(row: Row): void {
  const stranger = Object.keys(row).find((name) => !NAMES.has(name));
  if (stranger !== undefined) throw bad(`it has no column ${excerpt(stranger)}; its rows are nrow, ncol, seed, v_alignment, ve000, ve001, ...`);
  const { v_alignment: alignment, ve, ncol } = row;
  if (!Number.isFinite(alignment)) throw bad(`v_alignment is a number, found ${excerpt(alignment ?? null)}`);
  if (!(ve instanceof Float64Array) || ve.length !== ncol) {
    const found = ve instanceof Float64Array ? String(ve.length) : 'none';
    throw bad(`the vector ve has as many components as ncol says, ${excerpt(ncol)}, found ${found}`);
  }
  const odd = ve.findIndex((component) => !Number.isFinite(component));
  if (odd >= 0) throw bad(`component ${odd} of ve is a number, found ${excerpt(ve[odd])}`);
}

function bad(fault: string): SluiceError {
  return new SluiceError('bad-row', `${SVD_BLOCK_NAME}: ${fault}`);
}
