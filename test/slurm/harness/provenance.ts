import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';

/** The nodes that rows of the table `table` in the folder `data` were computed on, in order. */
export function hostsOf(data: string, table: string): string[] {
  return [...new Set(consumersOf(data, table).map((consumer) => consumer.split(':')[0] ?? ''))].sort();
}

/** The consumers, `host:pid`, that rows of the table were computed by. */
export function consumersOf(data: string, table: string): string[] {
  const connection = connect(databasePath(data), { readOnly: true });
  try {
    const sql = 'SELECT DISTINCT consumer FROM sluice_rows r JOIN sluice_tables t ON t.id = r.table_id WHERE t.name = ?';
    return connection.prepare(sql).all([table]).map(([consumer]) => String(consumer));
  } finally {
    connection.close();
  }
}
