import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

/** What a cell holds when it is read: NULL, a number (integers beyond 2^53 are an error), text or bytes. */
export type Cell = null | number | string | Uint8Array;

/** What is bound to a parameter; a number is bound as a double, a bigint as an integer. */
export type Bound = Cell | bigint;

/** A prepared statement; parameters are positional, rows come as arrays in the order of the columns. */
export interface Statement {
  /** Runs it and returns how many rows it changed. */
  run(values: readonly Bound[]): number;
  /** The first row, or undefined. */
  get(values: readonly Cell[]): Cell[] | undefined;
  /** Every row. */
  all(values: readonly Cell[]): Cell[][];
  /**
   * The rows one by one; the connection keeps a read lock until the last is taken, so take them without a
   * pause.
   */
  iterate(values: readonly Cell[]): Iterable<Cell[]>;
}

/** One connection to one SQLite file. */
export interface Connection {
  /** Runs statements that return nothing of interest. */
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** The first cell of the first row: what a PRAGMA or a count answers. */
  value(sql: string, values?: readonly Cell[]): Cell | undefined;
  /** True between BEGIN and its end; false again where SQLite itself has rolled back. */
  inTransaction(): boolean;
  close(): void;
}

/**
 * How long a connection waits for another's lock. Reads take milliseconds; a commit on a rollback journal
 * excludes them and waits for them, over a network file system for seconds at worst.
 */
export const BUSY_TIMEOUT_MS = 20_000;

/**
 * A connection to the SQLite file at `path`; everything else in Sluice reaches SQLite through it.
 *
 * Node's own SQLite (`node:sqlite`) is a release candidate in Node 26: a change of its interface stays in
 * this file. With `readOnly` an absent file is an error, else it is created. Throws SQLite's own errors,
 * which store/sqlite-error.ts turns into ours.
 */
export function connect(
  path: string,
  options: { readOnly?: boolean; busyTimeoutMs?: number } = {},
): Connection {
  const database = new DatabaseSync(path, {
    readOnly: options.readOnly ?? false,
    timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    returnArrays: true,
  });
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => wrap(database.prepare(sql)),
    value: (sql, values = []) => firstRow(database.prepare(sql), values)?.[0],
    inTransaction: () => database.isTransaction,
    close: () => database.close(),
  };
}

function wrap(statement: StatementSync): Statement {
  return {
    run: (values) => Number(statement.run(...values).changes),
    get: (values) => firstRow(statement, values),
    all: (values) => statement.all(...values) as unknown as Cell[][],
    iterate: (values) => statement.iterate(...values) as unknown as Iterable<Cell[]>,
  };
}

function firstRow(statement: StatementSync, values: readonly Cell[]): Cell[] | undefined {
  return statement.get(...values) as unknown as Cell[] | undefined;
}
