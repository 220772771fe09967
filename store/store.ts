import { mistake } from '../runtime/errors.ts';
import type { Row } from '../wire/row.ts';
import type { Connection } from './database.ts';
import { countDeadLetters, readDeadLetters, readLatestDeadLetter, readRefusal } from './dead-letters.ts';
import type { DeadLetter } from './dead-letters.ts';
import { groupFailures, readFailures } from './failures.ts';
import type { Failure, FailureGroup } from './failures.ts';
import { databasePath, openForReading } from './open.ts';
import { openOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';
import { countFrom, readLastRowId, readPointSeconds, readProvenance } from './provenance.ts';
import type { PointSeconds, StoredProvenance } from './provenance.ts';
import { openRowFinder } from './row-finder.ts';
import { openRecorded, readCounts } from './recorded.ts';
import type { Recorded } from './recorded.ts';
import { rawRows, readRows } from './row-reader.ts';
import type { RawRow, RowsWanted } from './row-reader.ts';
import { translated, translatedEach } from './sqlite-error.ts';
import { readTable, tableId, tableNames } from './tables.ts';
import type { TableInfo } from './tables.ts';

/** More than there can be of anything. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * A database as its readers see it: what was committed when a call was made.
 *
 * No call keeps a lock beyond its return, nor an iteration between two elements, so that readers never block
 * the writer. A table that is unknown has no rows and no failures. Calls throw SluiceErrors
 * (`database-busy`, `database-io`, `database-damaged`).
 */
export interface Store {
  /** The database's file. */
  readonly path: string;
  /** Names of the tables, oldest first. */
  tables(): string[];
  /** All that is known of a table, or undefined. */
  table(name: string): TableInfo | undefined;
  /**
   * What is recorded of the points of `table` with these keys, key by key; meant for some 1,000 keys at a
   * time.
   */
  recorded(table: string, keys: readonly string[]): Recorded[];
  /** How many rows and how many failures `table` has. */
  counts(table: string): { readonly stored: number; readonly failed: number };
  /** The failures of `table` by key, fetched as they are taken; those alone that `message`, as failureGroups tells it, counts. */
  failures(table: string, message?: string): Iterable<Failure>;
  /** The same, counted by their messages, most first; at most `limit` groups where that is given. */
  failureGroups(table: string, limit?: number): FailureGroup[];
  /**
   * The rows of `table` that are stored when the iteration begins, fetched as they are taken: by their
   * parameters where `ordered`, else as they came, and then those behind row id `after` alone, at most `limit`. As the experiment returned them, except that a scalar NaN
   * is null, that -0 is 0 (in a scalar, and in a vector that is kept as columns), and that true and false are
   * 1 and 0 in a column that also holds numbers or text.
   */
  rows(table: string, options?: RowsWanted): Iterable<Row>;
  /** The row of the point with this key, as `rows` gives it, or undefined where none is stored. */
  row(table: string, key: string): Row | undefined;
  /** The same rows ordered by their parameters, as the cells of the table's columns. */
  cells(table: string): Iterable<RawRow>;
  /**
   * How long the points of rows took that were computed, not gathered, and committed at `sinceMs` (default: ever) or
   * later; null where there are none.
   */
  pointSeconds(table: string, sinceMs?: number): PointSeconds | null;
  /** The highest `rowId` in `table`, 0 where it has no row. */
  lastRowId(table: string): number;
  /** How many rows with a `rowId` above `after` came to `table` from `consumer`. */
  storedFrom(table: string, consumer: string, after: number): number;
  /** Where the rows of `table` come from, as they came, fetched as they are taken. */
  provenance(table: string): Iterable<StoredProvenance>;
  /** The entries that could not be applied, as they came, fetched one at a time. */
  deadLetters(): Iterable<DeadLetter>;
  /** The one of them that came last, of `table` or of all; undefined where there is none. Reads no other. */
  latestDeadLetter(table?: string): DeadLetter | undefined;
  /** Why one of the entries that came by `from` (a spool file, by its bare name) is a dead letter; undefined where none is. */
  refusal(from: string): string | undefined;
  /** How many of them are of `table`, planned or not; those whose bytes name no table are of none. */
  deadLetterCount(table: string): number;
  /** What of `table` is uploaded; undefined for an unknown table, and in a database of before there were uploads. */
  outbox(table: string): Outbox | undefined;
  close(): void;
}

/**
 * The database in `dataDirectory`; throws SluiceError `no-database` where there is none, and as
 * openForReading does.
 */
export function openStore(dataDirectory: string): Store {
  const store = openStoreIfPresent(dataDirectory);
  if (store !== undefined) return store;
  throw mistake(
    'no-database',
    `there is no database at ${databasePath(dataDirectory)} yet. Run something first ` +
      '(npx sluice run svd-block), or name the folder that has one with --data DIR.',
  );
}

/**
 * The database in `dataDirectory`, or undefined where there is none; throws SluiceErrors as openForReading
 * does.
 */
export function openStoreIfPresent(dataDirectory: string): Store | undefined {
  const connection = openForReading(dataDirectory);
  return connection === undefined ? undefined : storeOf(connection, databasePath(dataDirectory));
}

function storeOf(connection: Connection, path: string): Store {
  const recorded = openRecorded(connection);
  const rowOfKey = openRowFinder(connection);
  /** What `read` makes of the table's id; `otherwise` for an unknown table. */
  const ofTable = <T>(name: string, otherwise: T, read: (id: number) => T): T =>
    translated(path, () => {
      const id = tableId(connection, name);
      return id === undefined ? otherwise : read(id);
    });
  const eachOfTable = <T>(name: string, read: (id: number) => Iterable<T>): Iterable<T> =>
    translatedEach(path, () => ofTable<Iterable<T>>(name, [], read));
  return {
    path,
    tables: () => translated(path, () => tableNames(connection)),
    table: (name) => translated(path, () => readTable(connection, name)),
    recorded: (name, keys) =>
      ofTable(
        name,
        keys.map(() => undefined),
        (id) => recorded(id, keys),
      ),
    counts: (name) => ofTable(name, { stored: 0, failed: 0 }, (id) => readCounts(connection, id)),
    failures: (name, message) => eachOfTable(name, (id) => readFailures(connection, id, message)),
    failureGroups: (name, limit = ALL) => ofTable(name, [], (id) => groupFailures(connection, id, limit)),
    rows: (name, options) =>
      eachOfTable(name, (id) => readRows(connection, { id, name }, options)),
    row: (name, key) => ofTable(name, undefined, (id) => rowOfKey({ id, name }, key)),
    cells: (name) => eachOfTable(name, (id) => rawRows(connection, { id, name }, { ordered: true })),
    pointSeconds: (name, sinceMs = 0) =>
      ofTable(name, null, (id) => readPointSeconds(connection, id, sinceMs)),
    lastRowId: (name) => ofTable(name, 0, (id) => readLastRowId(connection, id)),
    storedFrom: (name, consumer, after) => ofTable(name, 0, (id) => countFrom(connection, id, consumer, after)),
    provenance: (name) => eachOfTable(name, (id) => readProvenance(connection, id)),
    deadLetters: () => translatedEach(path, () => readDeadLetters(connection)),
    latestDeadLetter: (name) => translated(path, () => readLatestDeadLetter(connection, name)),
    refusal: (from) => translated(path, () => readRefusal(connection, from)),
    deadLetterCount: (name) => translated(path, () => countDeadLetters(connection, name)),
    outbox: (name) => ofTable(name, undefined, (id) => openOutbox(connection, { id, name }, path)),
    close: () => connection.close(),
  };
}
