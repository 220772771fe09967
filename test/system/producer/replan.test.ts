import { expect, test } from 'vitest';
import { offer, plan } from '../../../producer/produce.ts';
import { openReplanner } from '../../../producer/replan.ts';
import { silentLog } from '../../../runtime/log.ts';
import { countTableJobs } from '../../../runtime/queue.ts';
import { readRegistrations } from '../../../runtime/registration.ts';
import { openWriter } from '../../../store/writer.ts';
import { encodeEntry } from '../../../wire/entry.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const DEFINITION = { kind: 'builtin', name: 'svd-block', version: '1' } as const;
const POINTS = 60;
const WAITING = 10;

test('a table that is too large for its queue holds up no other, and consumers learn of both', async () => {
  await using space = openWorkspace('replan');
  await using redis = await openRedis(space.folder);
  const { broker } = redis;
  const spec = JSON.stringify({ experiment: DEFINITION.name, params: [{ nrow: [4], ncol: [3], seed: { range: [0, POINTS] } }] });
  const writer = openWriter(space.data);
  writer.apply(['a', 'b'].map((table) => ({ id: table, bytes: encodeEntry({ kind: 'plan', table, definition: DEFINITION, spec }) })));
  writer.close();
  const stop = new AbortController();
  await using replanner = openReplanner({ broker, data: space.data, waiting: WAITING, attempts: 1, signal: stop.signal, log: silentLog() });
  await replanner.replan();
  const isFull = async (table: string): Promise<boolean> => (await countTableJobs(broker, table)).waiting === WAITING;
  await until('both queues are full', async () => (await isFull('a')) && (await isFull('b')));
  expect([...(await readRegistrations(broker)).keys()].toSorted()).toEqual(['a', 'b']);
  // A second look finds them being filled.
  await replanner.replan();
  expect([await countTableJobs(broker, 'a'), await countTableJobs(broker, 'b')]).toEqual([{ waiting: WAITING, active: 0, delayed: 0 }, { waiting: WAITING, active: 0, delayed: 0 }]);
  stop.abort();
});

test('points that were asked for before a cancel are not offered after it', async () => {
  await using space = openWorkspace('cancelled');
  await using redis = await openRedis(space.folder);
  const { broker } = redis;
  await plan(broker, 't', DEFINITION, '{}', undefined);
  await broker.redis.hset(broker.names.cancels, 't', 3);
  const points = { size: POINTS, pointAt: (seed: number) => ({ seed }) };
  const request = { broker, table: 't', definition: DEFINITION, points, store: undefined, waiting: 100, attempts: 1 };
  expect(await offer({ ...request, cancels: 2 })).toMatchObject({ added: 0, cancelled: true });
  expect((await countTableJobs(broker, 't')).waiting).toBe(0);
  expect(await offer({ ...request, cancels: 3 })).toMatchObject({ added: POINTS, cancelled: false });
});
