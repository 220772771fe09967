import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countTableJobs } from '../../../runtime/queue.ts';
import { SPOOL_FOLDER } from '../../../wire/spool-file.ts';
import { holdPoints } from '../harness/held-points.ts';
import { nameBroker } from '../harness/named-broker.ts';
import { openRedis, type TestRedis } from '../harness/redis.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { documentOf, openWorkspace } from '../harness/workspace.ts';

/** More generations than listeners that Node lets one signal have without a word. */
const GENERATIONS = 12;

/** Consumers that tell of themselves at a broker. */
async function consumersAt({ broker }: TestRedis): Promise<number> {
  return await broker.redis.hlen(broker.names.consumers);
}

/** Connections that a broker has. */
async function connectionsTo({ broker }: TestRedis): Promise<number> {
  return String(await broker.redis.client('LIST')).trimEnd().split('\n').length;
}

test('a consumer lets go of a broker whose generation is overtaken: what runs is handed back uncharged, and it goes on with the newer one', async () => {
  await using workspace = openWorkspace('followed');
  await using older = await openRedis(join(workspace.folder, 'older'));
  await using newer = await openRedis(join(workspace.folder, 'newer'));
  const held = holdPoints(workspace, 2);
  for (const redis of [older, newer]) await workspace.json(['enqueue', held.spec, '--redis', redis.url]);
  nameBroker(workspace.data, older.url);
  const consumer = workspace.sluice('consume', '--threads', '2', '--grace', '0.2');
  await until('the points have started', () => held.told().length === 2);
  nameBroker(workspace.data, newer.url);
  await until('they have started again', () => held.told().length === 4);
  expect(await countTableJobs(older.broker, held.table)).toEqual({ waiting: 2, active: 0, delayed: 0 });
  expect([await consumersAt(older), await connectionsTo(older)]).toEqual([0, 1]);
  held.release();
  const sink = workspace.sluice('sink', '--redis', newer.url);
  await until('every row is stored', () => storedRows(workspace.data, held.table) === 2);
  await Promise.all([consumer.end('SIGTERM'), sink.end('SIGTERM')]);
});

test('rows that a broker which is gone did not take go to the spool, before the consumer follows to the newer one', async () => {
  await using workspace = openWorkspace('followed-with-rows');
  await using older = await openRedis(join(workspace.folder, 'older'));
  await using newer = await openRedis(join(workspace.folder, 'newer'));
  const spool = join(workspace.data, SPOOL_FOLDER);
  const held = holdPoints(workspace, 2);
  for (const redis of [older, newer]) await workspace.json(['enqueue', held.spec, '--redis', redis.url]);
  nameBroker(workspace.data, older.url);
  const consumer = workspace.sluice('consume', '--threads', '2', '--grace', '0.2');
  await until('the points have started', () => held.told().length === 2);
  await older.hold();
  held.release();
  await until('the points have ended', () => held.told().filter((told) => told.what === 'ended').length === 2);
  nameBroker(workspace.data, newer.url);
  await until('the rows are in the spool', () => existsSync(spool) && readdirSync(spool).some((name) => !name.endsWith('.part')));
  await until('the consumer has come to the newer one', async () => (await consumersAt(newer)) === 1);
  older.resume();
  await until('the older one has lost its consumer', async () => (await connectionsTo(older)) === 1);
  const sink = workspace.sluice('sink', '--redis', newer.url);
  await until('every row is stored', () => storedRows(workspace.data, held.table) === 2);
  await Promise.all([consumer.end('SIGTERM'), sink.end('SIGTERM')]);
});

test('a consumer follows through many generations and leaves nothing behind at any', async () => {
  await using workspace = openWorkspace('many-generations');
  await using even = await openRedis(join(workspace.folder, 'even'));
  await using odd = await openRedis(join(workspace.folder, 'odd'));
  nameBroker(workspace.data, even.url);
  const consumer = workspace.sluice('consume', '--log-level', 'warn');
  await until('the consumer is there', async () => (await consumersAt(even)) === 1);
  for (let generation = 1; generation < GENERATIONS; generation += 1) {
    const [now, before] = generation % 2 === 0 ? [even, odd] : [odd, even];
    nameBroker(workspace.data, now.url);
    await until('the consumer has followed', async () => (await consumersAt(now)) === 1);
    expect([await consumersAt(before), await connectionsTo(before)]).toEqual([0, 1]);
  }
  expect(await consumer.end('SIGTERM')).toMatchObject({ signal: 'SIGTERM', stderr: '' });
});

test('a consumer that may leave when idle waits so long for a broker that is not there yet, and serves it when it is', async () => {
  await using workspace = openWorkspace('not-yet');
  await using redis = await openRedis(workspace.folder);
  await workspace.json(['enqueue', 'svd-block', '--blocks', '3', '--nrow', '20', '--ncol', '10', '--redis', redis.url]);
  nameBroker(workspace.data, redis.url);
  await redis.kill();
  const consumer = workspace.sluice('consume', '--idle-exit', '15', '--json');
  // What may not wait was started later and has failed: the other has failed to reach it as well, and goes on trying.
  const absent = await workspace.sluice('consume', '--idle-exit', '0').ended;
  expect(absent).toMatchObject({ code: 1, stderr: expect.stringMatching(/^sluice: no Redis answers at [^\n]*\n$/) });
  expect(consumer.gone).toBe(false);
  await redis.restart();
  expect(documentOf(await consumer.ended, ['consume'])).toEqual({ rows: 3, failures: 0 });
});

test('a consumer that starts while the SLURM job of its broker moves waits for it, and goes on with the newer one', async () => {
  await using workspace = openWorkspace('moving');
  await using older = await openRedis(join(workspace.folder, 'older'));
  await using newer = await openRedis(join(workspace.folder, 'newer'));
  await workspace.json(['enqueue', 'svd-block', '--blocks', '3', '--nrow', '20', '--ncol', '10', '--redis', newer.url]);
  nameBroker(workspace.data, older.url, '12');
  await older.kill();
  // Without a job it would have ended by now, as `absent` above.
  const consumer = workspace.sluice('consume', '--idle-exit', '0', '--json');
  await until('it has failed to reach the older one', () => consumer.stderr.includes('the broker does not answer yet'));
  nameBroker(workspace.data, newer.url, '12');
  expect(documentOf(await consumer.ended, ['consume'])).toEqual({ rows: 3, failures: 0 });
});

test('an idle consumer whose broker was taken down leaves with exit code 0', async () => {
  await using workspace = openWorkspace('taken-down');
  await using redis = await openRedis(workspace.folder);
  const path = nameBroker(workspace.data, redis.url);
  const waiting = workspace.sluice('consume');
  await until('one is there', async () => (await consumersAt(redis)) === 1);
  const consumer = workspace.sluice('consume', '--idle-exit', '3');
  await until('both are there', async () => (await consumersAt(redis)) === 2);
  rmSync(path);
  await redis.kill();
  expect(await consumer.ended).toMatchObject({ code: 0, signal: null });
  expect(waiting.gone).toBe(false);
  await waiting.end('SIGTERM');
});

test('a file server that does not answer holds up neither what a consumer computes nor its leaving', async () => {
  await using workspace = openWorkspace('hanging-file');
  await using redis = await openRedis(workspace.folder);
  const held = holdPoints(workspace, 2);
  await workspace.json(['enqueue', held.spec, '--redis', redis.url]);
  const path = nameBroker(workspace.data, redis.url);
  const consumer = workspace.sluice('consume', '--threads', '1');
  await until('a point has started', () => held.told().length === 1);
  // A pipe is read to its end: for as long as somebody has it open to write.
  const pipe = join(workspace.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  renameSync(pipe, path);
  using open = new DisposableStack();
  open.adopt(await until('the consumer reads it', () => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)), closeSync);
  held.release(held.told()[0]?.seed);
  await until('the next point has started', () => held.told().length === 3);
  held.release();
  expect(await consumer.end('SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
});
