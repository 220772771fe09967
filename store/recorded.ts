import type { Connection, Statement } from './database.ts';
import { countFailures } from './failures.ts';
import { readLastRowId } from './provenance.ts';

/** What is recorded of a point: its row, its failure, or nothing yet. */
export type Recorded = 'stored' | 'failed' | undefined;

/** Answers what is recorded of points, with statements prepared once. */
export function openRecorded(
  connection: Connection,
): (tableId: number, keys: readonly string[]) => Recorded[] {
  const findRow = connection.prepare('SELECT 1 FROM sluice_rows WHERE table_id = ? AND key = ?');
  const findFailure = connection.prepare('SELECT 1 FROM sluice_failures WHERE table_id = ? AND key = ?');
  return (tableId, keys) => {
    // One read transaction for all: it spares SQLite the locks around each, half of the time.
    connection.exec('BEGIN');
    try {
      return keys.map((key) => recorded(findRow, findFailure, tableId, key));
    } finally {
      connection.exec('COMMIT');
    }
  };
}

function recorded(findRow: Statement, findFailure: Statement, tableId: number, key: string): Recorded {
  if (findRow.get([tableId, key]) !== undefined) return 'stored';
  return findFailure.get([tableId, key]) === undefined ? undefined : 'failed';
}

/** How many rows and how many failures the table `tableId` has; nothing is counted for it: row ids have no gaps. */
export function readCounts(connection: Connection, tableId: number): { stored: number; failed: number } {
  return { stored: readLastRowId(connection, tableId), failed: countFailures(connection, tableId) };
}
