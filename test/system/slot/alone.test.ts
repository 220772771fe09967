import { afterEach, describe, expect, test } from 'vitest';
import { computeAlone } from '../../../consumer/slot/alone.ts';
import { Interrupted } from '../../../consumer/slot/slot.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { until } from '../harness/until.ts';
import { expectNone, HAS_PROC, markChildren, processesOf } from './census.ts';
import { AT_ONCE_MS, MODULE, PROGRAM, recordingLog, type Logged } from './open-test-pool.ts';

const mark = markChildren();
afterEach(async () => await expectNone(mark));

const NEVER = new AbortController().signal;

describe('a point alone', () => {
  test('is computed in a process of its own, whatever computes it', async () => {
    const [module, program] = await Promise.all([
      computeAlone(MODULE, { does: 'double', x: 3 }, NEVER),
      computeAlone(PROGRAM, { does: 'double', x: 3 }, NEVER),
    ]);
    expect(module).toMatchObject({ row: { twice: 6 }, parameters: 2, notes: { half: 1.5 } });
    expect(program).toMatchObject({ row: { twice: 6 }, parameters: 2, notes: {} });
    const builtin = { kind: 'builtin', name: 'svd-block', version: '1' } as const;
    expect((await computeAlone(builtin, { nrow: 4, ncol: 4, seed: 1 }, NEVER)).row['ve']).toHaveLength(4);
  });

  test.each([
    ['exit', 'crashed its consumer (exit code 3)'],
    ['segfault', 'crashed its consumer (signal SIGSEGV)'],
  ])('that dies by "%s" has crashed its consumer, and nobody else', async (does, message) => {
    await expect(computeAlone(MODULE, { does, x: 3 }, NEVER)).rejects.toMatchObject({
      code: 'crashed',
      message,
    });
  });

  test('fails as it would among others, and what it printed is logged', async () => {
    const logged: Logged[] = [];
    const log = recordingLog(logged);
    await expect(computeAlone(MODULE, { does: 'throw', x: 7 }, NEVER, log)).rejects.toMatchObject({
      code: 'point-failed',
    });
    await expect(computeAlone(PROGRAM, { does: 'nonsense', x: 7 }, NEVER, log)).rejects.toMatchObject({
      code: 'bad-output',
    });
    await expect(computeAlone(PROGRAM, { does: 'exit', x: 7 }, NEVER, log)).rejects.toMatchObject({
      code: 'crashed',
      message: expect.stringContaining('exit code 7'),
    });
    expect(logged).toContainEqual(expect.objectContaining({ line: 'out of cheese' }));
  });

  test.each([
    ['a module', MODULE],
    ['a program', PROGRAM],
  ])('is interrupted at once where it spins in %s', async (_what, definition) => {
    const logged: Logged[] = [];
    const abort = new AbortController();
    const interrupted = computeAlone(
      definition,
      { does: 'spin over a child', x: 0 },
      abort.signal,
      recordingLog(logged),
    );
    await until('it spins', () => logged.some(({ line }) => line === 'spinning'));
    if (HAS_PROC) expect(processesOf(mark).length).toBeGreaterThan(1);
    using sinceAbort = startStopwatch();
    abort.abort();
    await expect(interrupted).rejects.toBeInstanceOf(Interrupted);
    expect(sinceAbort.elapsedMs()).toBeLessThan(AT_ONCE_MS);
  });
});
