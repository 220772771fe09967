import type { UploadBatch, UploadEntry } from '../wire/entry.ts';
import type { Connection } from './database.ts';

/** Stands before a log whose known points are still being recorded: it is no log to send to yet. */
export const BEGUN = '?';

/** What the uploads of all tables have come to, to be written. */
export interface OutboxWriter {
  /**
   * Records what `entry` says. Harmless when repeated: a batch is done or void for good, and until then what it was
   * recorded as last.
   */
  record(tableId: number, entry: UploadEntry): void;
}

/** The writer of the outbox behind `connection`. */
export function openOutboxWriter(connection: Connection): OutboxWriter {
  const upsert = connection.prepare(`INSERT INTO sluice_uploads (table_id, target, changed_at_ms) VALUES (?, ?, ?)
    ON CONFLICT (table_id, target) DO UPDATE SET changed_at_ms = excluded.changed_at_ms`);
  const getLog = connection.prepare('SELECT log FROM sluice_uploads WHERE table_id = ? AND target = ?');
  const setLog = connection.prepare('UPDATE sluice_uploads SET log = ?3 WHERE table_id = ?1 AND target = ?2');
  const forgetBatches = connection.prepare('DELETE FROM sluice_batches WHERE table_id = ? AND target = ?');
  const forgetKnown = connection.prepare('DELETE FROM sluice_uploaded_elsewhere WHERE table_id = ? AND target = ?');
  const voidDone = connection.prepare("UPDATE sluice_batches SET state = 'void' WHERE table_id = ? AND target = ? AND state = 'done'");
  const setTrouble = connection.prepare('UPDATE sluice_uploads SET error = ?3, next_try_at_ms = ?4 WHERE table_id = ?1 AND target = ?2');
  const insertKnown = connection.prepare('INSERT INTO sluice_uploaded_elsewhere VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const insertBatch = connection.prepare(`INSERT INTO sluice_batches VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
    ON CONFLICT (table_id, target, position) DO UPDATE SET first_row = excluded.first_row, last_row = excluded.last_row,
    rows = excluded.rows, hash = excluded.hash, state = excluded.state, changed_at_ms = excluded.changed_at_ms
    WHERE state = 'open'`);

  function recordLog(tableId: number, target: string, log: string): void {
    const before = getLog.get([tableId, target])?.[0];
    if (before === log) return;
    if (before !== BEGUN + log) {
      forgetBatches.run([tableId, target]);
      forgetKnown.run([tableId, target]);
    }
    setLog.run([tableId, target, log]);
  }

  /** The log is begun anew. Its positions stay taken: BigQuery would know a job of them again, and load nothing. */
  function beginAgain(tableId: number, target: string): void {
    const log = getLog.get([tableId, target])?.[0];
    if (typeof log !== 'string' || log.startsWith(BEGUN)) return;
    voidDone.run([tableId, target]);
    forgetKnown.run([tableId, target]);
    setLog.run([tableId, target, BEGUN + log]);
  }

  /** What was on its way when the log was begun is asked for with the rest. */
  function stateOf(tableId: number, target: string, state: UploadBatch['state']): UploadBatch['state'] {
    const isBegun = String(getLog.get([tableId, target])?.[0] ?? '').startsWith(BEGUN);
    return isBegun && state === 'done' ? 'void' : state;
  }

  return {
    record: (tableId, { target, log, again, batch, known, trouble, atMs }) => {
      upsert.run([tableId, target, atMs]);
      if (again === true) beginAgain(tableId, target);
      if (log !== undefined) recordLog(tableId, target, log);
      for (const key of known ?? []) insertKnown.run([tableId, target, key]);
      if (batch !== undefined) {
        const { position, firstRow, lastRow, rows, hash, jobId, state } = batch;
        insertBatch.run([tableId, target, position, firstRow, lastRow, rows, hash, jobId, stateOf(tableId, target, state), atMs]);
      }
      if (trouble !== undefined) setTrouble.run([tableId, target, trouble?.message ?? null, trouble?.nextTryAtMs ?? null]);
    },
  };
}
