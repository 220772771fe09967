import type { FailureEntry } from '../wire/entry.ts';
import type { Connection } from './database.ts';

/** The failures of all tables, to be written. */
export interface FailureWriter {
  /** Records the failure; false where one of its key is recorded already. */
  record(tableId: number, entry: FailureEntry, atMs: number): boolean;
  /** Forgets the failures of these keys, or all of the table. */
  forget(tableId: number, keys?: readonly string[]): void;
}

/** The writer of failures behind `connection`. */
export function openFailureWriter(connection: Connection): FailureWriter {
  const insert =
    connection.prepare(`INSERT INTO sluice_failures (table_id, key, point, code, message, attempts, version,
    consumer, finished_at_ms, committed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (table_id, key) DO NOTHING`);
  const deleteOne = connection.prepare('DELETE FROM sluice_failures WHERE table_id = ? AND key = ?');
  const deleteAll = connection.prepare('DELETE FROM sluice_failures WHERE table_id = ?');
  return {
    record: (tableId, { key, point, code, message, attempts, version, consumer, finishedAtMs }, atMs) =>
      insert.run([
        tableId,
        key,
        JSON.stringify(point),
        code,
        message,
        attempts,
        version,
        consumer,
        finishedAtMs,
        atMs,
      ]) > 0,
    forget: (tableId, keys) => {
      if (keys === undefined) deleteAll.run([tableId]);
      else for (const key of keys) deleteOne.run([tableId, key]);
    },
  };
}
