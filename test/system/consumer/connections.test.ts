import { expect, test } from 'vitest';
import { readPresences } from '../../../runtime/presence.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const TABLES = ['one', 'two', 'three'];

test.each([1, 16])('a consumer of three tables and %i slots has four connections: one for commands, and one per table that waits for jobs', async (slots) => {
  await using workspace = openWorkspace('connections');
  await using redis = await openRedis(workspace.folder);
  const place = ['--redis', redis.url];
  const count = async (): Promise<number> => String(await redis.broker.redis.client('LIST')).trimEnd().split('\n').length;
  for (const table of TABLES) await workspace.json(['enqueue', 'svd-block', '--blocks', '20', '--nrow', '20', '--ncol', '10', '--table', table, ...place]);
  const before = await count();
  const consumer = workspace.sluice('consume', ...place, '--threads', String(slots));
  await until('all is computed', async () => (await redis.broker.redis.xlen(redis.broker.names.stream)) === TABLES.length * 21);
  expect((await count()) - before).toBe(1 + TABLES.length);
  await consumer.end('SIGTERM');
  expect(await count()).toBe(before);
});

test('a consumer tells of its job, its end and its pace; one that is killed is told of as lost, one that leaves is not', async () => {
  const endsAt = Math.ceil(Date.now() / 1000) + 3_600;
  const environment = { SLURM_JOB_ID: '9', SLURM_ARRAY_JOB_ID: '8', SLURM_ARRAY_TASK_ID: '4', SLURM_JOB_END_TIME: String(endsAt), SLURM_CPUS_PER_TASK: '3' };
  await using workspace = openWorkspace('presence', { environment });
  await using redis = await openRedis(workspace.folder);
  const place = ['--redis', redis.url];
  await workspace.json(['enqueue', 'svd-block', '--blocks', '20', '--nrow', '20', '--ncol', '10', ...place]);
  const [stays, leaves] = [workspace.sluice('consume', ...place), workspace.sluice('consume', ...place)];
  await until('both are there', async () => (await readPresences(redis.broker)).length === 2);
  await leaves.end('SIGTERM');
  const told = await until('the other has told of its rows', async () => (await readPresences(redis.broker)).find((one) => one.rows > 0));
  expect(told).toMatchObject({ pid: stays.pid, job: '8_4', slots: 3, state: 'taking', endsAtMs: endsAt * 1000, alive: true, secondsPerPoint: expect.any(Number) });
  await stays.end('SIGKILL');
  const lost = await until('it is lost', async () => (await readPresences(redis.broker)).find((one) => !one.alive));
  expect(lost).toMatchObject({ pid: stays.pid, agoMs: expect.any(Number) });
});
