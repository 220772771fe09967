import { connect, type Cell } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';

/** The nodes that rows of the table `table` in the folder `data` were computed on, in order. */
export function hostsOf(data: string, table: string): string[] {
  return [...new Set(consumersOf(data, table).map((consumer) => consumer.split(':')[0] ?? ''))].sort();
}

/** The consumers, `host:pid`, that rows of the table were computed by. */
export function consumersOf(data: string, table: string): string[] {
  return [...rowsByConsumer(data, table).keys()];
}

/** How many rows of the table each consumer, `host:pid`, computed. */
export function rowsByConsumer(data: string, table: string): Map<string, number> {
  const counts = readProvenance(data, table, 'r.consumer, count(*)', 'GROUP BY r.consumer');
  return new Map(counts.map(([consumer, rows]) => [String(consumer), Number(rows)]));
}

/** When the first and the last row of the table since `sinceMs` were committed, by the sink's clock, in milliseconds since 1970. */
export function committedBetween(data: string, table: string, sinceMs = 0): { readonly firstMs: number; readonly lastMs: number } {
  const [[firstMs, lastMs] = []] = readProvenance(data, table, 'min(r.committed_at_ms), max(r.committed_at_ms)', `AND r.committed_at_ms >= ${sinceMs}`);
  return { firstMs: Number(firstMs), lastMs: Number(lastMs) };
}

function readProvenance(data: string, table: string, columns: string, rest = ''): readonly (readonly Cell[])[] {
  const connection = connect(databasePath(data), { readOnly: true });
  try {
    const sql = `SELECT ${columns} FROM sluice_rows r JOIN sluice_tables t ON t.id = r.table_id WHERE t.name = ? ${rest}`;
    return connection.prepare(sql).all([table]);
  } finally {
    connection.close();
  }
}
