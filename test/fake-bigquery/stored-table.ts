import { type Segment, cellAt } from './row-store.ts';
import type { Field } from './schema.ts';
import type { Cell } from './values.ts';
import type { Table } from './world.ts';

/** A table as a test sees it. */
export type StoredTable = {
  readonly schema: readonly Field[];
  readonly rowCount: number;
  /** The rows in the order in which they were loaded; none where only digests are kept. */
  rows(): IterableIterator<Readonly<Record<string, Cell>>>;
};

/** `table` as a test sees it, or undefined for undefined. */
export function storedTable(table: Table | undefined): StoredTable | undefined {
  return table && { schema: table.fields, rowCount: table.rows.count, rows: () => rowsOf(table.fields, table.rows.segments) };
}

function* rowsOf(fields: readonly Field[], segments: readonly Segment[]): Generator<Readonly<Record<string, Cell>>, undefined> {
  for (const segment of segments) {
    for (let row = 0; row < segment.rows; row++) yield Object.fromEntries(fields.map((field) => [field.name, cellAt(segment, row, field)]));
  }
}
