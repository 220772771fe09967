import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FLUSH_MARGIN_MS } from '../../../consumer/allocation-end.ts';
import { countTableJobs } from '../../../runtime/queue.ts';
import { SPOOL_FOLDER } from '../../../wire/spool-file.ts';
import { holdPoints } from '../harness/held-points.ts';
import { openRedis } from '../harness/redis.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

/** What a consumer on a loaded machine needs to start and to have points in hand. */
const START_MS = 5_000;

/** A workspace whose commands run in an allocation that ends in START_MS and the margin, rounded up to SLURM's whole seconds. */
function openAllocation(name: string) {
  const endsAt = Math.ceil((Date.now() + START_MS + FLUSH_MARGIN_MS) / 1000);
  const workspace = openWorkspace(name, { environment: { SLURM_JOB_ID: '7', SLURM_CPUS_PER_TASK: '2', SLURM_JOB_END_TIME: String(endsAt) } });
  return { workspace, endsAtMs: endsAt * 1000 };
}

describe('a consumer whose allocation ends', () => {
  test('takes nothing that it cannot finish, lets what runs finish, and leaves with exit code 0', async () => {
    const { workspace, endsAtMs } = openAllocation('fits');
    await using space = workspace;
    await using redis = await openRedis(space.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(space, 5);
    await space.json(['enqueue', held.spec, ...place]);
    const consumer = space.sluice('consume', ...place);
    await until('two points have started', () => held.told().length === 2);
    const [first = 0, second = 0] = held.told().map((told) => told.seed);
    // The next one would be expected to take longer than there is time left.
    await until('most of the time is over', () => Date.now() > endsAtMs - FLUSH_MARGIN_MS - 1_000);
    held.release(first);
    await until('it has ended', () => held.told().some((told) => told.what === 'ended'));
    held.release(second);
    expect(await consumer.ended).toMatchObject({ code: 0, signal: null });
    expect(Date.now()).toBeLessThan(endsAtMs - FLUSH_MARGIN_MS + 1_000);
    expect(held.told().map((told) => told.what)).toEqual(['started', 'started', 'ended', 'ended']);
    expect(await countTableJobs(redis.broker, held.table)).toEqual({ waiting: 3, active: 0, delayed: 0 });
  });

  test('hands back what still runs shortly before, without an attempt charged', async () => {
    const { workspace, endsAtMs } = openAllocation('handed-back-at-the-end');
    await using space = workspace;
    await using redis = await openRedis(space.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(space, 2);
    await space.json(['enqueue', held.spec, ...place]);
    const consumer = space.sluice('consume', ...place);
    await until('the points have started', () => held.told().length === 2);
    expect(await consumer.ended).toMatchObject({ code: 0, signal: null });
    expect(Date.now()).toBeGreaterThan(endsAtMs - FLUSH_MARGIN_MS);
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
  });

  test('has its rows in the spool before the end, also where Redis answers no more', async () => {
    const { workspace, endsAtMs } = openAllocation('spooled-at-the-end');
    await using space = workspace;
    await using redis = await openRedis(space.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(space, 2);
    const spool = join(space.data, SPOOL_FOLDER);
    await space.json(['enqueue', held.spec, ...place]);
    const consumer = space.sluice('consume', ...place);
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
  });
});
