import { createHash } from 'node:crypto';
import type { UploadBatch } from '../wire/entry.ts';
import type { Connection } from './database.ts';
import { readLayouts } from './layouts.ts';
import { BEGUN } from './outbox-writer.ts';
import { rawRowsOf } from './row-reader.ts';
import type { RawRow, ReadTable, StoredId } from './row-reader.ts';
import { OUTBOX_VERSION } from './schema.ts';
import { translated, translatedEach } from './sqlite-error.ts';

/** Rows looked at in one statement: between two no lock is held. */
const CHUNK_ROWS = 5_000;

/** How the upload of a table to a target stands. */
export interface UploadStanding {
  /** Which table of that name it is over there; null before it was first looked at. */
  readonly log: string | null;
  /** The batch that was recorded and has not come to its end. */
  readonly open: UploadBatch | undefined;
  /** Rows up to this one are loaded, or were there before. */
  readonly through: number;
  /** The first position that is free as far as we know. */
  readonly nextPosition: number;
  readonly stored: number;
  /** Stored rows that the target does not have yet. */
  readonly behind: number;
  /** When the first of them was committed; null where there is none. */
  readonly behindSinceMs: number | null;
  /** Load jobs recorded since the time that was asked for. */
  readonly recentJobs: number;
  readonly error: string | null;
  readonly nextTryAtMs: number | null;
}

/** The rows of a batch to be: where it ends, how many rows are sent, and the hash of their points. */
export type BatchRange = Pick<UploadBatch, 'firstRow' | 'lastRow' | 'rows' | 'hash'>;

const NOT_KNOWN = `NOT EXISTS (SELECT 1 FROM sluice_uploaded_elsewhere k
  WHERE k.table_id = r.table_id AND k.target = ?2 AND k.key = r.key)`;

/** What of one table is uploaded, as its readers see it. */
export interface Outbox {
  /** The targets, PROJECT.DATASET, that the table is uploaded to. */
  targets(): string[];
  /** How the upload to `target` stands; recentJobs are those since `sinceMs`. */
  standing(target: string, sinceMs?: number): UploadStanding;
  /**
   * The first `maxRows` rows behind row `through` that `target` does not have, as a batch. The hash is SHA-256 (its
   * first 32 hex digits) of their points' keys in their order: a point's row never changes.
   */
  range(target: string, through: number, maxRows: number): BatchRange;
  /** The rows from `firstRow` to `lastRow` that `target` does not have, fetched as they are taken. */
  rows(target: string, firstRow: number, lastRow: number): Iterable<RawRow>;
  /** Components of the longest vector that is kept whole; 0 where there is none. */
  longestVector(): number;
}

/** The outbox of `table` in the database at `path`; undefined where that is of before there were uploads. */
export function openOutbox(connection: Connection, table: ReadTable, path: string): Outbox | undefined {
  if (Number(connection.value('PRAGMA user_version')) < OUTBOX_VERSION) return undefined;
  const { id } = table;
  return {
    targets: () => translated(path, () => readTargets(connection, id)),
    standing: (target, sinceMs = 0) => translated(path, () => readStanding(connection, id, target, sinceMs)),
    range: (target, through, maxRows) => translated(path, () => readRange(connection, id, target, through, maxRows)),
    rows: (target, firstRow, lastRow) =>
      translatedEach(path, () => rawRowsOf(connection, table, rowsBehind(connection, id, target, firstRow - 1, lastRow))),
    longestVector: () =>
      translated(path, () => Math.max(0, ...readLayouts(connection, id).flatMap(({ fields }) => fields.map(({ kept, length }) => (kept === 'blob' ? length : 0))))),
  };
}

function readTargets(connection: Connection, tableId: number): string[] {
  return connection.prepare('SELECT target FROM sluice_uploads WHERE table_id = ? ORDER BY target').all([tableId]).map(([target]) => target as string);
}

function readStanding(connection: Connection, tableId: number, target: string, sinceMs: number): UploadStanding {
  const [log, error, nextTryAtMs] = (connection.prepare('SELECT log, error, next_try_at_ms FROM sluice_uploads WHERE table_id = ? AND target = ?').get([tableId, target]) ??
    [null, null, null]) as [string | null, string | null, number | null];
  const [through, nextPosition, recentJobs] = connection
    .prepare(`SELECT coalesce(max(CASE WHEN state = 'done' THEN last_row END), 0), coalesce(max(position) + 1, 0), coalesce(sum(recorded_at_ms >= ?), 0)
      FROM sluice_batches WHERE table_id = ? AND target = ?`)
    .get([sinceMs, tableId, target]) as [number, number, number];
  const stored = Number(connection.value('SELECT coalesce(max(row_id), 0) FROM sluice_rows WHERE table_id = ?', [tableId]));
  const from = Math.max(through, settledUpTo(connection, tableId, target, log));
  const behind = stored > from ? countBehind(connection, tableId, target, from) : 0;
  const behindSinceMs = behind === 0 ? null : firstBehindMs(connection, tableId, target, from);
  if (behind === 0) settled(connection).set(`${tableId} ${target}`, { log, row: stored });
  return { log, open: readOpen(connection, tableId, target), through, nextPosition, stored, behind, behindSinceMs, recentJobs, error, nextTryAtMs };
}

/** Up to which row nothing was behind, and in which log: what is over there stays known for as long as the log is the same. */
interface Settled {
  readonly log: string | null;
  readonly row: number;
}

/** By connection: after a pull all rows are exceptions, which must not be counted anew at every look. */
const SETTLED = new WeakMap<Connection, Map<string, Settled>>();

function settled(connection: Connection): Map<string, Settled> {
  const found = SETTLED.get(connection) ?? new Map<string, Settled>();
  SETTLED.set(connection, found);
  return found;
}

function settledUpTo(connection: Connection, tableId: number, target: string, log: string | null): number {
  // A log that is begun, also the same one again, is known anew.
  if (log?.startsWith(BEGUN) === true) settled(connection).delete(`${tableId} ${target}`);
  const found = settled(connection).get(`${tableId} ${target}`);
  return found?.log === log ? found.row : 0;
}

function countBehind(connection: Connection, tableId: number, target: string, through: number): number {
  // Row ids have no gaps, so that only the exceptions need counting.
  const [rows, known] = connection
    .prepare(`SELECT (SELECT max(row_id) FROM sluice_rows WHERE table_id = ?1) - ?3,
      (SELECT count(*) FROM sluice_uploaded_elsewhere k JOIN sluice_rows r ON r.table_id = k.table_id AND r.key = k.key
       WHERE k.table_id = ?1 AND k.target = ?2 AND r.row_id > ?3)`)
    .get([tableId, target, through]) as [number, number];
  return rows - known;
}

function firstBehindMs(connection: Connection, tableId: number, target: string, through: number): number | null {
  return (connection.value(`SELECT r.committed_at_ms FROM sluice_rows r WHERE r.table_id = ?1 AND r.row_id > ?3 AND ${NOT_KNOWN} ORDER BY r.row_id LIMIT 1`, [tableId, target, through]) ?? null) as number | null;
}

function readOpen(connection: Connection, tableId: number, target: string): UploadBatch | undefined {
  const found = connection
    .prepare(`SELECT position, first_row, last_row, rows, hash, job_id, state FROM sluice_batches
      WHERE table_id = ? AND target = ? AND state = 'open' ORDER BY position LIMIT 1`)
    .get([tableId, target]);
  if (found === undefined) return undefined;
  const [position, firstRow, lastRow, rows, hash, jobId] = found as [number, number, number, number, string, string];
  return { position, firstRow, lastRow, rows, hash, jobId, state: 'open' };
}

function readRange(connection: Connection, tableId: number, target: string, through: number, maxRows: number): BatchRange {
  const hash = createHash('sha256');
  let [lastRow, rows] = [through, 0];
  for (const { rowId, key } of rowsBehind(connection, tableId, target, through, Number.MAX_SAFE_INTEGER)) {
    if (rows === maxRows) break;
    hash.update(key);
    lastRow = rowId;
    rows += 1;
  }
  return { firstRow: through + 1, lastRow, rows, hash: hash.digest('hex').slice(0, 32) };
}

/** A row to be sent. */
interface OutgoingRow extends StoredId {
  readonly key: string;
}

/** The rows behind row `after`, up to row `last`, that `target` does not have, fetched in chunks as they are taken. */
function* rowsBehind(connection: Connection, tableId: number, target: string, after: number, last: number): Generator<OutgoingRow> {
  const select = connection.prepare(`SELECT r.row_id, r.key, r.layout FROM sluice_rows r
    WHERE r.table_id = ?1 AND r.row_id > ?3 AND r.row_id <= ?4 AND ${NOT_KNOWN} ORDER BY r.row_id LIMIT ${CHUNK_ROWS}`);
  let next = after;
  for (;;) {
    const chunk = select.all([tableId, target, next, last]);
    for (const [rowId, key, layout] of chunk) yield { rowId: rowId as number, key: key as string, layout: layout as number };
    if (chunk.length < CHUNK_ROWS) return;
    next = chunk.at(-1)?.[0] as number;
  }
}
