import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../store/store.ts';
import { openWriter } from '../../store/writer.ts';
import { COMPONENTS, TABLE, planOfTable, wideRows } from './wide-rows.ts';

/** Rows that the sink commits at once when it is busy. */
export const BATCH_ROWS = 200;

/** What `measure` returns for a fresh folder within `parent`, which is removed again. */
export async function inFolder<T>(
  parent: string,
  measure: (directory: string) => T | Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(parent, 'sluice-bench-'));
  try {
    return await measure(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What one trial of the store measured. */
export interface Trial {
  readonly rowsPerSecond: number;
  /** Processor time of a row, user and system: what a busy machine does not distort. */
  readonly cpuMicrosPerRow: number;
  /** Reading `readRows` rows back as objects with vectors, after opening the database. */
  readonly readMs: number;
}

/**
 * Commits `rows` rows of 1,004 columns to a new database in `directory`, from their bytes on the stream to
 * the last durable commit, closes it, opens it and reads `readRows` of them back.
 */
export function tryStore(directory: string, rows: number, readRows: number): Trial {
  const entries = wideRows(0, rows);
  const writer = openWriter(directory);
  writer.apply([planOfTable()]);
  const begin = performance.now();
  const cpuBegin = process.cpuUsage();
  for (let next = 0; next < rows; next += BATCH_ROWS) writer.apply(entries.slice(next, next + BATCH_ROWS));
  const rowsPerSecond = rows / ((performance.now() - begin) / 1000);
  const cpu = process.cpuUsage(cpuBegin);
  writer.close();
  const cpuMicrosPerRow = (cpu.user + cpu.system) / rows;
  return { rowsPerSecond, cpuMicrosPerRow, readMs: readBack(directory, readRows) };
}

function readBack(directory: string, readRows: number): number {
  const begin = performance.now();
  const store = openStore(directory);
  let read = 0;
  for (const row of store.rows(TABLE)) {
    if ((row['ve'] as Float64Array).length !== COMPONENTS)
      throw new Error('a row came back without its vector');
    if (++read === readRows) break;
  }
  store.close();
  if (read < readRows) throw new Error(`only ${read} of ${readRows} rows came back`);
  return performance.now() - begin;
}
