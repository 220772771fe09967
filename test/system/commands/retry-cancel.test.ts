import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectRefusal } from '../bad-input/refusal.ts';
import { openRedis } from '../harness/redis.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { documentOf, openWorkspace, type Workspace } from '../harness/workspace.ts';

/** An experiment whose odd points fail while there is a file `broken`. */
function fragile(space: Workspace): void {
  space.file('fragile.mjs', `import { existsSync } from 'node:fs';
export const name = 'fragile';
export const version = '1';
export function run({ x }) {
  if (x % 2 === 1 && existsSync(new URL('broken', import.meta.url))) throw new Error('it is broken');
  return { x, y: x * x };
}
`);
  space.file('broken', '');
  space.file('spec.json', { experiment: './fragile.mjs', params: [{ x: { range: [0, 6] } }], table_name: 'fragile' });
}

test('without a broker: failed points are kept, retry forgets them, and the next run computes them', async () => {
  await using space = openWorkspace('retry');
  fragile(space);
  const line = ['run', 'spec.json', '--attempts', '1'];
  expect(await space.json(line, 1)).toMatchObject({ computed: 3, failed: 3 });
  expect(await space.json(['status', 'fragile'])).toMatchObject({ points: 6, stored: 3, failed: 3 });
  rmSync(join(space.folder, 'broken'));
  // A recorded failure is not computed again by itself.
  expect(await space.json(line, 1)).toMatchObject({ alreadyStored: 3, computed: 0, failed: 3 });
  expect(await space.json(['retry', 'fragile'])).toEqual({ table: 'fragile', forgotten: 3, enqueued: 0 });
  expect(await space.json(['retry', 'fragile'])).toEqual({ table: 'fragile', forgotten: 0, enqueued: 0 });
  expect(await space.json(['status', 'fragile'])).toMatchObject({ stored: 3, failed: 0 });
  expect(await space.json(line)).toMatchObject({ alreadyStored: 3, computed: 3, failed: 0 });
});

test('with a broker: retry queues the failed points again, and consumers compute them', async () => {
  await using space = openWorkspace('retry-broker');
  await using redis = await openRedis(space.folder);
  fragile(space);
  const at = ['--redis', redis.url];
  const sink = space.sluice('sink', ...at, '--log-level', 'error');
  const status = async () => await space.json(['status', 'fragile', ...at]);
  await space.json(['enqueue', 'spec.json', ...at, '--attempts', '1']);
  const consume = ['consume', '--idle-exit', '0.2', ...at, '--log-level', 'silent'];
  expect(await space.json(consume)).toEqual({ rows: 3, failures: 3 });
  await until('the failures are recorded', async () => (await status())['failed'] === 3);
  rmSync(join(space.folder, 'broken'));
  expect(await space.json(['retry', 'fragile', ...at])).toEqual({ table: 'fragile', forgotten: 3, enqueued: 3 });
  expect(await status()).toMatchObject({ failed: 0, waiting: 3 });
  expect(await space.json(consume)).toEqual({ rows: 3, failures: 0 });
  await until('all is stored', () => storedRows(space.data, 'fragile') === 6);
  expect((await sink.end('SIGTERM')).stderr).toBe('');
});

test('with a broker: cancel takes out the waiting points and the plan; the rows stay, and the spec can be asked for again', async () => {
  await using space = openWorkspace('cancel');
  await using redis = await openRedis(space.folder);
  const at = ['--redis', redis.url];
  const spec = (blocks: number): string[] => ['--blocks', String(blocks), '--nrow', '4', '--ncol', '3'];
  await space.json(['run', ...spec(2)]);
  const sink = space.sluice('sink', ...at, '--log-level', 'error');
  expect(await space.json(['enqueue', ...spec(9), ...at])).toMatchObject({ enqueued: 7, alreadyStored: 2 });
  await until('the plan is committed', async () => (await space.json(['status', ...at]))['points'] === 9);
  expect(await space.json(['cancel', ...at])).toEqual({ table: 'svd_block', removed: 7 });
  await until('the plan is dropped', async () => (await space.json(['status', ...at]))['points'] === 0);
  expect(await space.json(['status', ...at])).toMatchObject({ waiting: 0, active: 0, stored: 2 });
  expect(await space.json(['enqueue', ...spec(9), ...at])).toMatchObject({ enqueued: 7 });
  expect((await sink.end('SIGTERM')).stderr).toBe('');
});

test('without a broker: cancel drops the plan, and the rows stay', async () => {
  await using space = openWorkspace('cancel-alone');
  await space.json(['run', '--blocks', '2', '--nrow', '4', '--ncol', '3']);
  expect(await space.json(['cancel'])).toEqual({ table: 'svd_block', removed: 0 });
  expect(await space.json(['status'])).toMatchObject({ points: 0, stored: 2 });
});

test('retry into a Redis that came back empty: consumers learn of the table again', async () => {
  await using space = openWorkspace('retry-empty');
  await using redis = await openRedis(space.folder);
  fragile(space);
  const at = ['--redis', redis.url];
  const line = ['run', 'spec.json', '--attempts', '1'];
  expect(await space.json(line, 1)).toMatchObject({ computed: 3, failed: 3 });
  rmSync(join(space.folder, 'broken'));
  const sink = space.sluice('sink', ...at, '--log-level', 'error');
  expect(await space.json(['retry', 'fragile', ...at])).toEqual({ table: 'fragile', forgotten: 3, enqueued: 3 });
  expect(await space.json(['consume', '--idle-exit', '1', ...at, '--log-level', 'silent'])).toEqual({ rows: 3, failures: 0 });
  await until('all is stored', () => storedRows(space.data, 'fragile') === 6);
  await sink.end('SIGTERM');
});

test('cancel ends an enqueue that waits for room, which says so, and the queue stays empty', async () => {
  await using space = openWorkspace('cancel-fill');
  await using redis = await openRedis(space.folder);
  const at = ['--redis', redis.url];
  const enqueue = space.sluice('enqueue', '--blocks', '1000', '--nrow', '4', '--ncol', '3', '--waiting', '100', '--json', ...at);
  const waiting = async () => (await space.json(['status', ...at]))['waiting'] as number;
  await until('the queue is full', async () => (await waiting()) >= 75);
  expect((await space.json(['cancel', ...at]))['removed']).toBeGreaterThanOrEqual(75);
  const end = await enqueue.ended;
  expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 1, stderr: 'sluice: svd_block was cancelled meanwhile: its other points were not enqueued\n' });
  expect(documentOf(end, ['enqueue'], 1)).toMatchObject({ cancelled: true });
  expect(await waiting()).toBe(0);
});

test('cancel of a table that neither the broker nor the database knows is refused, and makes none', async () => {
  await using space = openWorkspace('cancel-unknown');
  await using redis = await openRedis(space.folder);
  await space.json(['run', '--blocks', '2', '--nrow', '4', '--ncol', '3']);
  const end = await space.sluice('cancel', 'nosuch', '--json', '--redis', redis.url).ended;
  expectRefusal(end, { exit: 1, code: 'no-table', says: /no table nosuch; it has svd_block/ });
  expect(await redis.broker.redis.exists(redis.broker.names.stream)).toBe(0);
});
