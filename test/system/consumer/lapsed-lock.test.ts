import { expect, test } from 'vitest';
import { countTableJobs } from '../../../runtime/queue.ts';
import { holdPoints } from '../harness/held-points.ts';
import { openRedis } from '../harness/redis.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

test.each([
  ['before the other has ended with its points', false],
  ['after the other has delivered its points', true],
])('a consumer that was cut off and comes back %s delivers too: one row each, nothing charged, no word', async (_, isLate) => {
  await using workspace = openWorkspace('lapsed');
  await using redis = await openRedis(workspace.folder);
  const place = ['--redis', redis.url];
  const held = holdPoints(workspace, 2);
  await workspace.json(['enqueue', held.spec, ...place]);
  const sink = workspace.sluice('sink', ...place);
  const consume = () => workspace.sluice('consume', ...place, '--threads', '2', '--log-level', 'warn');
  const cut = consume();
  await until('the points have started', () => held.told().length === 2);
  cut.signal('SIGSTOP');
  const other = consume();
  await until('another has taken them', () => held.told().length === 4);
  if (isLate) {
    held.release();
    await until('its rows are stored', () => storedRows(workspace.data, held.table) === 2);
    await until('its jobs are gone', async () => (await countTableJobs(redis.broker, held.table)).active === 0);
  }
  cut.signal('SIGCONT');
  held.release();
  await until('all four have ended', () => held.told().filter((told) => told.what === 'ended').length === 4);
  const ends = await Promise.all([cut.end('SIGTERM'), other.end('SIGTERM')]);
  expect(ends.map(({ stdout }) => stdout)).toEqual(Array(2).fill('consumer left: 2 rows, 0 failures delivered\n'));
  expect(ends[0].stderr).toBe('');
  await until('nothing is on its way', async () => (await redis.broker.redis.xlen(redis.broker.names.stream)) === 0);
  expect(await countTableJobs(redis.broker, held.table)).toEqual({ waiting: 0, active: 0, delayed: 0 });
  expect(readTable(workspace.data, held.table)).toMatchObject({ rows: 2, distinctKeys: 2, attempts: 1, failures: 0, deadLetters: 0 });
  await sink.end('SIGTERM');
});
