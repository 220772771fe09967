import { UnrecoverableError, WaitingError } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { handleJob, type Hands } from '../../../consumer/point-job.ts';
import { ComputationError, Interrupted, type Computed } from '../../../consumer/slot/slot.ts';
import type { PointJob } from '../../../consumer/table-workers.ts';
import { DEATHS_BEFORE_ALONE, ROW_BYTES } from '../../../runtime/limits.ts';
import type { Entry } from '../../../wire/entry.ts';

const DEFINITION = { kind: 'builtin', name: 'trial', version: '7' } as const;
const COMPUTED: Computed = { row: { x: 1, y: 2 }, parameters: 1, seconds: 0.25, notes: { residual: 1e-15 } };

/** A job as far as it is looked at; it notes whether it was handed back. */
function jobOf(fields: { attemptsMade?: number; stalledCounter?: number } = {}) {
  const returned: string[] = [];
  const job = {
    id: `p${'0'.repeat(32)}`,
    data: { x: 1 },
    attemptsMade: 0,
    stalledCounter: 0,
    opts: { attempts: 3 },
    moveToWait: async (token: string) => void returned.push(token),
    ...fields,
  };
  return { job: job as unknown as PointJob, returned };
}

/** Hands that compute by `compute`, and keep what they deliver. */
function handsOf(compute: () => Promise<Computed>, rest: Partial<Hands> = {}) {
  const delivered: Entry[] = [];
  const ways: string[] = [];
  const never = new AbortController().signal;
  const hands: Hands = {
    consumer: 'node1:42',
    stopping: never,
    leaving: never,
    pass: async () => {},
    fits: () => true,
    compute: async () => {
      ways.push('slot');
      return await compute();
    },
    computeAlone: async () => {
      ways.push('alone');
      return await compute();
    },
    deliver: async (entry) => void delivered.push(entry),
    ...rest,
  };
  return { hands, delivered, ways };
}

const fail = (code: 'point-failed' | 'crashed', signal?: NodeJS.Signals) => async (): Promise<Computed> => {
  throw new ComputationError(code, 'it failed', { signal });
};

describe('a job', () => {
  test('ends with its row in the stream, led by its parameters and told by whom and at which attempt', async () => {
    const { hands, delivered } = handsOf(async () => COMPUTED);
    await handleJob(jobOf({ attemptsMade: 1 }).job, 't', 'trial', DEFINITION, hands);
    expect(delivered).toMatchObject([
      { kind: 'row', table: 'trial', parameters: 1, row: COMPUTED.row, provenance: { version: '7', consumer: 'node1:42', attempt: 2, seconds: 0.25, notes: { residual: 1e-15 } } },
    ]);
  });

  test('is tried again while it has attempts left, and nothing is recorded', async () => {
    const { hands, delivered } = handsOf(fail('point-failed'));
    await expect(handleJob(jobOf({ attemptsMade: 1 }).job, 't', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(ComputationError);
    expect(delivered).toEqual([]);
  });

  test('is recorded as failed at its last attempt, and not tried again', async () => {
    const { hands, delivered } = handsOf(fail('point-failed'));
    await expect(handleJob(jobOf({ attemptsMade: 2 }).job, 't', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(UnrecoverableError);
    expect(delivered).toMatchObject([{ kind: 'failure', code: 'point-failed', message: 'it failed', attempts: 3, point: { x: 1 } }]);
  });

  test('is handed back, and nothing charged, where its computation was interrupted', async () => {
    const { job, returned } = jobOf();
    const { hands, delivered } = handsOf(async () => {
      throw new Interrupted();
    });
    await expect(handleJob(job, 'token', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(WaitingError);
    expect(returned).toEqual(['token']);
    expect(delivered).toEqual([]);
  });

  test('is handed back before it begins where the consumer is to stop', async () => {
    const { job, returned } = jobOf();
    const { hands, ways } = handsOf(async () => COMPUTED, { stopping: AbortSignal.abort() });
    await expect(handleJob(job, 'token', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(WaitingError);
    expect(returned).toEqual(['token']);
    expect(ways).toEqual([]);
  });

  test('is handed back where a signal ended its process while the consumer is to stop: the signal was for both', async () => {
    const stop = new AbortController();
    const { job, returned } = jobOf();
    const { hands } = handsOf(
      async () => {
        stop.abort();
        return await fail('crashed', 'SIGTERM')();
      },
      { stopping: stop.signal },
    );
    await expect(handleJob(job, 'token', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(WaitingError);
    expect(returned).toEqual(['token']);
  });

  test('is handed back, and the point is not failed, where neither Redis nor the spool takes its row', async () => {
    const { job, returned } = jobOf({ attemptsMade: 2 });
    const { hands } = handsOf(async () => COMPUTED, {
      deliver: async () => {
        throw new Error('no space left');
      },
    });
    await expect(handleJob(job, 'token', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(WaitingError);
    expect(returned).toEqual(['token']);
  });

  test('fails where its row is larger than any broker takes', async () => {
    const giant = { ...COMPUTED, row: { x: 1, v: new Float64Array(ROW_BYTES / 8 + 1) } };
    const { hands, delivered } = handsOf(async () => giant);
    await expect(handleJob(jobOf({ attemptsMade: 2 }).job, 't', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(UnrecoverableError);
    expect(delivered).toMatchObject([{ kind: 'failure', code: 'bad-row', message: expect.stringContaining('at most 400') }]);
  });
});

describe('a job that was in hand at many deaths', () => {
  const suspect = { stalledCounter: DEATHS_BEFORE_ALONE };

  test('is tried alone', async () => {
    const { hands, ways } = handsOf(async () => COMPUTED);
    await handleJob(jobOf(suspect).job, 't', 'trial', DEFINITION, hands);
    await handleJob(jobOf({ stalledCounter: DEATHS_BEFORE_ALONE - 1 }).job, 't', 'trial', DEFINITION, hands);
    expect(ways).toEqual(['alone', 'slot']);
  });

  test('is recorded as failed at once where it kills the process that was its own', async () => {
    const { hands, delivered } = handsOf(fail('crashed'));
    await expect(handleJob(jobOf(suspect).job, 't', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(UnrecoverableError);
    expect(delivered).toMatchObject([{ kind: 'failure', code: 'crashed', attempts: 1 }]);
  });

  test('has its attempts like any other where it only throws', async () => {
    const { hands, delivered } = handsOf(fail('point-failed'));
    await expect(handleJob(jobOf(suspect).job, 't', 'trial', DEFINITION, hands)).rejects.toBeInstanceOf(ComputationError);
    expect(delivered).toEqual([]);
  });
});
