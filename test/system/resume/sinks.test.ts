import { describe, expect, test } from 'vitest';
import { ENTRY_FIELD } from '../../../runtime/broker.ts';
import type { Command } from '../harness/command.ts';
import { openRedis } from '../harness/redis.ts';
import { isPlanned, readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const SMALL = ['svd-block', '--blocks', '30', '--nrow', '40', '--ncol', '20'];
const TABLE = 'svd_block';

describe('a sink', () => {
  test('that is the second on a database says so and leaves', async () => {
    await using workspace = openWorkspace('two-sinks');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    const first = workspace.sluice('sink', ...place);
    await until('a sink is at work', () => first.stderr.includes('sink commits rows'));
    const second = await workspace.sluice('sink', ...place).ended;
    expect(second).toMatchObject({ code: 1, signal: null, stdout: '' });
    expect(second.stderr).toMatch(new RegExp(`^sluice: a sink \\(${first.pid}@.*\\) is writing .*sluice\\.db3 already.*\\n$`));
    expect(first.gone).toBe(false);
    await first.end('SIGTERM');
  });

  test('of another database on the same Redis is refused, and the first one goes on', async () => {
    await using workspace = openWorkspace('other-database');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    const first = workspace.sluice('sink', ...place);
    await until('a sink is at work', () => first.stderr.includes('sink commits rows'));
    const second = await workspace.sluice('sink', ...place, '--data', 'elsewhere').ended;
    expect(second).toMatchObject({ code: 1, signal: null, stdout: '' });
    expect(second.stderr).toContain(`this Redis is served by the sink of another database, ${workspace.data} (process ${first.pid} on `);
    await workspace.json(['enqueue', ...SMALL, ...place]);
    await workspace.json(['consume', ...place, '--idle-exit', '1']);
    await until('every row is stored', () => storedRows(workspace.data, TABLE) === 30);
    // Once the first has left, the other one may serve this Redis.
    await first.end('SIGTERM');
    const third = workspace.sluice('sink', ...place, '--data', 'elsewhere');
    await until('the other sink is at work', () => third.stderr.includes('sink commits rows'));
    await third.end('SIGTERM');
  });

  test('keeps what is no entry as dead letters, and what comes after it is stored', async () => {
    await using workspace = openWorkspace('garbage');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    const { broker } = redis;
    await workspace.json(['enqueue', ...SMALL, ...place]);
    await broker.redis.xadd(broker.names.stream, '*', ENTRY_FIELD, Buffer.from([0, 255, 1, 254]));
    await broker.redis.xadd(broker.names.stream, '*', ENTRY_FIELD, '');
    await broker.redis.xadd(broker.names.stream, '*', 'other', 'field');
    const sink = workspace.sluice('sink', ...place);
    expect(await workspace.json(['consume', ...place, '--idle-exit', '1'])).toEqual({ rows: 30, failures: 0 });
    await until('every row is stored', () => storedRows(workspace.data, TABLE) === 30);
    await until('the stream is empty', async () => (await broker.redis.xlen(broker.names.stream)) === 0);
    expect(readTable(workspace.data, TABLE)).toMatchObject({ rows: 30, failures: 0, deadLetters: 3 });
    await sink.end('SIGTERM');
  });

  test('goes on reading the stream although its spool folder cannot be read', async () => {
    await using workspace = openWorkspace('bad-spool');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    workspace.file('data/spool', 'a file in the place of the folder');
    const sink = workspace.sluice('sink', ...place);
    await workspace.json(['enqueue', ...SMALL, ...place]);
    await until('the plan is stored', () => isPlanned(workspace.data, TABLE));
    await until('the fault is told of', () => sink.stderr.includes('the spool folder cannot be read'));
    await sink.end('SIGTERM');
  });

  test('whose Redis comes back empty goes on with what comes then', async () => {
    await using workspace = openWorkspace('empty-redis');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url];
    const sink = workspace.sluice('sink', ...place);
    await workspace.json(['enqueue', ...SMALL, ...place]);
    await until('the plan is stored', () => isPlanned(workspace.data, TABLE));
    await redis.kill();
    await redis.restartEmpty();
    expect(await workspace.json(['enqueue', ...SMALL, ...place])).toMatchObject({ points: 30, enqueued: 30 });
    expect(await workspace.json(['consume', ...place, '--idle-exit', '1'])).toEqual({ rows: 30, failures: 0 });
    await until('every row is stored', () => storedRows(workspace.data, TABLE) === 30);
    expect(sink.gone).toBe(false);
    await sink.end('SIGTERM');
  });

  test('that is stopped while Redis is away leaves, as it does when Redis has just come back', async () => {
    await using workspace = openWorkspace('sink-alone');
    await using redis = await openRedis(workspace.folder);
    const start = async (): Promise<Command> => {
      const sink = workspace.sluice('sink', '--redis', redis.url);
      await until('the sink is at work', () => sink.stderr.includes('sink commits rows'));
      return sink;
    };
    const first = await start();
    await redis.kill();
    expect(await first.end('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
    await redis.restart();
    const second = await start();
    await redis.kill();
    await redis.restart();
    expect(await second.end('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
  });
});
