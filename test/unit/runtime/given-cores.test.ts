import { expect, test } from 'vitest';
import { allocationOf, NO_ALLOCATION } from '../../../runtime/allocation.ts';
import { givenCores } from '../../../runtime/given-cores.ts';

test.each([
  ['outside SLURM, what affinity and cgroup leave', {}, 2, 2],
  ["SLURM's CPUs per task, whatever this machine has", { SLURM_JOB_ID: '7', SLURM_CPUS_PER_TASK: '8', SLURM_CPUS_ON_NODE: '32' }, 64, 8],
  ['all CPUs of the node that the job has, for a job of one task', { SLURM_JOB_ID: '7', SLURM_CPUS_ON_NODE: '32' }, 64, 32],
  ['a share of them where a step has several tasks on the node', { SLURM_JOB_ID: '7', SLURM_CPUS_ON_NODE: '32', SLURM_STEP_TASKS_PER_NODE: '4(x3),1' }, 64, 8],
  ['no more than affinity leaves', { SLURM_JOB_ID: '7', SLURM_CPUS_ON_NODE: '32' }, 4, 4],
  ['at least one', { SLURM_JOB_ID: '7', SLURM_CPUS_ON_NODE: '2', SLURM_STEP_TASKS_PER_NODE: '4' }, 64, 1],
  ['what affinity leaves where a variable is no count', { SLURM_JOB_ID: '7', SLURM_CPUS_PER_TASK: 'many' }, 3, 3],
])('a process is given %s', (_, environment, parallelism, expected) => {
  expect(givenCores(environment, parallelism)).toBe(expected);
});

test('a process knows its job as squeue prints it, and when its allocation ends', () => {
  expect(allocationOf({})).toEqual(NO_ALLOCATION);
  expect(allocationOf({ SLURM_JOB_ID: '12' })).toEqual({ job: '12', endsAtMs: null });
  const task = { SLURM_JOB_ID: '14', SLURM_ARRAY_JOB_ID: '12', SLURM_ARRAY_TASK_ID: '2', SLURM_JOB_END_TIME: '1795452467' };
  expect(allocationOf(task)).toEqual({ job: '12_2', endsAtMs: 1_795_452_467_000 });
  expect(allocationOf({ SLURM_JOB_END_TIME: 'Unknown' }).endsAtMs).toBeNull();
});
