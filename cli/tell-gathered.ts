import type { Gathered } from '../gather/gather.ts';
import { EXIT, SluiceError } from '../runtime/errors.ts';
import type { Output } from './output.ts';

/** What was gathered, and from where. */
export interface Gathering {
  readonly table: string;
  readonly experiment: string;
  /** How many files, or the name of the table that the rows come from. */
  readonly from: { readonly files: number } | { readonly target: string };
}

/** Says what came of a gathering, and returns the exit code: 0 where every row of every source is in the table. */
export function tellGathered(output: Output, { table, experiment, from }: Gathering, gathered: Gathered): number {
  const { badFiles, conflicts, refused, interrupted } = gathered;
  const [first, ...others] = badFiles;
  if (first !== undefined && badFiles.length === ('files' in from ? from.files : 1)) {
    throw new SluiceError('bad-file', others.length === 0 ? first : `${first} (and ${others.length} more files are bad; nothing was gathered)`);
  }
  const where = 'files' in from ? counted(from.files - badFiles.length, 'file') : from.target;
  output.result({ table, experiment, ...from, ...gathered }, linesOf(table, where, gathered));
  for (const line of badFiles) output.warning(`${line}; nothing of this file was taken`);
  for (const line of [...conflicts.first, ...refused.first]) output.warning(line);
  return badFiles.length + conflicts.count + refused.count > 0 || interrupted ? EXIT.failed : EXIT.done;
}

function linesOf(table: string, where: string, { rows, stored, repeated, conflicts, refused, badFiles, interrupted }: Gathered): string[] {
  const there = repeated > 0 ? `, ${repeated} were there already` : '';
  return [
    `${table}: ${stored} of ${rows} rows of ${where} stored${there}`,
    ...(conflicts.count > 0 ? [`${counted(conflicts.count, 'row')} say something else than the table, whose rows stay`] : []),
    ...(refused.count > 0 ? [`${counted(refused.count, 'row')} could not be stored`] : []),
    ...(badFiles.length > 0 ? [`${counted(badFiles.length, 'file')} left out`] : []),
    ...(interrupted ? ['interrupted: the same command goes on'] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
