import { statSync } from 'node:fs';
import { csvFile } from '../gather/csv-file.ts';
import { emsTable } from '../gather/ems-table.ts';
import type { Source } from '../gather/source.ts';
import { mistake } from '../runtime/errors.ts';
import { listenForStop } from '../runtime/signals.ts';
import { logOf, settingsWithTable, type Invocation } from './command.ts';
import { gatherRows } from './gather-rows.ts';
import { gatherSubject, knownTable } from './gather-subject.ts';
import { readStored } from './read-stored.ts';
import { tellGathered } from './tell-gathered.ts';

/** `sluice gather`: rows of CSV files, or of a database of EMS's, into a table; what it has of them already is left out. */
export async function gather(invocation: Invocation): Promise<number> {
  const settings = settingsWithTable(invocation);
  const { data, table } = settings;
  const sources = sourcesOf(invocation, table);
  const subject = await gatherSubject(invocation, table, readStored(data, (store) => knownTable(store, table)));
  const log = await logOf(invocation, 'gather', settings);
  using stop = listenForStop();
  const gathered = await gatherRows({ data, table, sources, subject, log, stop: stop.signal });
  const exitCode = tellGathered(invocation.output, { table, experiment: subject.definition.name, from: { files: sources.length } }, gathered);
  stop.settle();
  return exitCode;
}

/** What is to be gathered, seen to be there: nothing is read yet. */
function sourcesOf({ arguments: [, ...files], options: { ems, from } }: Invocation, table: string): readonly Source[] {
  if (typeof ems === 'string') {
    if (files.length > 0) throw mistake('bad-option', `--ems takes the place of CSV files, found both --ems ${ems} and ${files[0]}`);
    return [emsTable(ems, typeof from === 'string' ? from : table)];
  }
  if (from !== undefined) throw mistake('bad-option', '--from names a table of the database that --ems names; there is no --ems');
  if (files.length === 0) throw mistake('bad-option', 'name CSV files to gather, or a database of EMS\'s with --ems FILE');
  for (const file of files) requireFile(file);
  return files.map(csvFile);
}

function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw mistake('no-such-file', `${file}: no such file`);
  if (found.isDirectory()) throw mistake('no-such-file', `${file}: expected a CSV file, found a folder; name its files, as in ${file}/*.csv`);
  // A file may have to be read twice.
  if (!found.isFile()) throw mistake('no-such-file', `${file}: expected a CSV file, found a pipe or a device; write it to a file first`);
}
