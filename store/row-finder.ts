import type { Row } from '../wire/row.ts';
import type { Column } from './column.ts';
import type { Connection, Statement } from './database.ts';
import { readColumns, readLayouts } from './layouts.ts';
import type { StoredLayout } from './layouts.ts';
import { rowOf, selectRow } from './row-reader.ts';
import type { ReadTable } from './row-reader.ts';

/** How the rows of one table are read, as of the last look. */
interface Reading {
  readonly columns: readonly Column[];
  readonly layouts: ReadonlyMap<number, StoredLayout>;
  readonly select: Statement;
}

/** Finds rows by their keys, with statements prepared once a table; undefined where no row has the key. */
export function openRowFinder(connection: Connection): (table: ReadTable, key: string) => Row | undefined {
  const find = connection.prepare('SELECT row_id, layout FROM sluice_rows WHERE table_id = ? AND key = ?');
  const readings = new Map<number, Reading>();
  const readingFor = (table: ReadTable, layoutId: number): Reading => {
    const known = readings.get(table.id);
    // Columns come with layouts: a row whose layout is known has no column that is not.
    if (known?.layouts.has(layoutId)) return known;
    const fresh = openReading(connection, table);
    readings.set(table.id, fresh);
    return fresh;
  };
  return (table, key) => {
    const found = find.get([table.id, key]);
    if (found === undefined) return undefined;
    const [rowId, layoutId] = found as [number, number];
    const { columns, layouts, select } = readingFor(table, layoutId);
    const cells = select.get([rowId]);
    const layout = layouts.get(layoutId);
    return cells === undefined || layout === undefined ? undefined : rowOf({ cells, layout, columns });
  };
}

function openReading(connection: Connection, table: ReadTable): Reading {
  const columns = readColumns(connection, table.id);
  const layouts = new Map(readLayouts(connection, table.id).map((layout) => [layout.id, layout]));
  return { columns, layouts, select: connection.prepare(selectRow(table.name, columns)) };
}
