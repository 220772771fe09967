import { mkdirSync } from 'node:fs';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { openWriter } from '../../../store/writer.ts';
import { encodeEntry } from '../../../wire/entry.ts';
import { pointKey } from '../../../wire/point.ts';

const EXPERIMENT = 'random-walk';
const SPEC = { params: [{ r: { range: [0, 1000] }, steps: { range: [0, 1000] } }] };

/**
 * A database in the folder `data` that holds `rows` rows, at most a million, of four columns under `table`, and asks for
 * a million: its first row comes by the writer, the others are that one's by SQL, which takes seconds.
 */
export function fillDatabase(data: string, table: string, rows: number): void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const writer = openWriter(data);
  const point = { r: 0, steps: 0 };
  const definition = { kind: 'module', name: EXPERIMENT, version: '1', path: '/nowhere/experiment.ts' } as const;
  const provenance = { version: '1', consumer: 'node0:100', attempt: 1, seconds: 0.25, finishedAtMs: 1e12, notes: {} };
  const entries = [
    { kind: 'plan', table, definition, spec: JSON.stringify({ experiment: definition.path, ...SPEC }) },
    { kind: 'row', table, key: pointKey(EXPERIMENT, point), parameters: 2, row: { ...point, distance: 1.5, returns: 0.25 }, provenance },
  ] as const;
  writer.apply(entries.map((entry, index) => ({ id: `${index + 1}-0`, bytes: encodeEntry(entry) })));
  writer.close();
  const connection = connect(databasePath(data), { readOnly: false });
  try {
    connection.exec(`BEGIN;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${rows})
      INSERT INTO "${table}" SELECT i / 1000, i % 1000, i * 0.5, 1.0 / (1 + i) FROM n;
      INSERT INTO sluice_rows (table_id, row_id, key, layout, version, consumer, attempt, seconds, finished_at_ms, notes, committed_at_ms)
      SELECT f.table_id, t.rowid, printf('p%032x', t.rowid), f.layout, f.version, printf('node%d:100', t.rowid % 5), 1, 0.001 * (1 + t.rowid % 100), f.finished_at_ms + t.rowid, '{}', f.committed_at_ms + t.rowid
      FROM "${table}" t, sluice_rows f WHERE f.row_id = 1 AND f.table_id = (SELECT id FROM sluice_tables WHERE name = '${table}') AND t.rowid > 1;
      COMMIT;`);
  } finally {
    connection.close();
  }
}
