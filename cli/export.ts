import { extname } from 'node:path';
import { writeCsv, csvChunks } from '../store/csv.ts';
import { exportFile, isSpecial } from '../store/export-file.ts';
import { mistake } from '../runtime/errors.ts';
import { tableOf } from '../reduce/reduce.ts';
import { openStore, type Store } from '../store/store.ts';
import { settingsWithTable, type Invocation } from './command.ts';

/** A table's rows as the bytes of a file, made as they are taken. */
type Pieces = (store: Store, table: string) => Iterable<string | Uint8Array>;

/** What is written, by the ending of the file's name; what a format needs is loaded when it is asked for. */
const FORMATS: Readonly<Record<string, () => Promise<Pieces>>> = {
  '.csv': async () => csvChunks,
  '.ndjson': async () => (await import('../store/ndjson.ts')).ndjsonChunks,
  '.parquet': async () => (await import('../store/parquet.ts')).parquetChunks,
};

/** `sluice export`: a table's rows as CSV, Parquet or JSON lines to a file, or as CSV to standard output. */
export async function exportTable(invocation: Invocation): Promise<void> {
  const { data, table } = settingsWithTable(invocation);
  const { to } = invocation.options;
  const pieces = typeof to === 'string' ? await piecesFor(to) : csvChunks;
  using held = new DisposableStack();
  const store = held.adopt(openStore(data), (open) => open.close());
  tableOf(store, table);
  if (typeof to !== 'string') {
    if (invocation.output.json) throw mistake('bad-option', 'export --json tells of a file that was written; name it with --to FILE');
    await writeCsv(store, table, process.stdout).catch(unlessClosed);
    return;
  }
  await exportFile(to, pieces(store, table));
  const rows = store.counts(table).stored;
  invocation.output.result({ table, rows, file: to }, [`${rows} rows of ${table} written to ${to}`]);
}

/** The format of the file `to`; a device or a pipe takes CSV. */
async function piecesFor(to: string): Promise<Pieces> {
  const ending = extname(to).toLowerCase();
  const format = FORMATS[ending];
  if (format !== undefined) return await format();
  if (isSpecial(to)) return csvChunks;
  throw mistake('bad-option', `--to ${to}: the ending says what is written; there are ${Object.keys(FORMATS).join(', ')}`);
}

/** A reader such as `head` that has seen enough is no fault of ours. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
