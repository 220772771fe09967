import { expect, test } from 'vitest';
import { jobNameFor, servesTable } from '../../../slurm/job-name.ts';

const DATA = '/home/ada/data';

test('a table is served by jobs that were launched for it, for several, and from the files as they stand', () => {
  for (const name of [jobNameFor(['t'], DATA), jobNameFor([], DATA), jobNameFor(['t', 'u'], DATA), 'sluice-array', 'sluice-cluster']) {
    expect(servesTable(name, 't', DATA)).toBe(true);
  }
});

test('but not by those of another table or of another data folder, nor by a job that is not ours', () => {
  for (const name of [jobNameFor(['u'], DATA), jobNameFor(['t'], '/home/ada/other'), 'sluice', 'bash']) {
    expect(servesTable(name, 't', DATA)).toBe(false);
  }
});
