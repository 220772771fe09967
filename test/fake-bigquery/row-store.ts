import { type Digest, NO_ROWS, inTextOrder, withRow } from './checksum.ts';
import type { Field } from './schema.ts';
import type { Cell } from './values.ts';

/** The rows of one load: their number, and by column what they hold; a column that they lack is NULL in all of them. */
export type Segment = { readonly rows: number; readonly columns: ReadonlyMap<string, Column> };

/** A column of doubles in 8 bytes a row, or cells as they are. `isNull` tells NULL from NaN, where there is one. */
type Column = { readonly doubles: Float64Array; readonly isNull: Uint8Array | undefined } | { readonly cells: readonly Cell[] };

/** A table's rows: in full, or `digest`: their number and checksum, over all columns, and no more. */
export type RowStore = {
  readonly keepRows: 'rows' | 'digest';
  readonly count: number;
  /** The loads so far; a copy of the list is a snapshot. */
  readonly segments: readonly Segment[];
  /** The number and the checksum of all rows over `fields`. */
  digest(fields: readonly Field[]): Digest;
  /** Appends `rows` or, where `replace`, has them alone; at once, or not at all. */
  append(fields: readonly Field[], rows: readonly (readonly Cell[])[], replace: boolean): void;
};

/** A store that holds nothing yet. */
export function emptyStore(keepRows: 'rows' | 'digest'): RowStore {
  let segments: Segment[] = [];
  let kept = NO_ROWS;
  return {
    keepRows,
    get count() {
      return keepRows === 'digest' ? kept.rows : segments.reduce((sum, { rows }) => sum + rows, 0);
    },
    get segments() {
      return segments;
    },
    digest: (fields) => (keepRows === 'digest' ? kept : digestOf(segments, fields)),
    append(fields, rows, replace) {
      if (keepRows === 'digest') kept = added(replace ? NO_ROWS : kept, fields, rows);
      else segments = [...(replace ? [] : segments), segmentOf(fields, rows)];
    },
  };
}

/** The cell of a segment's row in the column `field`, which may have been one of INTEGER when the row came. */
export function cellAt(segment: Segment, row: number, { name, mode, type }: Field): Cell {
  const column = segment.columns.get(name);
  if (column === undefined) return mode === 'REPEATED' ? [] : null;
  if ('cells' in column) return asNow(type, column.cells[row] ?? null);
  return column.isNull?.[row] === 1 ? null : (column.doubles[row] ?? null);
}

function asNow(type: Field['type'], cell: Cell): Cell {
  return type === 'FLOAT' && typeof cell === 'string' ? Number(cell) : cell;
}

function segmentOf(fields: readonly Field[], rows: readonly (readonly Cell[])[]): Segment {
  const columns = fields.map((field, index): [string, Column] => {
    const cells = rows.map((row) => row[index] ?? null);
    return [field.name, field.type === 'FLOAT' && field.mode !== 'REPEATED' ? doublesOf(cells) : { cells }];
  });
  return { rows: rows.length, columns: new Map(columns) };
}

function doublesOf(cells: readonly Cell[]): Column {
  const isNull = cells.includes(null) ? Uint8Array.from(cells, (cell) => Number(cell === null)) : undefined;
  return { doubles: Float64Array.from(cells, Number), isNull };
}

function digestOf(segments: readonly Segment[], fields: readonly Field[]): Digest {
  const ordered = inTextOrder(fields);
  let digest = NO_ROWS;
  for (const segment of segments) {
    for (let row = 0; row < segment.rows; row++) digest = withRow(digest, ordered, (field) => cellAt(segment, row, field));
  }
  return digest;
}

function added(digest: Digest, fields: readonly Field[], rows: readonly (readonly Cell[])[]): Digest {
  const places = new Map(fields.map((field, index) => [field, index]));
  const ordered = inTextOrder(fields);
  return rows.reduce((sum, row) => withRow(sum, ordered, (field) => row[places.get(field) ?? -1] ?? null), digest);
}
