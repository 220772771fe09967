import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FLUSH_MARGIN_MS } from '../../../consumer/allocation-end.ts';
import { countTableJobs } from '../../../runtime/queue.ts';
import { SPOOL_FOLDER } from '../../../wire/spool-file.ts';
import { holdPoints } from '../harness/held-points.ts';
import { openRedis } from '../harness/redis.ts';
import { unlessHalted } from '../harness/stopwatch.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import type { Command } from '../harness/command.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

/** Time for a consumer to start and to have points in hand: at least so long, and so many times what another command took just before. */
const START_MS = 5_000;
const START_COMMANDS = 5;

/** A consumer in an allocation, and when that ends. */
interface Lent {
  readonly consumer: Command;
  readonly endsAtMs: number;
  /** When what runs has to be over. */
  readonly lastMs: number;
}

/** Queues the spec and starts a consumer of two slots, in an allocation that ends soon after it has points in hand, in SLURM's whole seconds. */
async function consumeInAllocation(space: Workspace, spec: string, place: readonly string[]): Promise<Lent> {
  const askedAtMs = Date.now();
  await space.json(['enqueue', spec, ...place]);
  const startMs = Math.max(START_MS, START_COMMANDS * (Date.now() - askedAtMs));
  const endsAt = Math.ceil((Date.now() + startMs + FLUSH_MARGIN_MS) / 1000);
  const allocation = { SLURM_JOB_ID: '7', SLURM_CPUS_PER_TASK: '2', SLURM_JOB_END_TIME: String(endsAt) };
  const consumer = space.sluiceWith(allocation, 'consume', ...place);
  return { consumer, endsAtMs: endsAt * 1000, lastMs: endsAt * 1000 - FLUSH_MARGIN_MS };
}

describe('a consumer whose allocation ends', () => {
  test('takes nothing that it cannot finish, lets what runs finish, and leaves with exit code 0', async () => await unlessHalted(async () => {
    await using space = openWorkspace('fits');
    await using redis = await openRedis(space.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(space, 5);
    const { consumer, endsAtMs, lastMs } = await consumeInAllocation(space, held.spec, place);
    await until('two points have started', () => held.told().length === 2);
    const [first = 0, second = 0] = held.told().map((told) => told.seed);
    const startedAtMs = Date.now();
    // The next one would be expected to take longer than there is time left.
    await until('half of the time is over', () => Date.now() - startedAtMs > lastMs - Date.now());
    held.release(first);
    await until('it has ended', () => held.told().some((told) => told.what === 'ended'));
    held.release(second);
    expect(await consumer.ended).toMatchObject({ code: 0, signal: null });
    expect(Date.now()).toBeLessThan(endsAtMs);
    expect(held.told().every(({ atMs }) => atMs < lastMs)).toBe(true);
    expect(held.told().map((told) => told.what)).toEqual(['started', 'started', 'ended', 'ended']);
    expect(await countTableJobs(redis.broker, held.table)).toEqual({ waiting: 3, active: 0, delayed: 0 });
  }));

  test('hands back what still runs shortly before, without an attempt charged', async () => await unlessHalted(async () => {
    await using space = openWorkspace('handed-back-at-the-end');
    await using redis = await openRedis(space.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(space, 2);
    const { consumer, endsAtMs, lastMs } = await consumeInAllocation(space, held.spec, place);
    await until('the points have started', () => held.told().length === 2);
    expect(await consumer.ended).toMatchObject({ code: 0, signal: null });
    expect(Date.now()).toBeGreaterThan(lastMs);
    expect(Date.now()).toBeLessThan(endsAtMs);
    expect(await countTableJobs(redis.broker, held.table)).toEqual({ waiting: 2, active: 0, delayed: 0 });
    held.release();
    await using next = openWorkspace('after-the-end');
    const consumers = [next.sluice('consume', ...place, '--data', space.data, '--idle-exit', '1')];
    // Held points look for their release in the folder of their consumer.
    next.file('released', '');
    const sink = space.sluice('sink', ...place);
    await until('every row is stored', () => storedRows(space.data, held.table) === 2);
    expect(readTable(space.data, held.table)).toMatchObject({ rows: 2, attempts: 1, failures: 0 });
    await Promise.all([...consumers.map((one) => one.ended), sink.end('SIGTERM')]);
  }));

  test('has its rows in the spool before the end, also where Redis answers no more', async () => await unlessHalted(async () => {
    await using space = openWorkspace('spooled-at-the-end');
    await using redis = await openRedis(space.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(space, 2);
    const spool = join(space.data, SPOOL_FOLDER);
    const { consumer, endsAtMs } = await consumeInAllocation(space, held.spec, place);
    await until('the points have started', () => held.told().length === 2);
    await redis.hold();
    held.release();
    await until('the points have ended', () => held.told().length === 4);
    await until('the rows are in the spool', () => existsSync(spool) && readdirSync(spool).some((name) => !name.endsWith('.part')));
    expect(Date.now()).toBeLessThan(endsAtMs);
    expect(await consumer.ended).toMatchObject({ code: 0, signal: null });
    expect(Date.now()).toBeLessThan(endsAtMs);
    redis.resume();
    const sink = space.sluice('sink', ...place);
    await until('every row is stored', () => storedRows(space.data, held.table) === 2);
    expect(readTable(space.data, held.table)).toMatchObject({ rows: 2, attempts: 1, failures: 0, deadLetters: 0 });
    await sink.end('SIGTERM');
  }));
});
