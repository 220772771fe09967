import { afterEach, describe, expect, test, vi } from 'vitest';
import { ComputationError, Interrupted } from '../../../consumer/slot/slot.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { until } from '../harness/until.ts';
import { expectNone, markChildren } from './census.ts';
import { AT_ONCE_MS, openTestPool, PROGRAM } from './open-test-pool.ts';

const mark = markChildren();
afterEach(async () => await expectNone(mark));

/** The program with half a second for an answer, start included where `warm` was not called. */
const HURRIED = { ...PROGRAM, timeoutSeconds: 0.5 };

describe('a program', () => {
  test('gives the row at a point, from one process for many points', async () => {
    await using test = openTestPool();
    const first = await test.compute(PROGRAM, 'double', 3);
    const second = await test.compute(PROGRAM, 'double', 4);
    expect(first).toMatchObject({
      row: { does: 'double', x: 3, twice: 6, answers: 1 },
      parameters: 2,
      notes: {},
    });
    expect(Object.keys(first.row)).toEqual(['does', 'x', 'twice', 'pid', 'answers']);
    expect(first.seconds).toBeGreaterThan(0);
    expect(second.row).toMatchObject({ twice: 8, answers: 2, pid: first.row['pid'] });
  });

  test('is asked one point at a time, also in a slot that short points of another table gave many places', async () => {
    await using test = openTestPool();
    const block = { kind: 'builtin', name: 'svd-block', version: '1' } as const;
    const until = new AbortController().signal;
    const signals = { queued: until, running: until };
    await test.pool.compute(block, { nrow: 4, ncol: 3, seed: 1 }, signals);
    const rows = await Promise.all([1, 2, 3, 4].map((x) => test.compute(PROGRAM, 'double', x)));
    expect(rows.map(({ row }) => row['twice'])).toEqual([2, 4, 6, 8]);
  });

  test('may answer with the numbers that Python prints', async () => {
    await using test = openTestPool();
    const { row } = await test.compute(PROGRAM, 'python');
    expect(row).toEqual({ does: 'python', x: 0, a: NaN, b: -Infinity, v: Float64Array.of(1.5, NaN) });
  });

  test('fails a point by {"error": ...} and computes on', async () => {
    await using test = openTestPool();
    await expect(test.compute(PROGRAM, 'error', 7)).rejects.toMatchObject({
      code: 'point-failed',
      message: 'x is 7',
    });
    expect((await test.compute(PROGRAM, 'double', 1)).row['answers']).toBe(2);
  });

  test.each([
    ['nonsense', 'bad-output', 'the program\'s answer is not JSON; it printed "Loading model..."'],
    ['list', 'bad-output', 'not a JSON object; it printed "[1,2]"'],
    ['bad row', 'bad-output', 'column "shape"'],
    ['twice', 'bad-output', 'followed by more, unasked for'],
    ['too long', 'bad-output', 'longer than 64 MB'],
    ['close output', 'bad-output', 'closed its standard output'],
    [
      'exit',
      'crashed',
      'crashed its program (exit code 3); its last lines on standard error:\nout of cheese',
    ],
    ['kill', 'crashed', 'crashed its program (signal SIGKILL)'],
  ])(
    'that answers with "%s" fails its point with %s, and the next gets a new program',
    async (does, code, message) => {
      await using test = openTestPool();
      const { row } = await test.compute(PROGRAM, 'double', 1);
      const failure = await test.compute(PROGRAM, does, 3).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ComputationError);
      expect(failure).toMatchObject({ code, message: expect.stringContaining(message) });
      const next = await test.compute(PROGRAM, 'double', 2);
      expect(next.row).toMatchObject({ twice: 4, answers: 1 });
      expect(next.row['pid']).not.toBe(row['pid']);
    },
  );

  test.each(['hang', 'hang over a child'])(
    'that would "%s" fails its point with timed-out and ends',
    async (does) => {
      await using test = openTestPool();
      await test.pool.warm(HURRIED);
      const failure = test.compute(HURRIED, does);
      await expect(failure).rejects.toMatchObject({
        code: 'timed-out',
        message: 'gave no answer within 0.5 s',
      });
      expect((await test.compute(PROGRAM, 'double', 1)).row['answers']).toBe(1);
    },
    30_000,
  );

  test('that hangs and ignores SIGTERM is killed 2 s later', async () => {
    await using test = openTestPool();
    // Long enough for it to have its own handler before its time is over.
    const patient = { ...PROGRAM, timeoutSeconds: 3 };
    await test.pool.warm(patient);
    const startedAtMs = performance.now();
    await expect(test.compute(patient, 'hang on')).rejects.toMatchObject({ code: 'timed-out' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(4_900);
  });

  test('that ends after its answer has given it, and the next point gets a new program', async () => {
    await using test = openTestPool();
    expect((await test.compute(PROGRAM, 'answer and exit', 3)).row['twice']).toBe(6);
    await until('a new program computes', async () => (await test.compute(PROGRAM, 'double', 1)).row['answers'] === 1);
  });

  test('that ends well but without an answer is told to read on', async () => {
    await using test = openTestPool();
    const failure = test.compute(PROGRAM, 'exit', 0);
    await expect(failure).rejects.toMatchObject({
      code: 'crashed',
      message: expect.stringContaining('reads points until its standard input ends'),
    });
  });

  test('that closes its input fails the next point, not ours', async () => {
    await using test = openTestPool();
    expect((await test.compute(PROGRAM, 'close input', 3)).row['twice']).toBe(6);
    const failure = test.compute(PROGRAM, 'double', 1);
    await expect(failure).rejects.toMatchObject({
      code: 'bad-output',
      message: expect.stringContaining('closed its standard input'),
    });
    expect((await test.compute(PROGRAM, 'double', 1)).row['answers']).toBe(1);
  });

  test.each([
    ['a command that is not there', { command: ['no-such-command'] }, 'command not found: no-such-command'],
    [
      'a folder that is not there',
      { directory: '/no/such/folder' },
      'folder does not exist: /no/such/folder',
    ],
    ['a command that may not be run', { command: ['./moody.mjs'] }, 'EACCES'],
    ['a command that no system takes', { command: ['a\0b'] }, 'not started'],
  ])('with %s fails with a clear message, also in warm', async (_what, change, message) => {
    await using test = openTestPool();
    const expected = { code: 'crashed', message: expect.stringContaining(message) };
    await expect(test.compute({ ...PROGRAM, ...change }, 'double')).rejects.toMatchObject(expected);
    await expect(test.pool.warm({ ...PROGRAM, ...change })).rejects.toMatchObject(expected);
  });

  test('writes standard error to the log, line by line', async () => {
    await using test = openTestPool();
    await test.compute(PROGRAM, 'exit', 3).catch(() => {});
    expect(test.logged).toContainEqual(expect.objectContaining({ stream: 'stderr', line: 'out of cheese' }));
  });

  test('sees no secret in its environment', async () => {
    vi.stubEnv('REDIS_URL', 'redis://:secret@host')
      .stubEnv('GOOGLE_APPLICATION_CREDENTIALS', 'x')
      .stubEnv('MINE', '1');
    await using test = openTestPool();
    const names = String((await test.compute(PROGRAM, 'environment')).row['names']).split(' ');
    vi.unstubAllEnvs();
    expect(names).toContain('MINE');
    expect(names.filter((name) => /REDIS|SLUICE|GOOGLE/.test(name))).toEqual([]);
  });

  test.each(['hang', 'spin over a child'])(
    'that would "%s" is interrupted at once, its children too',
    async (does) => {
      await using test = openTestPool();
      await test.pool.warm(PROGRAM);
      const abort = new AbortController();
      const interrupted = test.compute(PROGRAM, does, 0, abort.signal);
      if (does !== 'hang')
        await until('it spins', () => test.logged.some(({ line }) => line === 'spinning'));
      using sinceAbort = startStopwatch();
      abort.abort();
      await expect(interrupted).rejects.toBeInstanceOf(Interrupted);
      expect(sinceAbort.elapsedMs()).toBeLessThan(AT_ONCE_MS);
    },
  );

  test('that ignores the end of its input and SIGTERM is gone within 2 s of close', async () => {
    const test = openTestPool(2);
    await Promise.all([
      test.compute(PROGRAM, 'ignore the end', 1),
      test.compute(PROGRAM, 'ignore the end', 2),
    ]);
    using sinceClose = startStopwatch();
    await test.pool.close();
    expect(sinceClose.elapsedMs()).toBeLessThan(2_000);
  });
});
