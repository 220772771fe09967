import { describe, expect, test } from 'vitest';
import { afterFailure, afterLettingGo, afterSeeing, afterSubmission, lostJob, newFleet, nodesIn } from '../../../slurm/fleet.ts';
import type { SlurmQueue } from '../../../slurm/queue-file.ts';
import type { SlurmState } from '../../../slurm/states.ts';

const NAME = 'sluice-t-abc123';

/** The answer of call number `call` with such tasks. */
function answer(call: number, ...tasks: readonly (readonly [id: string, state: SlurmState, name?: string])[]): SlurmQueue {
  return {
    call, askedAtMs: 0,
    tasks: tasks.map(([id, state, name = NAME]) => ({ id, jobId: id.split('_')[0]!, name, state, reason: '', startsAtMs: null, node: null, cpus: 4 })),
  };
}

describe('the nodes in an answer', () => {
  test('are the tasks of the name: those that wait, and those that may run', () => {
    const tasks = answer(200, ['5_1', 'running'], ['5_2', 'pending'], ['5_3', 'pending'], ['5_4', 'ending'], ['5_5', 'unknown'], ['6_1', 'running', 'another']);
    expect(nodesIn(tasks, NAME, newFleet(100))).toEqual({ pending: ['5_2', '5_3'], running: 2 });
  });

  test('are unknown where it was asked for before what was last done', () => {
    const fleet = newFleet(100);
    expect(nodesIn(undefined, NAME, fleet)).toBeUndefined();
    expect(nodesIn(answer(100), NAME, fleet)).toBeUndefined();
    expect(nodesIn(answer(150), NAME, afterSubmission(fleet, '5', 150))).toBeUndefined();
    expect(nodesIn(answer(150), NAME, afterLettingGo(fleet, 160))).toBeUndefined();
    expect(nodesIn(answer(150), NAME, afterLettingGo(afterSubmission(fleet, '5', 150), 0))).toBeUndefined();
    expect(nodesIn(answer(150), NAME, fleet)).toEqual({ pending: [], running: 0 });
  });
});

describe('a job is lost', () => {
  const fleet = afterSubmission(newFleet(0), '5', 100);

  test('where a younger answer has nothing of it, and no consumer of it was seen', () => {
    expect(lostJob(answer(100), fleet)).toBeUndefined();
    expect(lostJob(answer(101, ['5_1', 'pending']), fleet)).toBeUndefined();
    expect(lostJob(answer(101, ['6_1', 'running']), fleet)).toBe('5');
    expect(lostJob(answer(101), afterSeeing(fleet, new Set(['5'])))).toBeUndefined();
  });

  test('but not where it was let go, or where SLURM never said that it took it', () => {
    expect(lostJob(answer(200), afterLettingGo(fleet, 150))).toBeUndefined();
    expect(lostJob(answer(200), afterSubmission(newFleet(0), undefined, 150))).toBeUndefined();
  });
});

test('failures are in a row until a consumer of the latest job is seen; one of an earlier job is no proof', () => {
  const failed = afterFailure(afterFailure(newFleet(0), 1, 100), 2, 200);
  expect(failed).toMatchObject({ failures: 2, lastFailureMs: 200 });
  const again = afterSubmission(failed, '7', 300);
  expect(afterSeeing(again, new Set(['5'])).failures).toBe(2);
  expect(afterSeeing(again, new Set(['5', '7']))).toMatchObject({ failures: 0, unseenJob: undefined });
});
