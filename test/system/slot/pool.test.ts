import { afterEach, describe, expect, test } from 'vitest';
import { Interrupted } from '../../../consumer/slot/slot.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { until } from '../harness/until.ts';
import { expectNone, markChildren } from './census.ts';
import { MODULE, openTestPool, PROGRAM } from './open-test-pool.ts';

const mark = markChildren();
afterEach(async () => await expectNone(mark));

describe('a pool', () => {
  test('computes as much at once as it has slots, and the rest after', async () => {
    await using test = openTestPool(2);
    await test.pool.warm(MODULE);
    expect(test.pool.running).toBe(0);
    const abort = new AbortController();
    const waits = [1, 2].map(
      async () => await test.compute(MODULE, 'wait', 0, abort.signal).catch((error: unknown) => error),
    );
    const third = test.compute(MODULE, 'double', 3);
    await until('two run', () => test.pool.running === 2);
    abort.abort();
    for (const interrupted of await Promise.all(waits)) expect(interrupted).toBeInstanceOf(Interrupted);
    expect((await third).row['twice']).toBe(6);
    expect(test.pool.running).toBe(0);
  });

  test('gives a waiting point up at its first signal and a running one only at its second', async () => {
    await using test = openTestPool(1);
    const queued = new AbortController();
    const running = new AbortController();
    const signals = { queued: queued.signal, running: running.signal };
    const runs = test.pool.compute(MODULE, { does: 'wait', x: 0 }, signals);
    const waits = test.pool.compute(MODULE, { does: 'wait', x: 0 }, signals);
    await until('one runs', () => test.pool.running === 1);
    queued.abort();
    await expect(waits).rejects.toBeInstanceOf(Interrupted);
    expect(test.pool.running).toBe(1);
    running.abort();
    await expect(runs).rejects.toBeInstanceOf(Interrupted);
  });

  test('serves several experiments from the same slots', async () => {
    await using test = openTestPool(2);
    const points = Array.from({ length: 20 }, (_, x) => x);
    const rows = await Promise.all(
      points.map(async (x) => await test.compute(x % 2 === 0 ? MODULE : PROGRAM, 'double', x)),
    );
    expect(rows.map(({ row }) => row['twice'])).toEqual(points.map((x) => 2 * x));
    expect(new Set(rows.map(({ row }) => row['pid'])).size).toBeLessThanOrEqual(4);
  });

  test('is warm in every slot after warm', async () => {
    await using test = openTestPool(2);
    await test.pool.warm(MODULE);
    const rows = await Promise.all([1, 2].map(async (x) => await test.compute(MODULE, 'double', x)));
    expect(new Set(rows.map(({ row }) => row['pid'])).size).toBe(2);
  });

  test('interrupts what runs and what waits on close, and takes nothing after', async () => {
    const test = openTestPool(2);
    const all = Array.from(
      { length: 6 },
      async () => await test.compute(MODULE, 'spin').catch((error: unknown) => error),
    );
    await until('both spin', () => test.logged.filter(({ line }) => line === 'spinning').length === 2);
    using sinceClose = startStopwatch();
    await test.pool.close();
    expect(sinceClose.elapsedMs()).toBeLessThan(2_000);
    for (const interrupted of await Promise.all(all)) expect(interrupted).toBeInstanceOf(Interrupted);
    await expect(test.compute(MODULE, 'double')).rejects.toBeInstanceOf(Interrupted);
  });

  test('may be closed while its first process starts, or before there is one', async () => {
    const early = openTestPool(2);
    const starting = [PROGRAM, MODULE].map(
      async (definition) => await early.compute(definition, 'hang').catch((error: unknown) => error),
    );
    await early.pool.close();
    for (const interrupted of await Promise.all(starting)) expect(interrupted).toBeInstanceOf(Interrupted);
    await openTestPool(2).pool.close();
  });
});
