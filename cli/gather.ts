import { existsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { csvFile } from '../gather/csv-file.ts';
import { emsTable } from '../gather/ems-table.ts';
import { gatherAll, type Gathered } from '../gather/gather.ts';
import type { Source } from '../gather/source.ts';
import { EXIT, SluiceError, mistake } from '../runtime/errors.ts';
import { listenForStop } from '../runtime/signals.ts';
import { removeUnfinished } from '../runtime/spool.ts';
import { databasePath } from '../store/open.ts';
import { openStoreIfPresent, type Store } from '../store/store.ts';
import { logOf, settingsWithTable, type Invocation } from './command.ts';
import { gatherSubject } from './gather-subject.ts';
import { gatheredLines } from './gathered-lines.ts';
import { readStored } from './read-stored.ts';
import { openSpoolSink } from './spool-sink.ts';

/** `sluice gather`: rows of CSV files, or of a database of EMS's, into a table; what it has of them already is left out. */
export async function gather(invocation: Invocation): Promise<number> {
  const settings = settingsWithTable(invocation);
  const { data, table } = settings;
  let store: Store | undefined;
  const opened = (): Store | undefined => (store ??= openStoreIfPresent(data));
  const sources = sourcesOf(invocation, table, () => numberColumns(opened(), table));
  const subject = await gatherSubject(invocation, table, readStored(data, (store) => knownTable(store, table)));
  const log = await logOf(invocation, 'gather', settings);
  using stop = listenForStop();
  await using sink = openSpoolSink(data, stop.signal, log);
  removeUnfinished(data);
  if (existsSync(databasePath(data))) await sink.ready();
  using held = new DisposableStack();
  held.defer(() => store?.close());
  const gathered = await gatherAll(sources, subject, {
    data,
    table,
    definition: subject.definition,
    consumer: `${hostname()}:${process.pid}:gather-${Date.now().toString(36)}`,
    store: opened,
    committed: async (files) => await sink.committed(files),
    stop: stop.signal,
  });
  held.dispose();
  const exitCode = tell(invocation, table, subject.definition.name, sources.length, gathered);
  await sink[Symbol.asyncDispose]();
  stop.settle();
  return exitCode;
}

/** What is to be gathered, seen to be there: nothing is read yet. */
function sourcesOf({ arguments: [, ...files], options: { ems, from, allowMissing } }: Invocation, table: string, numbers: () => ReadonlySet<string>): readonly Source[] {
  if (typeof ems === 'string') {
    if (allowMissing === true) throw mistake('bad-option', '--allow-missing is about CSV files; a database says itself what is missing');
    if (files.length > 0) throw mistake('bad-option', `--ems takes the place of CSV files, found both --ems ${ems} and ${files[0]}`);
    return [emsTable(ems, typeof from === 'string' ? from : table)];
  }
  if (from !== undefined) throw mistake('bad-option', '--from names a table of the database that --ems names; there is no --ems');
  if (files.length === 0) throw mistake('bad-option', 'name CSV files to gather, or a database of EMS\'s with --ems FILE');
  for (const file of files) requireFile(file);
  return files.map((file) => csvFile(file, { allowMissing: allowMissing === true, numbers }));
}

function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw mistake('no-such-file', `${file}: no such file`);
  if (found.isDirectory()) throw mistake('no-such-file', `${file}: expected a CSV file, found a folder; name its files, as in ${file}/*.csv`);
  // A file may have to be read twice.
  if (!found.isFile()) throw mistake('no-such-file', `${file}: expected a CSV file, found a pipe or a device; write it to a file first`);
}

/** The columns that hold nothing but numbers in the table; what a file has of them is nothing else either. */
function numberColumns(store: Store | undefined, table: string): ReadonlySet<string> {
  const columns = store?.table(table)?.columns ?? [];
  return new Set(columns.filter(({ type }) => type === 'INTEGER' || type === 'REAL').map(({ name }) => name));
}

function knownTable(store: Store | undefined, table: string) {
  const same = store?.tables().find((name) => name.toLowerCase() === table.toLowerCase());
  if (same === undefined || same === table) return store?.table(table);
  throw mistake('bad-table-name', `table ${table} differs from the table ${same} in case alone; choose another name`);
}

/** Says what came of it, and returns the exit code: 0 where every row of every source is in the table. */
function tell({ output }: Invocation, table: string, experiment: string, files: number, gathered: Gathered): number {
  const { badFiles, conflicts, refused, interrupted } = gathered;
  const [first, ...others] = badFiles;
  if (first !== undefined && badFiles.length === files) {
    throw new SluiceError('bad-file', others.length === 0 ? first : `${first} (and ${others.length} more files are bad; nothing was gathered)`);
  }
  output.result({ table, experiment, files, ...gathered }, gatheredLines(table, files, gathered));
  for (const line of badFiles) output.warning(`${line}; nothing of this file was taken`);
  for (const line of [...conflicts.first, ...refused.first]) output.warning(line);
  return badFiles.length + conflicts.count + refused.count > 0 || interrupted ? EXIT.failed : EXIT.done;
}
