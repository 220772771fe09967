import type { Gathered } from '../gather/gather.ts';

/** What came of `files` files, for a person. */
export function gatheredLines(table: string, files: number, gathered: Gathered): string[] {
  const { rows, stored, repeated, conflicts, refused, badFiles, interrupted } = gathered;
  const there = repeated > 0 ? `, ${repeated} were there already` : '';
  return [
    `${table}: ${stored} of ${rows} rows of ${counted(files - badFiles.length, 'file')} stored${there}`,
    ...(conflicts.count > 0 ? [`${counted(conflicts.count, 'row')} say something else than the table, whose rows stay`] : []),
    ...(refused.count > 0 ? [`${counted(refused.count, 'row')} could not be stored`] : []),
    ...(badFiles.length > 0 ? [`${counted(badFiles.length, 'file')} left out`] : []),
    ...(interrupted ? ['interrupted: the same command goes on'] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
