import type { Row, RowValue } from '../wire/row.ts';
import { quoted } from './column.ts';
import type { Column } from './column.ts';
import type { Cell, Connection, Statement } from './database.ts';
import { readColumns, readLayouts } from './layouts.ts';
import type { StoredLayout } from './layouts.ts';

/** A stored row as cells, in the order of the table's columns; cells that it does not fill are null. */
export interface RawRow {
  readonly cells: readonly Cell[];
  readonly layout: StoredLayout;
  readonly columns: readonly Column[];
}

/** A table as a reader sees it. */
export interface ReadTable {
  readonly id: number;
  readonly name: string;
}

/** Which rows are wanted: all by their parameters, or those behind row id `after` as they came, at most `limit`. */
export type RowsWanted = { readonly ordered?: boolean } | { readonly after: number; readonly limit: number };

/**
 * The rows of `table` that are stored when the reading begins, by their parameters (in the order of the
 * columns, null first) where that is wanted, else as they came.
 *
 * Each is fetched when it is taken, by its row id: between two no lock is held, so that a slow reader never
 * blocks the writer, not even with a rollback journal. Rows never change, so that nothing can be missed.
 */
export function* rawRows(connection: Connection, table: ReadTable, wanted: RowsWanted = {}): Generator<RawRow> {
  const isOrdered = 'ordered' in wanted && wanted.ordered;
  const { ids, layoutIds } = isOrdered ? orderedIds(connection, table) : storedIds(connection, table, wanted);
  const each = function* (): Generator<StoredId> {
    for (const [index, rowId] of ids.entries()) yield { rowId, layout: layoutIds[index] as number };
  };
  yield* rawRowsOf(connection, table, each());
}

/** Which row, and the id of its layout. */
export interface StoredId {
  readonly rowId: number;
  readonly layout: number;
}

/** These rows of `table`, all stored when the reading begins, in their order, each fetched when it is taken. */
export function* rawRowsOf(connection: Connection, table: ReadTable, rows: Iterable<StoredId>): Generator<RawRow> {
  const columns = readColumns(connection, table.id);
  const layouts = new Map(readLayouts(connection, table.id).map((layout) => [layout.id, layout]));
  if (columns.length === 0) return;
  const select = connection.prepare(selectRow(table.name, columns));
  for (const { rowId, layout: layoutId } of rows) {
    const cells = select.get([rowId]);
    const layout = layouts.get(layoutId);
    // Absent only where someone has deleted it by hand.
    if (cells !== undefined && layout !== undefined) yield { cells, layout, columns };
  }
}

interface Ids {
  readonly ids: readonly number[];
  readonly layoutIds: readonly number[];
}

function storedIds(connection: Connection, { id }: ReadTable, wanted: RowsWanted = {}): Ids {
  const { after, limit } = 'after' in wanted ? wanted : { after: 0, limit: -1 };
  const select = connection.prepare('SELECT row_id, layout FROM sluice_rows WHERE table_id = ? AND row_id > ? ORDER BY row_id LIMIT ?');
  return idsFrom(select, id, after, limit);
}

function orderedIds(connection: Connection, { id, name }: ReadTable): Ids {
  const parameters = readColumns(connection, id).filter(({ parameter }) => parameter);
  if (parameters.length === 0) return storedIds(connection, { id, name });
  const order = parameters.map((column) => `t.${quoted(column.name)}`).join(', ');
  return idsFrom(
    connection.prepare(`SELECT r.row_id, r.layout FROM sluice_rows r
    JOIN ${quoted(name)} t ON t._rowid_ = r.row_id WHERE r.table_id = ? ORDER BY ${order}, r.row_id`),
    id,
  );
}

function idsFrom(select: Statement, ...values: readonly number[]): Ids {
  const ids: number[] = [];
  const layoutIds: number[] = [];
  for (const [rowId, layout] of select.iterate(values)) {
    ids.push(rowId as number);
    layoutIds.push(layout as number);
  }
  return { ids, layoutIds };
}

/** The SELECT of these columns of one row, by its row id. */
export function selectRow(name: string, columns: readonly Column[]): string {
  const names = columns.map((column) => quoted(column.name));
  return `SELECT ${names.join(', ')} FROM ${quoted(name)} WHERE _rowid_ = ?`;
}

/** The rows of `table`, as rawRows gives them, with the fields that they came with. */
export function* readRows(connection: Connection, table: ReadTable, wanted?: RowsWanted): Generator<Row> {
  for (const raw of rawRows(connection, table, wanted)) yield rowOf(raw);
}

/** The row as it came, its vectors whole. */
export function rowOf({ cells, layout, columns }: RawRow): Row {
  const row: Record<string, RowValue> = {};
  let next = 0;
  for (const { name, kept, length } of layout.fields) {
    if (kept === 'columns') {
      row[name] = vectorOf(cells, layout.positions, next, length);
      next += length;
    } else {
      const position = layout.positions[next++] as number;
      const cell = cells[position] as Cell;
      row[name] = cell instanceof Uint8Array ? doublesOf(cell) : scalarOf(cell, columns[position]);
    }
  }
  return row;
}

/** NaN is stored as NULL: a component that is NULL was NaN, for a row's vector has all its components. */
function vectorOf(
  cells: readonly Cell[],
  positions: readonly number[],
  start: number,
  length: number,
): Float64Array {
  const vector = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    const cell = cells[positions[start + index] as number];
    vector[index] = cell === null ? Number.NaN : (cell as number);
  }
  return vector;
}

/** The doubles of a BLOB; all machines that Node runs on with npm's binaries are little-endian. */
export function doublesOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer);
}

/**
 * The scalar that `cell` of `column` stands for: SQLite has no booleans and keeps them as 0 and 1, which are
 * booleans again where the column holds nothing else (null apart).
 */
export function scalarOf(
  cell: null | number | string,
  column: Column | undefined,
): number | string | boolean | null {
  return column?.type === 'BOOLEAN' && cell !== null ? cell !== 0 : cell;
}
