import { statSync } from 'node:fs';
import { SluiceError, messageOf, mistake } from '../runtime/errors.ts';
import { quoted } from './column.ts';
import { connect } from './database.ts';
import type { Cell, Connection } from './database.ts';
import { RESULT, sqliteCode } from './sqlite-error.ts';

/** Rows fetched at a time; between fetches no lock is held, so that whoever writes the file goes on. */
const CHUNK_ROWS = 100;

/** A table of another program's SQLite file, which is read and never written. */
export interface ForeignTable {
  /** Its columns in their order, with their types as they were declared. */
  readonly columns: readonly { readonly name: string; readonly declared: string }[];
  /** Its rows in the order of their row ids, fetched as they are taken. */
  rows(): Generator<{ readonly rowId: number; readonly cells: readonly Cell[] }>;
  close(): void;
}

/**
 * The table `table` of the SQLite file at `path`, opened read-only.
 *
 * Throws SluiceErrors of one line: `no-such-file`, `not-a-database`, `no-table` (with those that there are) and
 * `cannot-read`.
 */
export function openForeignTable(path: string, table: string): ForeignTable {
  requireFile(path);
  return told(path, () => {
    const connection = connect(path, { readOnly: true });
    try {
      requireTable(connection, path, table);
      return foreignTable(connection, path, table);
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  });
}

function foreignTable(connection: Connection, path: string, table: string): ForeignTable {
  const columns = connection
    .prepare(`PRAGMA table_info(${quoted(table)})`)
    .all([])
    .map(([, name, declared]) => ({ name: String(name), declared: String(declared) }));
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const select = connection.prepare(
    `SELECT _rowid_, ${names} FROM ${quoted(table)} WHERE _rowid_ > ? ORDER BY _rowid_ LIMIT ${CHUNK_ROWS}`,
  );
  return {
    columns,
    *rows() {
      let last = Number.MIN_SAFE_INTEGER;
      for (;;) {
        const from = last;
        const chunk = told(path, () => select.all([from]));
        for (const [rowId, ...cells] of chunk) {
          last = rowId as number;
          yield { rowId: last, cells };
        }
        if (chunk.length < CHUNK_ROWS) return;
      }
    },
    close: () => connection.close(),
  };
}

function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw mistake('no-such-file', `${path}: no such file`);
  if (!found.isFile()) throw mistake('not-a-database', `${path}: expected an SQLite database, found a folder or a device`);
}

function requireTable(connection: Connection, path: string, table: string): void {
  const names = connection
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name")
    .all([])
    .map(([name]) => String(name));
  if (names.includes(table)) return;
  const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  throw mistake('no-table', `${path} has no table ${JSON.stringify(table)}; ${there}; name one with --from TABLE`);
}

function told<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    const code = sqliteCode(thrown);
    if (code === RESULT.notDatabase) throw mistake('not-a-database', `${path} is no SQLite database`);
    // Node refuses to read an integer that a double does not hold.
    const isRange = thrown instanceof RangeError;
    if (code === undefined && !isRange) throw thrown;
    throw new SluiceError('cannot-read', `${path} cannot be read (SQLite: ${messageOf(thrown)})`, { cause: thrown });
  }
}
