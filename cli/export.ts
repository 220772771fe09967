import { exportCsv, writeCsv } from '../store/csv.ts';
import { mistake } from '../runtime/errors.ts';
import { tableOf } from '../reduce/reduce.ts';
import { openStore } from '../store/store.ts';
import { settingsWithTable, type Invocation } from './command.ts';

/** `sluice export`: a table's rows as CSV, to a file or to standard output. */
export async function exportTable(invocation: Invocation): Promise<void> {
  const { data, table } = settingsWithTable(invocation);
  const { to } = invocation.options;
  using held = new DisposableStack();
  const store = held.adopt(openStore(data), (open) => open.close());
  tableOf(store, table);
  if (typeof to !== 'string') {
    if (invocation.output.json) throw mistake('bad-option', 'export --json tells of a file that was written; name it with --to FILE');
    await writeCsv(store, table, process.stdout).catch(unlessClosed);
    return;
  }
  await exportCsv(store, table, to);
  const rows = store.counts(table).stored;
  invocation.output.result({ table, rows, file: to }, [`${rows} rows of ${table} written to ${to}`]);
}

/** A reader such as `head` that has seen enough is no fault of ours. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
