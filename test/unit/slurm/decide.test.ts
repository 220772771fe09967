import { describe, expect, test } from 'vitest';
import { decide, FAILURES_BEFORE_STOP, waitAfter, type Decision, type Situation, type Work } from '../../../slurm/decide.ts';

const WORK: Work = { missing: 400, unsettled: 400, isOver: false, secondsPerPoint: null, cpusPerNode: 4 };
const QUIET: Situation = { nowMs: 1e6, work: WORK, nodes: { pending: [], running: 0 }, min: 0, max: 3, failures: 0, lastFailureMs: -Infinity };

/** The decision in a quiet situation with so much work, these nodes, and what differs else. */
function decided(work: Partial<Work>, [pending, running]: readonly [pending: number, running: number] = [0, 0], others: Partial<Situation> = {}): Decision {
  const nodes = { pending: Array.from({ length: pending }, (_, index) => `5_${index + 1}`), running };
  return decide({ ...QUIET, nodes, ...others, work: { ...WORK, unsettled: work.missing ?? WORK.unsettled, ...work } });
}

describe('nodes are submitted', () => {
  test('as many as the work is worth, up to the bound', () => {
    expect(decided({})).toEqual({ do: 'submit', nodes: 3 });
    expect(decided({ missing: 8 })).toEqual({ do: 'submit', nodes: 2 });
    expect(decided({ missing: 400, secondsPerPoint: 1 })).toEqual({ do: 'submit', nodes: 2 });
    expect(decided({ secondsPerPoint: 0.01 })).toEqual({ do: 'submit', nodes: 1 });
  });

  test('so that those that there are count, pending or running', () => {
    expect(decided({}, [1, 1])).toEqual({ do: 'submit', nodes: 1 });
    expect(decided({}, [0, 3])).toEqual({ do: 'wait' });
  });

  test('at least the lower bound while there is work, and none without', () => {
    expect(decided({ missing: 1 }, [0, 0], { min: 2 })).toEqual({ do: 'submit', nodes: 2 });
    expect(decided({ missing: 0 }, [0, 0], { min: 2 })).toEqual({ do: 'wait' });
  });

  test('none for points that are in no queue: a filling that was broken off would have them come and leave for ever', () => {
    expect(decided({ missing: 0, unsettled: 400 })).toEqual({ do: 'wait' });
  });

  test('no more than there are rounds of points to fill them, however long a point takes', () => {
    expect(decided({ missing: 4, secondsPerPoint: 3600 })).toEqual({ do: 'submit', nodes: 1 });
  });

  test('never beyond the bound, in a grid of situations', () => {
    for (const missing of [0, 1, 7, 400, 1e6]) for (const secondsPerPoint of [null, 0.01, 3, 900]) for (const running of [0, 1, 3, 5]) for (const pending of [0, 1, 4]) {
      const decision = decided({ missing, secondsPerPoint }, [pending, running]);
      if (decision.do === 'submit') expect(decision.nodes + running + pending).toBeLessThanOrEqual(3);
      if (decision.do === 'let-go') expect(decision.tasks.length).toBeGreaterThan(0);
    }
  });
});

describe('pending nodes are let go', () => {
  test('the latest first, where there are more than twice those that the work is worth', () => {
    expect(decided({ missing: 4 }, [3, 0])).toEqual({ do: 'let-go', tasks: ['5_2', '5_3'] });
    expect(decided({ missing: 4 }, [2, 0])).toEqual({ do: 'wait' });
  });

  test('all of them where nothing waits, and those beyond a bound that was lowered', () => {
    expect(decided({ missing: 0 }, [2, 1])).toEqual({ do: 'let-go', tasks: ['5_1', '5_2'] });
    expect(decided({}, [3, 2], { max: 3 })).toEqual({ do: 'let-go', tasks: ['5_2', '5_3'] });
  });

  test('but none while the plan has as much left and the queue is empty, as after a broker moved', () => {
    expect(decided({ missing: 0, unsettled: 400 }, [3, 0])).toEqual({ do: 'wait' });
    expect(decided({ missing: 0, unsettled: 4 }, [3, 0])).toEqual({ do: 'let-go', tasks: ['5_2', '5_3'] });
  });

  test('and never one that runs', () => {
    expect(decided({ missing: 0 }, [0, 3])).toEqual({ do: 'wait' });
  });
});

test('nothing is done while what is known of the queue is older than what was last done', () => {
  expect(decide({ ...QUIET, nodes: undefined })).toEqual({ do: 'wait' });
});

test('it ends with the work, whatever is known of the queue', () => {
  expect(decide({ ...QUIET, nodes: undefined, work: { ...WORK, missing: 0, isOver: true } })).toEqual({ do: 'end' });
});

describe('after failures in a row', () => {
  test('it waits for longer each time, up to ten minutes', () => {
    const at = (failures: number, sinceMs: number): string => decided({}, [0, 0], { failures, lastFailureMs: QUIET.nowMs - sinceMs }).do;
    expect([at(1, 29_999), at(1, 30_000), at(2, 59_999), at(2, 60_000)]).toEqual(['wait', 'submit', 'wait', 'submit']);
    expect(waitAfter(20)).toBe(600_000);
  });

  test('it gives up at the fifth, but only where it would have submitted', () => {
    expect(decided({}, [0, 0], { failures: FAILURES_BEFORE_STOP })).toEqual({ do: 'give-up' });
    expect(decided({}, [0, 3], { failures: FAILURES_BEFORE_STOP })).toEqual({ do: 'wait' });
  });
});
