import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Interrupted } from '../../../consumer/slot/slot.ts';
import { startThread } from '../../../consumer/slot/thread.ts';
import type { Definition } from '../../../wire/definition.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { until } from '../harness/until.ts';
import { threadCount } from './census.ts';
import { AT_ONCE_MS, MODULE, openTestPool, recordingLog, type Logged } from './open-test-pool.ts';

const SVD_BLOCK: Definition = { kind: 'builtin', name: 'svd-block', version: '1' };
const NEVER = new AbortController().signal;

let threadsBefore: number;
beforeEach(() => {
  threadsBefore = threadCount();
});
afterEach(async () => await until('no thread is left', () => threadCount() <= threadsBefore));

/** A thread that runs the test's module, which can do what no built-in does. */
function openThread() {
  const logged: Logged[] = [];
  const runner = startThread(MODULE, recordingLog(logged));
  return { runner, logged, [Symbol.asyncDispose]: async () => await runner.end() };
}

describe('a built-in in a thread', () => {
  test('gives the row at a point, the same in every thread', async () => {
    await using test = openTestPool(2);
    const signals = { queued: NEVER, running: NEVER };
    const rows = await Promise.all(
      [1, 1, 1].map(
        async (seed) => await test.pool.compute(SVD_BLOCK, { nrow: 20, ncol: 10, seed }, signals),
      ),
    );
    expect(Object.keys(rows[0]?.row ?? {})).toEqual(['nrow', 'ncol', 'seed', 'v_alignment', 've']);
    expect(rows[0]?.parameters).toBe(3);
    expect(rows[0]?.notes).toHaveProperty('residual');
    expect(rows.map(({ row }) => row)).toEqual([rows[0]?.row, rows[0]?.row, rows[0]?.row]);
  });

  test('fails a point that it does not take by the rule alone', async () => {
    await using test = openTestPool();
    const failure = test.pool.compute(
      SVD_BLOCK,
      { nrow: 0, ncol: 10, seed: 1 },
      { queued: NEVER, running: NEVER },
    );
    await expect(failure).rejects.toMatchObject({
      code: 'point-failed',
      message: expect.stringMatching(/^svd-block: nrow is .*0$/),
    });
  });

  test('that is not known fails the point with the names that are', async () => {
    await using test = openTestPool();
    const unknown = { ...SVD_BLOCK, name: 'svd-blok' };
    await expect(test.compute(unknown, 'x')).rejects.toMatchObject({
      code: 'point-failed',
      message: expect.stringContaining('svd-block'),
    });
  });

  test('is interrupted at once in the middle of its numerics', async () => {
    await using test = openTestPool();
    await test.pool.warm(SVD_BLOCK);
    const abort = new AbortController();
    const interrupted = test.pool.compute(
      SVD_BLOCK,
      { nrow: 16_000, ncol: 16_000, seed: 1 },
      { queued: NEVER, running: abort.signal },
    );
    await until('one runs', () => test.pool.running === 1);
    using sinceAbort = startStopwatch();
    abort.abort();
    await expect(interrupted).rejects.toBeInstanceOf(Interrupted);
    expect(sinceAbort.elapsedMs()).toBeLessThan(AT_ONCE_MS);
    const { row } = await test.pool.compute(
      SVD_BLOCK,
      { nrow: 2, ncol: 2, seed: 1 },
      { queued: NEVER, running: NEVER },
    );
    expect(row['seed']).toBe(1);
  });

  test('that ends its thread fails its point with crashed', async () => {
    await using thread = openThread();
    await expect(thread.runner.compute({ does: 'exit', x: 3 }, NEVER)).rejects.toMatchObject({
      code: 'crashed',
      message: 'crashed its thread (exit code 3)',
    });
    expect(thread.runner.live).toBe(false);
  });

  test('that throws where nobody catches it fails its point with crashed', async () => {
    await using thread = openThread();
    await expect(thread.runner.compute({ does: 'throw later', x: 0 }, NEVER)).rejects.toMatchObject({
      code: 'crashed',
      message: 'crashed its thread (too late)',
    });
  });

  test('that keeps a vector may return a view of it again and again', async () => {
    await using thread = openThread();
    for (let round = 0; round < 3; round += 1) {
      const { row } = await thread.runner.compute({ does: 'view', x: 0 }, NEVER);
      expect(row['v']).toEqual(Float64Array.of(2, 3));
    }
  });

  test('that spins is ended with its runner', async () => {
    const { runner } = openThread();
    const spinning = runner.compute({ does: 'spin', x: 0 }, NEVER);
    await runner.ready();
    const ended = runner.end();
    await expect(spinning).rejects.toBeInstanceOf(Interrupted);
    await ended;
    await runner.end();
  });

  test('prints to the log', async () => {
    await using thread = openThread();
    await thread.runner.compute({ does: 'print', x: 0 }, NEVER);
    await until('the line is logged', () => thread.logged.some(({ stream, line }) => stream === 'stdout' && line === 'to standard output'));
  });
});
