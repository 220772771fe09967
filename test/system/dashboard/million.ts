import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { openWriter } from '../../../store/writer.ts';
import { batchOf, failureEntry, planEntry, rowEntry } from '../../unit/store/entries.ts';

/** The table of the million points, and what is known of them. */
export const MILLION = { table: 'trial_table', points: 1_000_000, stored: 900_000, failed: 100_000 } as const;

/** Makes a database of a million points of a four-column experiment in the folder `data`, in seconds: the first of each by the writer, the others by SQL. */
export function makeMillion(data: string): void {
  const writer = openWriter(data);
  const spec = JSON.stringify({ experiment: 'trial', params: [{ a: { range: [0, 1_000] }, b: { range: [0, 1_000] } }] });
  writer.apply(batchOf(planEntry({ spec }), rowEntry({ a: 0, b: 0 }, { y: 0, z: 0 }), failureEntry({ a: 999, b: 999 })));
  writer.close();
  const connection = connect(databasePath(data));
  connection.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -400000; BEGIN;
    CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM c WHERE i < ${MILLION.stored}) SELECT i FROM c;
    INSERT INTO trial_table (_rowid_, a, b, y, z) SELECT i, i / 1000, i % 1000, i * 0.5, i * 0.25 FROM n;
    INSERT INTO sluice_rows SELECT r.table_id, i, printf('p%032x', i), r.layout, r.version, r.consumer, 1, 0.01, r.finished_at_ms, '{}', r.committed_at_ms FROM n, sluice_rows r WHERE r.row_id = 1 ORDER BY i;
    INSERT INTO sluice_failures SELECT f.table_id, printf('p%032x', ${MILLION.stored} + i), f.point, f.code, CASE i % 2 WHEN 0 THEN 'often' ELSE 'only at ' || i END, 1, f.version, f.consumer, f.finished_at_ms, f.committed_at_ms
      FROM n, (SELECT * FROM sluice_failures) f WHERE i <= ${MILLION.failed};
    DROP TABLE n; COMMIT; PRAGMA journal_mode = DELETE;`);
  connection.close();
}
