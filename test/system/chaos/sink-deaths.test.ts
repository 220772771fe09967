import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRedis } from '../harness/redis.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const POINTS = 60;
const TABLE = 'svd_block';
const BLOCKS = ['svd-block', '--blocks', String(POINTS), '--nrow', '40', '--ncol', '20'];
const MORTAL_SINK = join(import.meta.dirname, 'fixtures', 'mortal-sink.ts');

test('every row that is in the stream is stored once, though sinks die before and after commits and nobody plans again', async () => {
  await using workspace = openWorkspace('sink-deaths');
  await using redis = await openRedis(workspace.folder);
  const { redis: connection, names } = redis.broker;
  const sink = (position: string, commits: number) =>
    workspace.script(MORTAL_SINK, redis.url, workspace.data, position, String(commits), '10');
  await workspace.json(['enqueue', ...BLOCKS, '--redis', redis.url]);
  expect(await workspace.json(['consume', '--redis', redis.url, '--idle-exit', '1'])).toMatchObject({ rows: POINTS });
  const stored: number[] = [];
  for (const position of ['before-commit', 'after-commit', 'before-commit', 'after-commit']) {
    expect(await sink(position, 2).ended).toMatchObject({ signal: 'SIGKILL' });
    stored.push(storedRows(workspace.data, TABLE));
  }
  // The plan leads the first batch of 10. Each sink has acknowledged one batch and dies with the next in its hands: the
  // second has stored it, so the third finds nothing new in its first.
  expect(stored).toEqual([9, 29, 29, 49]);
  const last = sink('never', 0);
  await until('the stream is empty', async () => (await connection.xlen(names.stream)) === 0);
  await last.end('SIGTERM');
  expect(readTable(workspace.data, TABLE)).toMatchObject({ rows: POINTS, keys: POINTS, distinctKeys: POINTS, distinctPoints: POINTS, deadLetters: 0 });
});
