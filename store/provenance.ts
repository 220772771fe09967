import { GATHERED_VERSION, type Provenance } from '../wire/entry.ts';
import type { Cell, Connection } from './database.ts';

/** Lines fetched at a time; between fetches no lock is held. */
const CHUNK_LINES = 500;

/** Where a stored row comes from. */
export interface StoredProvenance extends Provenance {
  readonly key: string;
  /** The row's rowid in the user's table. */
  readonly rowId: number;
  readonly committedAtMs: number;
}

/** The provenance of the rows of the table `tableId` as they came, fetched as it is taken. */
export function* readProvenance(connection: Connection, tableId: number): Generator<StoredProvenance> {
  const select =
    connection.prepare(`SELECT row_id, key, version, consumer, attempt, seconds, finished_at_ms, notes,
    committed_at_ms FROM sluice_rows WHERE table_id = ? AND row_id > ? ORDER BY row_id LIMIT ${CHUNK_LINES}`);
  let last = 0;
  for (;;) {
    const chunk = select.all([tableId, last]).map(provenanceOf);
    yield* chunk;
    if (chunk.length < CHUNK_LINES) return;
    last = chunk.at(-1)?.rowId ?? last;
  }
}

function provenanceOf(cells: readonly Cell[]): StoredProvenance {
  const [rowId, key, version, consumer, attempt, seconds, finishedAtMs, notes, committedAtMs] = cells as [
    number,
    string,
    string,
    string,
    number,
    number,
    number,
    string,
    number,
  ];
  return {
    rowId,
    key,
    version,
    consumer,
    attempt,
    seconds,
    finishedAtMs,
    committedAtMs,
    notes: JSON.parse(notes) as Provenance['notes'],
  };
}

/** The highest row id of the table `tableId`, 0 where it has no row: ids count from 1 without gaps. */
export function readLastRowId(connection: Connection, tableId: number): number {
  return Number(connection.value('SELECT max(row_id) FROM sluice_rows WHERE table_id = ?', [tableId]) ?? 0);
}

/** How many rows of the table `tableId` with a row id above `after` came from `consumer`; reads those alone. */
export function countFrom(connection: Connection, tableId: number, consumer: string, after: number): number {
  const count = 'SELECT count(*) FROM sluice_rows WHERE table_id = ? AND row_id > ? AND consumer = ?';
  return Number(connection.value(count, [tableId, after, consumer]));
}

/** How long points took to compute, in seconds. */
export interface PointSeconds {
  readonly median: number;
  readonly p95: number;
}

/** Of the rows of the table `tableId` that were computed, and committed at `sinceMs` or later; null where there are none. */
export function readPointSeconds(
  connection: Connection,
  tableId: number,
  sinceMs: number,
): PointSeconds | null {
  const seconds: number[] = [];
  const select = connection.prepare(
    'SELECT seconds FROM sluice_rows WHERE table_id = ? AND committed_at_ms >= ? AND version != ?',
  );
  for (const [value] of select.iterate([tableId, sinceMs, GATHERED_VERSION])) seconds.push(value as number);
  if (seconds.length === 0) return null;
  const sorted = Float64Array.from(seconds).sort();
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

/** The quantile `q` of `sorted` numbers, at least one, by linear interpolation (R-7, NumPy's default). */
export function quantile(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (at - below);
}
