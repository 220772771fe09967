import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { taskIds, tasksIn } from '../../../slurm/squeue-answer.ts';
import { slurmState } from '../../../slurm/states.ts';

const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');

test.each([
  ['R', 'running'], ['RUNNING', 'running'], ['RUNNING+COMPLETING', 'ending'], ['CANCELLED by 1000', 'over'], ['PREEMPTED', 'over'],
  ['PENDING,REQUEUED', 'pending'], ['FAILED,REQUEUE_HOLD', 'pending'], ['SPECIAL_EXIT', 'pending'], ['NODE_FAIL', 'over'], ['OUT_OF_MEMORY', 'over'],
  ['STATE_OF_THE_FUTURE', 'unknown'], ['', 'unknown'],
])('the state %j is %s', (printed, meaning) => {
  expect(slurmState(printed)).toBe(meaning);
});

test.each([
  ['5', ['5']], ['5_7', ['5_7']], ['5_[1-3,8%2]', ['5_1', '5_2', '5_3', '5_8']], ['5_[0-6:3]', ['5_0', '5_3', '5_6']], ['5_[1-2,7,...]', ['5_1', '5_2', '5_7']],
])('%j stands for %j', (id, tasks) => {
  expect(taskIds(id)).toEqual(tasks);
});

test('an array is the same tasks, whether squeue unfolds it or not', () => {
  const unfolded = tasksIn(golden('squeue-array.txt'));
  const folded = tasksIn(golden('squeue-folded.txt'));
  expect(unfolded).toHaveLength(40);
  expect(folded.map(({ id }) => id).sort()).toEqual(unfolded.map(({ id }) => id).sort());
});

test('reasons and names keep their spaces, commas and bars; times are of this host; lines of another form are passed over', () => {
  const tasks = tasksIn('5_1|5|PENDING|Nodes required for job are DOWN, DRAINED|2026-11-23T10:42:00||4|a|b\n5_2|5|RUNNING|None|N/A|node2|4|x\nslurm_load_jobs error: x\n');
  expect(tasks).toEqual([
    { id: '5_1', jobId: '5', name: 'a|b', state: 'pending', reason: 'Nodes required for job are DOWN, DRAINED', startsAtMs: new Date(2026, 10, 23, 10, 42).getTime(), node: null, cpus: 4 },
    { id: '5_2', jobId: '5', name: 'x', state: 'running', reason: '', startsAtMs: null, node: 'node2', cpus: 4 },
  ]);
});
