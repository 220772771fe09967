import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countTableJobs } from '../../../runtime/queue.ts';
import { nameBroker } from '../harness/named-broker.ts';
import { openRedis, type TestRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { documentOf, openWorkspace } from '../harness/workspace.ts';

const TABLE = 'svd_block';

/** Ten points, of which four find room. */
const POINTS = 10;
const ENQUEUE = ['enqueue', 'svd-block', '--blocks', String(POINTS), '--nrow', '20', '--ncol', '10', '--waiting', '4'];

async function waitsForRoom({ broker }: TestRedis): Promise<void> {
  await until('the queue is full', async () => (await countTableJobs(broker, TABLE)).waiting === 4);
}

test('an enqueue that waits for room goes on with the newer broker where its own is overtaken', async () => {
  await using workspace = openWorkspace('overtaken-enqueue');
  await using older = await openRedis(join(workspace.folder, 'older'));
  await using newer = await openRedis(join(workspace.folder, 'newer'));
  nameBroker(workspace.data, older.url);
  const enqueue = workspace.sluice(...ENQUEUE, '--json');
  await waitsForRoom(older);
  await older.kill();
  nameBroker(workspace.data, newer.url);
  await waitsForRoom(newer);
  const consumer = workspace.sluice('consume');
  expect(documentOf(await enqueue.ended, ENQUEUE)).toMatchObject({ points: POINTS, enqueued: POINTS });
  // Its plan has come along: the one entry that is no row.
  await until('all is computed', async () => (await newer.broker.redis.xlen(newer.broker.names.stream)) === 1 + POINTS);
  await consumer.end('SIGTERM');
});

test('an enqueue that waits for room ends with one line where its broker is taken down', async () => {
  await using workspace = openWorkspace('down-enqueue');
  await using redis = await openRedis(workspace.folder);
  const path = nameBroker(workspace.data, redis.url);
  const enqueue = workspace.sluice(...ENQUEUE);
  await waitsForRoom(redis);
  rmSync(path);
  await redis.kill();
  await until('it has ended', () => enqueue.gone);
  expect(await enqueue.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^sluice: the broker of [^\n]* was taken down [^\n]*\n$/) });
});
