import type { Point } from '../wire/point.ts';
import type { Cell, Connection } from './database.ts';
import { FAILURE_COUNTS_VERSION, FIRST_LINE } from './schema.ts';

/** Failures fetched at a time; between fetches no lock is held. */
const CHUNK_FAILURES = 500;

/** A point that failed for good. */
export interface Failure {
  readonly key: string;
  readonly point: Point;
  /** Stable, of the kind of failure: `point-failed`, `crashed`. */
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly version: string;
  readonly consumer: string;
  readonly finishedAtMs: number;
}

/** Failures that tell the same. */
export interface FailureGroup {
  /** The first line of their messages, or the first 500 characters of it. */
  readonly message: string;
  readonly count: number;
}

/** The failures of the table `tableId` by their messages, most first; `limit` groups of them. */
export function groupFailures(connection: Connection, tableId: number, limit: number): FailureGroup[] {
  const groups = hasCounts(connection)
    ? 'SELECT message AS line, points FROM sluice_failure_groups WHERE table_id = ?'
    : `SELECT ${FIRST_LINE} AS line, count(*) AS points FROM sluice_failures WHERE table_id = ? GROUP BY line`;
  const found = connection.prepare(`${groups} ORDER BY points DESC, line LIMIT ?`).all([tableId, limit]);
  return found.map(([message, count]) => ({ message: message as string, count: count as number }));
}

/** How many failures the table `tableId` has. */
export function countFailures(connection: Connection, tableId: number): number {
  const count = hasCounts(connection) ? 'SELECT points FROM sluice_failure_counts' : 'SELECT count(*) FROM sluice_failures';
  return Number(connection.value(`${count} WHERE table_id = ?`, [tableId]) ?? 0);
}

/** Whether the failures are counted as they come: not in a database of before there was that. */
function hasCounts(connection: Connection): boolean {
  return Number(connection.value('PRAGMA user_version')) >= FAILURE_COUNTS_VERSION;
}

/** The failures of the table `tableId` by key, fetched as they are taken; those alone whose messages begin with the line `message`. */
export function* readFailures(connection: Connection, tableId: number, message?: string): Generator<Failure> {
  const only = message === undefined ? '' : `AND ${FIRST_LINE} = ?`;
  const wanted = message === undefined ? [] : [message];
  const select =
    connection.prepare(`SELECT key, point, code, message, attempts, version, consumer, finished_at_ms
    FROM sluice_failures WHERE table_id = ? AND key > ? ${only} ORDER BY key LIMIT ${CHUNK_FAILURES}`);
  let last = '';
  for (;;) {
    const chunk = select.all([tableId, last, ...wanted]).map(failureOf);
    yield* chunk;
    if (chunk.length < CHUNK_FAILURES) return;
    last = chunk.at(-1)?.key ?? last;
  }
}

function failureOf(cells: readonly Cell[]): Failure {
  const [key, point, code, message, attempts, version, consumer, finishedAtMs] = cells as [
    string,
    string,
    string,
    string,
    number,
    string,
    string,
    number,
  ];
  return { key, point: JSON.parse(point) as Point, code, message, attempts, version, consumer, finishedAtMs };
}
