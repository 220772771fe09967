import { expect, test } from 'vitest';
import { countJobs, openQueue } from '../../../runtime/queue.ts';
import { openRedis, type TestRedis } from '../harness/redis.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const TABLE = 'svd_block';
const POINTS = 3_000;
const BLOCKS = ['svd-block', '--blocks', String(POINTS), '--nrow', '200', '--ncol', '200'];

/** A row of 203 columns takes about 2 kB: all of them would take 6 MB. */
const STREAM_BYTES = 300_000;

/** What may come beyond: the rows of one interval between two looks at the stream's size, at thousands a second. */
const SLACK_BYTES = 2_500_000;

/** A stream that has not grown for so long has stopped: many times the interval at which consumers look. */
const QUIET_MS = 1_500;

test('without a sink the stream stops growing at its limit, and all goes on when one is there', async () => {
  await using workspace = openWorkspace('back-pressure');
  await using redis = await openRedis(workspace.folder);
  const place = ['--redis', redis.url];
  await workspace.json(['enqueue', ...BLOCKS, ...place]);
  const consumers = [1, 2].map(() => workspace.sluice('consume', ...place, '--threads', '1', '--stream-bytes', String(STREAM_BYTES)));
  const entries = await stoppedAt(redis);
  expect(await bytesOf(redis)).toBeGreaterThan(STREAM_BYTES);
  expect(await bytesOf(redis)).toBeLessThan(STREAM_BYTES + SLACK_BYTES);
  const queue = openQueue(redis.broker, TABLE);
  expect((await countJobs(queue)).waiting).toBeGreaterThan(0);
  await queue.close();
  const sink = workspace.sluice('sink', ...place);
  await until('every row is stored', () => storedRows(workspace.data, TABLE) === POINTS);
  await Promise.all([...consumers, sink].map((command) => command.end('SIGTERM')));
  expect(entries).toBeLessThan(POINTS);
  expect(await redis.broker.redis.xlen(redis.broker.names.stream)).toBe(0);
  expect(readTable(workspace.data, TABLE)).toMatchObject({ rows: POINTS, distinctKeys: POINTS, failures: 0, deadLetters: 0, attempts: 1 });
});

async function bytesOf({ broker }: TestRedis): Promise<number> {
  return (await broker.redis.memory('USAGE', broker.names.stream)) ?? 0;
}

/** The number of entries at which the stream has stopped growing. */
async function stoppedAt(redis: TestRedis): Promise<number> {
  const { broker } = redis;
  await until('the stream is full', async () => (await bytesOf(redis)) > STREAM_BYTES);
  using watch = startStopwatch();
  let [entries, sinceMs] = [-1, 0];
  return await until('the stream has stopped growing', async () => {
    const now = await broker.redis.xlen(broker.names.stream);
    if (now !== entries) [entries, sinceMs] = [now, watch.elapsedMs()];
    return watch.elapsedMs() - sinceMs > QUIET_MS && entries;
  });
}
