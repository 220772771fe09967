import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SPOOL_FOLDER } from '../../../wire/spool-file.ts';
import { holdPoints } from '../harness/held-points.ts';
import { openRedis } from '../harness/redis.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

/** Handed back, a point waits for the others alone, which take milliseconds; had it to wait for its lock, it would take 5 s and more. */
const HANDED_OVER_MS = 1_000;

describe('a consumer', () => {
  test('that is stopped hands back what it has: others take it within a second, and nothing is charged', async () => {
    await using workspace = openWorkspace('handed-back');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(workspace, 4);
    await workspace.json(['enqueue', held.spec, ...place]);
    const sink = workspace.sluice('sink', ...place);
    const consume = () => workspace.sluice('consume', ...place, '--threads', '1', '--grace', '0.2');
    const first = consume();
    await until('a point has started', () => held.told().length === 1);
    const second = consume();
    // Another holds a point as well, so that its own process is at work already.
    await until('another has started', () => held.told().length === 2);
    const [seed = -1, other = -1] = held.told().map((told) => told.seed);
    const end = await first.end('SIGTERM');
    expect(end).toMatchObject({ code: null, signal: 'SIGTERM' });
    for (const free of [0, 1, 2, 3]) if (free !== seed) held.release(free);
    using sinceLeft = startStopwatch();
    await until('its point has started again', () => held.told().some((told) => told.seed === seed && told.consumer === second.pid));
    expect(other).not.toBe(seed);
    expect(sinceLeft.elapsedMs()).toBeLessThan(HANDED_OVER_MS);
    held.release();
    await until('every row is stored', () => storedRows(workspace.data, held.table) === 4);
    expect(readTable(workspace.data, held.table)).toMatchObject({ rows: 4, distinctKeys: 4, attempts: 1, failures: 0 });
    await Promise.all([second.end('SIGTERM'), sink.end('SIGTERM')]);
  });

  test('leaves by itself when it was idle for as long as told, and not before its work is done', async () => {
    await using workspace = openWorkspace('idle');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    expect(await workspace.json(['consume', ...place, '--idle-exit', '0.5'])).toEqual({ rows: 0, failures: 0 });
    const sink = workspace.sluice('sink', ...place);
    await workspace.json(['enqueue', 'svd-block', '--blocks', '50', '--nrow', '40', '--ncol', '20', ...place]);
    expect(await workspace.json(['consume', ...place, '--idle-exit', '1'])).toEqual({ rows: 50, failures: 0 });
    await until('every row is stored', () => storedRows(workspace.data, 'svd_block') === 50);
    await sink.end('SIGTERM');
  });

  test('waits for a Redis that went away, and delivers what it computed meanwhile', async () => {
    await using workspace = openWorkspace('redis-away');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    const held = holdPoints(workspace, 2);
    await workspace.json(['enqueue', held.spec, ...place]);
    const sink = workspace.sluice('sink', ...place);
    const consumer = workspace.sluice('consume', ...place, '--threads', '2');
    await until('the points have started', () => held.told().length === 2);
    await redis.kill();
    held.release();
    await until('the points have ended', () => held.told().length === 4);
    await redis.restart();
    await until('every row is stored', () => storedRows(workspace.data, held.table) === 2);
    expect([consumer.gone, sink.gone]).toEqual([false, false]);
    expect(readTable(workspace.data, held.table)).toMatchObject({ rows: 2, attempts: 1, failures: 0 });
    await Promise.all([consumer.end('SIGTERM'), sink.end('SIGTERM')]);
  });

  test('that is stopped while Redis is away for good spools its rows, and the next sink takes them in', async () => {
    await using workspace = openWorkspace('spooled');
    const held = holdPoints(workspace, 2);
    const spool = join(workspace.data, SPOOL_FOLDER);
    {
      await using redis = await openRedis(workspace.folder);
      const place = ['--redis', redis.url];
      const sink = workspace.sluice('sink', ...place);
      await workspace.json(['enqueue', held.spec, ...place]);
      const consumer = workspace.sluice('consume', ...place, '--threads', '2', '--grace', '0.2');
      await until('the points have started', () => held.told().length === 2);
      await sink.end('SIGTERM');
      await redis.kill();
      held.release();
      await until('the points have ended', () => held.told().length === 4);
      expect(await consumer.end('SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
      expect(readdirSync(spool).length).toBeGreaterThan(0);
    }
    await using other = await openRedis(join(workspace.folder, 'other'));
    const sink = workspace.sluice('sink', '--redis', other.url);
    await until('every row is stored', () => storedRows(workspace.data, held.table) === 2);
    await until('the spool is empty', () => readdirSync(spool).length === 0);
    expect(readTable(workspace.data, held.table)).toMatchObject({ rows: 2, attempts: 1, failures: 0, deadLetters: 0 });
    await sink.end('SIGTERM');
  });
});
