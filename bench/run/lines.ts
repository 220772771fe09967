import { spread } from './figures.ts';

/** Differences of CPU times below this are rounding. */
const SMALLEST_SHOWN = 1e-4;

const LABEL_WIDTH = 40;
const CELL_WIDTH = 9;

/** A line with best and median of what `pick` gives of the trials, and every value; none where there is no trial. */
export function values<T>(label: string, trials: readonly T[], pick: (trial: T) => number): string[] {
  if (trials.length === 0) return [];
  const picked = trials.map(pick);
  const { best, median } = spread(picked);
  return [line(label, [number(best), number(median), picked.map(number).join(' ')])];
}

/** A number with three digits. */
export function number(value: number): string {
  return value < SMALLEST_SHOWN ? '0' : value.toPrecision(3);
}

/** A line of the table: a label, and cells in their columns. */
export function line(label: string, cells: readonly string[]): string {
  return (label.padEnd(LABEL_WIDTH) + cells.map((cell) => cell.padEnd(CELL_WIDTH)).join('')).trimEnd();
}
