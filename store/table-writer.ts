import type { RowEntry } from '../wire/entry.ts';
import type { Row, RowValue } from '../wire/row.ts';
import { boundTo, quoted } from './column.ts';
import type { Bound, Connection, Statement } from './database.ts';
import { openLayoutWriter } from './layout-writer.ts';
import type { LayoutWriter } from './layout-writer.ts';
import type { StoredLayout } from './layouts.ts';

/**
 * Prepared INSERTs that a table keeps; one of 1,000 columns takes some 100 kB, and a table may have many
 * layouts.
 */
const MAX_PREPARED = 32;

/** A table to be written, as sluice_tables has it. */
export interface WrittenTable {
  readonly id: number;
  readonly name: string;
  readonly experiment: string;
}

/**
 * The writer of one table's rows. It holds state of the open transaction: after a ROLLBACK it must be thrown
 * away.
 */
export interface TableWriter extends WrittenTable {
  /**
   * Stores the row unless its key is there; true where it was stored. Throws Unfit, having written nothing,
   * and SQLite's errors.
   */
  insert(entry: RowEntry, committedAtMs: number): boolean;
}

/** Statements that serve every table, prepared once a connection. */
export interface KeyStatements {
  readonly insert: Statement;
  readonly find: Statement;
}

/** The statements on the keys of rows. */
export function prepareKeys(connection: Connection): KeyStatements {
  return {
    insert:
      connection.prepare(`INSERT INTO sluice_rows (table_id, row_id, key, layout, version, consumer, attempt,
      seconds, finished_at_ms, notes, committed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (table_id, key) DO NOTHING`),
    find: connection.prepare('SELECT 1 FROM sluice_rows WHERE table_id = ? AND key = ?'),
  };
}

/** The writer of `table`, as it stands in the database. */
export function openTableWriter(
  connection: Connection,
  keys: KeyStatements,
  table: WrittenTable,
): TableWriter {
  const { id, name } = table;
  const layouts = openLayoutWriter(connection, id, name);
  const inserts = new Map<StoredLayout, Statement>();
  let nextRowId =
    1 + Number(connection.value('SELECT max(row_id) FROM sluice_rows WHERE table_id = ?', [id]) ?? 0);

  function insertFor(layout: StoredLayout): Statement {
    const prepared = inserts.get(layout);
    if (prepared !== undefined) return prepared;
    if (inserts.size >= MAX_PREPARED) inserts.clear();
    const names = layout.positions.map((position) => quoted(layouts.nameAt(position)));
    const insert = connection.prepare(`INSERT INTO ${quoted(name)} (_rowid_, ${names.join(', ')})
      VALUES (?${', ?'.repeat(names.length)})`);
    inserts.set(layout, insert);
    return insert;
  }

  return {
    ...table,
    insert: (entry, committedAtMs) => {
      const { key, row, provenance: from } = entry;
      const known = layouts.find(entry);
      // A row that is there already must not add columns.
      if (known === undefined && keys.find.get([id, key]) !== undefined) return false;
      const layout = known ?? layouts.add(entry);
      const inserted = keys.insert.run([
        id,
        nextRowId,
        key,
        layout.id,
        from.version,
        from.consumer,
        from.attempt,
        from.seconds,
        from.finishedAtMs,
        JSON.stringify(from.notes),
        committedAtMs,
      ]);
      if (inserted === 0) return false;
      insertFor(layout).run(cellsOf(nextRowId, row, layout, layouts));
      nextRowId++;
      return true;
    },
  };
}

/**
 * The row's cells in the order of its layout, behind its row id; the types of its columns widen to hold them.
 */
function cellsOf(rowId: number, row: Row, layout: StoredLayout, layouts: LayoutWriter): Bound[] {
  const cells: Bound[] = [rowId];
  for (const { name, kept } of layout.fields) {
    const value = row[name] as RowValue;
    if (!(value instanceof Float64Array)) {
      const type = layouts.widen(layout.positions[cells.length - 1] as number, value);
      cells.push(boundTo(type, value));
    } else if (kept === 'blob') {
      cells.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else {
      for (let index = 0; index < value.length; index++) cells.push(value[index] as number);
    }
  }
  return cells;
}
