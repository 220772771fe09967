import { statSync } from 'node:fs';
import { csvFile } from '../gather/csv-file.ts';
import { emsTable } from '../gather/ems-table.ts';
import type { KnownColumns } from '../gather/columns.ts';
import type { Source } from '../gather/source.ts';
import { mistake } from '../runtime/errors.ts';
import { listenForStop } from '../runtime/signals.ts';
import type { Column } from '../store/column.ts';
import type { TableInfo } from '../store/tables.ts';
import { logOf, settingsWithTable, type Invocation } from './command.ts';
import { gatherRows } from './gather-rows.ts';
import { gatherSubject, knownTable, type GatherSubject } from './gather-subject.ts';
import { readStored } from './read-stored.ts';
import { tellGathered } from './tell-gathered.ts';

/** `sluice gather`: rows of CSV files, or of a database of EMS's, into a table; what it has of them already is left out. */
export async function gather(invocation: Invocation): Promise<number> {
  const settings = settingsWithTable(invocation);
  const { data, table } = settings;
  const known = (): TableInfo | undefined => readStored(data, (store) => knownTable(store, table));
  // The subject is known when reading begins, and the table may have got columns by then from the file before.
  const sources = sourcesOf(invocation, table, () => knownColumns(known(), subject));
  const subject = await gatherSubject(invocation, table, known());
  const log = await logOf(invocation, 'gather', settings);
  using stop = listenForStop();
  const gathered = await gatherRows({ data, table, sources, subject, log, stop: stop.signal });
  const exitCode = tellGathered(invocation.output, { table, experiment: subject.definition.name, from: { files: sources.length } }, gathered);
  stop.settle();
  return exitCode;
}

/** What is to be gathered, seen to be there: nothing is read yet. */
function sourcesOf({ arguments: [, ...files], options: { ems, from, allowMissing } }: Invocation, table: string, known: () => KnownColumns): readonly Source[] {
  if (typeof ems === 'string') {
    if (allowMissing === true) throw mistake('bad-option', '--allow-missing is about CSV files; a database says itself what is missing');
    if (files.length > 0) throw mistake('bad-option', `--ems takes the place of CSV files, found both --ems ${ems} and ${files[0]}`);
    return [emsTable(ems, typeof from === 'string' ? from : table)];
  }
  if (from !== undefined) throw mistake('bad-option', '--from names a table of the database that --ems names; there is no --ems');
  if (files.length === 0) throw mistake('bad-option', 'name CSV files to gather, or a database of EMS\'s with --ems FILE');
  for (const file of files) requireFile(file);
  return files.map((file) => csvFile(file, { allowMissing: allowMissing === true, known }));
}

function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw mistake('no-such-file', `${file}: no such file`);
  if (found.isDirectory()) throw mistake('no-such-file', `${file}: expected a CSV file, found a folder; name its files, as in ${file}/*.csv`);
  // A file may have to be read twice.
  if (!found.isFile()) throw mistake('no-such-file', `${file}: expected a CSV file, found a pipe or a device; write it to a file first`);
}

/** What is known of the columns: what they hold in the table, and parameters of the plan that have more than numbers. */
function knownColumns(table: TableInfo | undefined, { parameterKinds: { texts, optional } }: GatherSubject): KnownColumns {
  const having = (...types: readonly Column['type'][]): Set<string> =>
    new Set(table?.columns.filter(({ type }) => types.includes(type)).map(({ name }) => name));
  return { numbers: having('INTEGER', 'REAL'), truths: having('BOOLEAN'), texts, optional };
}
