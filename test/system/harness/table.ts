import { connect, type Cell, type Connection } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { openStoreIfPresent } from '../../../store/store.ts';

/** What a database holds of a table, read by SQL of the test's own. */
export interface TableContent {
  /** Lines of the user's table. */
  readonly rows: number;
  /** Lines of sluice_rows, and how many different keys they have. */
  readonly keys: number;
  readonly distinctKeys: number;
  /** Different parameters (nrow, ncol, seed, ... as the table has them) among the lines of the user's table. */
  readonly distinctPoints: number;
  readonly failures: number;
  readonly deadLetters: number;
  /** Highest attempt among the rows. */
  readonly attempts: number;
  /** Cells of each row by its key: a row's values to the last bit, doubles as they are. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
}

/** Reads the table `table` of the database in the folder `data`; throws where there is none. */
export function readTable(data: string, table: string): TableContent {
  const connection = connect(databasePath(data), { readOnly: true });
  try {
    const id = connection.value('SELECT id FROM sluice_tables WHERE name = ?', [table]) ?? null;
    if (id === null) throw new Error(`there is no table ${table} in ${data}`);
    const count = (sql: string): number => Number(connection.value(sql, sql.includes('?') ? [id] : []));
    return {
      rows: count(`SELECT count(*) FROM "${table}"`),
      keys: count('SELECT count(*) FROM sluice_rows WHERE table_id = ?'),
      distinctKeys: count('SELECT count(DISTINCT key) FROM sluice_rows WHERE table_id = ?'),
      distinctPoints: count(`SELECT count(*) FROM (SELECT DISTINCT ${parametersOf(connection, id)} FROM "${table}")`),
      failures: count('SELECT count(*) FROM sluice_failures WHERE table_id = ?'),
      deadLetters: count('SELECT count(*) FROM sluice_dead_letters'),
      attempts: count('SELECT coalesce(max(attempt), 0) FROM sluice_rows WHERE table_id = ?'),
      cells: cellsOf(connection, table, id),
    };
  } finally {
    connection.close();
  }
}

/** Whether the database in `data` knows of `table`: the plan of a spec was committed. */
export function isPlanned(data: string, table: string): boolean {
  const store = openStoreIfPresent(data);
  try {
    return store?.table(table) !== undefined;
  } finally {
    store?.close();
  }
}

/** Rows that are stored of `table`; 0 where there is no such table, or no database yet. */
export function storedRows(data: string, table: string): number {
  const store = openStoreIfPresent(data);
  try {
    return store?.counts(table).stored ?? 0;
  } finally {
    store?.close();
  }
}

function parametersOf(connection: Connection, id: Cell): string {
  const names = connection.prepare('SELECT name FROM sluice_columns WHERE table_id = ? AND parameter ORDER BY position').all([id]);
  return names.map(([name]) => `"${String(name)}"`).join(', ') || '1';
}

function cellsOf(connection: Connection, table: string, id: Cell): Map<string, Cell[]> {
  const rows = connection.prepare(`SELECT r.key, t.* FROM sluice_rows r JOIN "${table}" t ON t._rowid_ = r.row_id WHERE r.table_id = ?`);
  return new Map(rows.all([id]).map(([key, ...cells]) => [String(key), cells]));
}
