import { expect, test } from 'vitest';
import { expectRefusal } from '../bad-input/refusal.ts';
import { openRedis } from '../harness/redis.ts';
import { readTable } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

/** A spec of three points of which the last two have a column that differs from the first one's by its case alone. */
function clashing(space: Workspace): string {
  space.file('clash.mjs', `export const name = 'clash';
export const version = '1';
export const run = ({ seed }) => (seed === 0 ? { a: 1 } : { A: 2 });
`);
  return space.file('spec.json', { experiment: './clash.mjs', params: [{ seed: [0] }], table_name: 'clash' });
}

async function startSink(space: Workspace, at: readonly string[]) {
  const sink = space.sluice('sink', ...at);
  await until('the sink is at work', () => sink.stderr.includes('sink commits rows'));
  return sink;
}

test('a run on the broker of the folder\'s sink completes; on another broker it is refused', async () => {
  await using space = openWorkspace('shared');
  await using redis = await openRedis(space.folder);
  await using other = await openRedis(`${space.folder}/other`);
  const sink = await startSink(space, ['--redis', redis.url]);
  const run = ['run', '--blocks', '4', '--nrow', '4', '--ncol', '3'];
  expect(await space.json([...run, '--redis', redis.url])).toMatchObject({ points: 4, computed: 4, failed: 0 });
  const more = ['run', '--blocks', '6', '--nrow', '4', '--ncol', '3', '--json'];
  const elsewhere = await startSink(space, ['--redis', other.url, '--data', 'elsewhere']);
  const end = await space.sluice(...more, '--redis', other.url).ended;
  expectRefusal(end, { exit: 1, code: 'other-broker', says: /sluice\.db3 is being written by the sink of another broker, while the sink of another database, .*elsewhere, serves redis/ });
  await Promise.all([sink, elsewhere].map((one) => one.end('SIGTERM')));
});

test.each([['own', false], ['shared', true]])('a run with its %s broker ends although rows cannot be stored: their points have failed', async (_, isShared) => {
  await using space = openWorkspace('clash');
  await using redis = await openRedis(space.folder);
  const spec = clashing(space);
  expect(await space.json(['run', spec])).toMatchObject({ points: 1, computed: 1, failed: 0 });
  space.file('spec.json', { experiment: './clash.mjs', params: [{ seed: [0, 1, 2] }], table_name: 'clash' });
  const at = isShared ? ['--redis', redis.url] : [];
  const sink = isShared ? await startSink(space, at) : undefined;
  expect(await space.json(['run', spec, ...at], 1)).toMatchObject({ points: 3, alreadyStored: 1, computed: 0, failed: 2 });
  expect(readTable(space.data, 'clash')).toMatchObject({ rows: 1, failures: 2, deadLetters: 2 });
  await sink?.end('SIGTERM');
});

test('a cancel ends a run on a shared broker with one line', async () => {
  await using space = openWorkspace('shared-cancel');
  await using redis = await openRedis(space.folder);
  const at = ['--redis', redis.url];
  const sink = await startSink(space, at);
  const run = space.sluice('run', '--blocks', '2000', '--nrow', '4000', '--ncol', '40', '--threads', '1', '--json', ...at);
  await until('points are waiting', async () => ((await space.json(['status', ...at]))['waiting'] as number) > 100);
  await space.json(['cancel', ...at]);
  expectRefusal(await run.ended, { exit: 1, code: 'cancelled', says: /table svd_block was cancelled while it was computed/ });
  await sink.end('SIGTERM');
});
