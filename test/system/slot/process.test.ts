import { afterEach, describe, expect, test, vi } from 'vitest';
import { ComputationError, Interrupted } from '../../../consumer/slot/slot.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { until } from '../harness/until.ts';
import { expectNone, HAS_PROC, markChildren, processesOf } from './census.ts';
import { AT_ONCE_MS, MODULE, openTestPool } from './open-test-pool.ts';

const mark = markChildren();
afterEach(async () => await expectNone(mark));

describe('a module in a process of its own', () => {
  test('gives the row at a point, its notes and its seconds, from one process for many points', async () => {
    await using test = openTestPool();
    const first = await test.compute(MODULE, 'double', 3);
    const second = await test.compute(MODULE, 'double', 4);
    expect(first).toMatchObject({
      row: { does: 'double', x: 3, twice: 6 },
      parameters: 2,
      notes: { half: 1.5 },
    });
    expect(Object.keys(first.row)).toEqual(['does', 'x', 'twice', 'pid']);
    expect(first.seconds).toBeGreaterThanOrEqual(0);
    expect(second.row['twice']).toBe(8);
    expect(second.row['pid']).toBe(first.row['pid']);
    expect(first.row['pid']).not.toBe(process.pid);
  });

  test('gives vectors with all their bits', async () => {
    await using test = openTestPool();
    const { row } = await test.compute(MODULE, 'vector', 100_000);
    expect(row['v']).toEqual(new Float64Array(100_000).fill(Math.PI));
    expect(row['odd']).toEqual(Float64Array.of(NaN, Infinity, -0));
    expect((await test.compute(MODULE, 'view')).row['v']).toEqual(Float64Array.of(2, 3));
  });

  test.each([
    ['throw', 'point-failed', /^RangeError: x is 7\n {4}at .*moody\.ts/],
    ['throw much', 'point-failed', /^x{3996} \.\.\.$/],
    ['throw a text', 'point-failed', /^threw just a text, which is no Error$/],
    ['bad row', 'bad-row', /column "shape"/],
    ['no row', 'bad-row', /undefined/],
    ['bad note', 'bad-row', /note "f"/],
  ])('that answers with "%s" fails the point with %s and computes on', async (does, code, message) => {
    await using test = openTestPool();
    const { row } = await test.compute(MODULE, 'double', 1);
    const failure = await test.compute(MODULE, does, 7).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ComputationError);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((await test.compute(MODULE, 'double', 2)).row['pid']).toBe(row['pid']);
  });

  test.each([
    ['exit', 'crashed its process (exit code 3)', undefined],
    ['segfault', 'crashed its process (signal SIGSEGV)', 'SIGSEGV'],
    ['term', 'crashed its process (signal SIGTERM)', 'SIGTERM'],
  ])('that dies by "%s" fails its point, and the next gets a new process', async (does, message, signal) => {
    await using test = openTestPool();
    const { row } = await test.compute(MODULE, 'double', 1);
    const failure = await test.compute(MODULE, does, 3).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ComputationError', code: 'crashed', message, signal });
    expect((await test.compute(MODULE, 'double', 2)).row['pid']).not.toBe(row['pid']);
  });

  test('that throws where nobody catches it fails its point and quotes its last words', async () => {
    await using test = openTestPool();
    const failure = test.compute(MODULE, 'throw later');
    await expect(failure).rejects.toMatchObject({
      code: 'crashed',
      message: expect.stringContaining('Error: too late'),
    });
  });

  test("that cannot be loaded fails its point with the file's name, also in warm", async () => {
    await using test = openTestPool();
    const missing = { ...MODULE, path: '/no/such/module.ts' };
    const expected = { code: 'point-failed', message: expect.stringContaining('/no/such/module.ts') };
    await expect(test.compute(missing, 'double')).rejects.toMatchObject(expected);
    await expect(test.pool.warm(missing)).rejects.toMatchObject(expected);
  });

  test('prints to the log, line by line, and to nothing else', async () => {
    await using test = openTestPool();
    await test.compute(MODULE, 'print');
    await until('the line is logged', () => test.logged.some(({ stream, line }) => stream === 'stdout' && line === 'to standard output'));
    await until('the line is logged', () => test.logged.some(({ stream, line }) => stream === 'stderr' && line === 'to standard error'));
  });

  test('that prints without end neither fills the log nor blocks', async () => {
    await using test = openTestPool();
    await test.compute(MODULE, 'chatter');
    const { row } = await test.compute(MODULE, 'double', 1);
    expect(row['twice']).toBe(2);
    expect(test.logged.length).toBeLessThan(2_000);
  });

  test('sees no secret in its environment', async () => {
    vi.stubEnv('REDIS_URL', 'redis://:secret@host').stubEnv('SLUICE_CONNECTION', 'x').stubEnv('MINE', '1');
    await using test = openTestPool();
    const names = String((await test.compute(MODULE, 'environment')).row['names']).split(' ');
    vi.unstubAllEnvs();
    expect(names).toContain('MINE');
    expect(names.filter((name) => /REDIS|SLUICE|GOOGLE/.test(name))).toEqual([]);
  });

  test.each(['spin', 'wait', 'spin over a child'])(
    'that would "%s" for ever is interrupted at once',
    async (does) => {
      await using test = openTestPool();
      await test.pool.warm(MODULE);
      const abort = new AbortController();
      const interrupted = test.compute(MODULE, does, 0, abort.signal);
      if (does !== 'wait')
        await until('it spins', () => test.logged.some(({ line }) => line === 'spinning'));
      using sinceAbort = startStopwatch();
      abort.abort();
      await expect(interrupted).rejects.toBeInstanceOf(Interrupted);
      expect(sinceAbort.elapsedMs()).toBeLessThan(AT_ONCE_MS);
      expect((await test.compute(MODULE, 'double', 2)).row['twice']).toBe(4);
    },
  );

  test("ignores the signals that are the consumer's to heed", async () => {
    await using test = openTestPool();
    const { row } = await test.compute(MODULE, 'double', 1);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'])
      process.kill(Number(row['pid']), signal);
    expect((await test.compute(MODULE, 'double', 2)).row['pid']).toBe(row['pid']);
  });

  test('that died between two points is replaced', async () => {
    await using test = openTestPool();
    const { row } = await test.compute(MODULE, 'double', 1);
    process.kill(Number(row['pid']), 'SIGKILL');
    if (HAS_PROC) await until('it is gone', () => !processesOf(mark).includes(Number(row['pid'])));
    await until('another computes', async () => (await test.compute(MODULE, 'double', 2)).row['pid'] !== row['pid']);
  });
});
