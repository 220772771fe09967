import { expect, test } from 'vitest';
import { brokerJobName, elasticJobName, jobNameFor, jobNamesOf, latestLogOf, logFileOf, logFolderIn, servesTable } from '../../../slurm/job-name.ts';

const DATA = '/home/ada/data';

test('a table is served by jobs that were launched for it, for several, and from the files as they stand', () => {
  for (const name of [...jobNamesOf('t', DATA), jobNameFor([], DATA), jobNameFor(['t', 'u'], DATA), 'sluice-array', 'sluice-cluster']) {
    expect(servesTable(name, 't', DATA)).toBe(true);
  }
});

test('but not by those of another table or of another data folder, nor by a job that is not ours', () => {
  for (const name of [jobNameFor(['u'], DATA), jobNameFor(['t'], '/home/ada/other'), elasticJobName('u', DATA), brokerJobName(DATA), 'sluice', 'bash']) {
    expect(servesTable(name, 't', DATA)).toBe(false);
  }
});

test('an elastic launch has a name of its own, as has what serves all tables: no table makes it', () => {
  expect(elasticJobName('t', DATA)).not.toBe(jobNameFor(['t'], DATA));
  for (const table of ['all', 'elastic', 't', 'elastic_t']) expect([jobNameFor([], DATA), elasticJobName('t', DATA)]).not.toContain(jobNameFor([table], DATA));
});

test("the broker's job is called as no table's jobs are, and as that of no other data folder", () => {
  expect(brokerJobName(DATA)).not.toBe(jobNameFor(['broker'], DATA));
  expect(brokerJobName(DATA)).not.toBe(brokerJobName('/home/ada/other'));
});

test('the log of a task is in the folder of the logs under its own name, and not known where slurm/*.sbatch was submitted', () => {
  expect(logFileOf(DATA, jobNameFor([], DATA), '5_1')).toBe(`${logFolderIn(DATA)}/${jobNameFor([], DATA)}-5_1.log`);
  expect(logFileOf(DATA, 'sluice-array', '5_1')).toBeUndefined();
});

test("the latest log of a table's consumers is that of its last job's last task, by number", () => {
  const [table, all, elastic, other] = [jobNameFor(['t'], DATA), jobNameFor([], DATA), elasticJobName('t', DATA), jobNameFor(['u'], DATA)];
  const files = [`${elastic}-10_11.log`, `${all}-10_9.log`, `${table}-9_1.log`, `${other}-12_1.log`, `${brokerJobName(DATA)}-13.log`, 'notes.txt'];
  expect(latestLogOf('t', DATA, files)).toBe(`${logFolderIn(DATA)}/${elastic}-10_11.log`);
  expect(latestLogOf('t', DATA, [`${other}-12_1.log`])).toBeUndefined();
});
