import type { Point } from '../wire/point.ts';
import type { Cell, Connection } from './database.ts';

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
  /** The first line of their messages. */
  readonly message: string;
  readonly count: number;
}

/** The failures of the table `tableId` by their messages, most first. */
export function groupFailures(connection: Connection, tableId: number): FailureGroup[] {
  const firstLine = `CASE WHEN instr(message, char(10)) > 0 THEN substr(message, 1, instr(message, char(10)) - 1) ELSE message END`;
  const select = connection.prepare(`SELECT ${firstLine} AS line, count(*) AS points FROM sluice_failures WHERE table_id = ? GROUP BY line ORDER BY points DESC, line`);
  return select.all([tableId]).map(([message, count]) => ({ message: message as string, count: count as number }));
}

/** The failures of the table `tableId` by key, fetched as they are taken. */
export function* readFailures(connection: Connection, tableId: number): Generator<Failure> {
  const select =
    connection.prepare(`SELECT key, point, code, message, attempts, version, consumer, finished_at_ms
    FROM sluice_failures WHERE table_id = ? AND key > ? ORDER BY key LIMIT ${CHUNK_FAILURES}`);
  let last = '';
  for (;;) {
    const chunk = select.all([tableId, last]).map(failureOf);
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
