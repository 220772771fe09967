import { expect, test } from 'vitest';
import { brokerJobName, jobNameFor, servesTable } from '../../../slurm/job-name.ts';

const DATA = '/home/ada/data';

test('a table is served by jobs that were launched for it, for several, and from the files as they stand', () => {
  for (const name of [jobNameFor(['t'], DATA), jobNameFor([], DATA), jobNameFor(['t', 'u'], DATA), 'sluice-array', 'sluice-cluster']) {
    expect(servesTable(name, 't', DATA)).toBe(true);
  }
});

test('but not by those of another table or of another data folder, nor by a job that is not ours', () => {
  for (const name of [jobNameFor(['u'], DATA), jobNameFor(['t'], '/home/ada/other'), brokerJobName(DATA), 'sluice', 'bash']) {
    expect(servesTable(name, 't', DATA)).toBe(false);
  }
});

test("the broker's job is called as no table's jobs are, and as that of no other data folder", () => {
  expect(brokerJobName(DATA)).not.toBe(jobNameFor(['broker'], DATA));
  expect(brokerJobName(DATA)).not.toBe(brokerJobName('/home/ada/other'));
});
