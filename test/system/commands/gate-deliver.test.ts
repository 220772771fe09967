import { expect, test } from 'vitest';
import { openDelivery } from '../../../consumer/deliver.ts';
import { openGate } from '../../../consumer/gate.ts';
import { append } from '../../../runtime/broker.ts';
import type { Entry } from '../../../wire/entry.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const ENTRY: Entry = { kind: 'cancel', table: 'mine' };
const NEVER = new AbortController().signal;

/** Bytes above those of an empty stream, and far below those of a hundred entries. */
const LIMIT_BYTES = 3_000;

test('the gate is open while the stream is small, shut while it is large, and opens when it has drained or one is to leave', async () => {
  await using space = openWorkspace('gate');
  await using redis = await openRedis(space.folder);
  const { broker } = redis;
  await openGate(broker, LIMIT_BYTES).pass(NEVER);
  for (let n = 0; n < 100; n += 1) await append(broker, { kind: 'plan', table: 'mine', definition: { kind: 'builtin', name: 'e', version: '1' }, spec: 'x'.repeat(200) });
  const gate = openGate(broker, LIMIT_BYTES);
  const leaving = new AbortController();
  let [passed, left] = [false, false];
  const passing = gate.pass(NEVER).then(() => (passed = true));
  const abandoned = gate.pass(leaving.signal).then(() => (left = true));
  // The gate has been told the size once; the answers after it cannot be quicker than one that is asked for now.
  await broker.redis.memory('USAGE', broker.names.stream);
  await gate.pass(AbortSignal.abort());
  expect([passed, left]).toEqual([false, false]);
  leaving.abort();
  await abandoned;
  expect(passed).toBe(false);
  await broker.redis.del(broker.names.stream);
  await passing;
});

test('an entry that Redis refuses is offered again until it takes it', async () => {
  await using space = openWorkspace('deliver');
  await using redis = await openRedis(space.folder);
  const { broker } = redis;
  const refusals: Error[] = [];
  const delivery = openDelivery(broker, () => expect.fail('nothing is to be spooled'), (error) => refusals.push(error));
  await delivery.deliver(ENTRY);
  await broker.redis.config('SET', 'maxmemory', '1');
  const delivered = delivery.deliver(ENTRY);
  await until('Redis refuses', () => refusals.length > 0);
  expect(refusals[0]?.message).toMatch(/OOM/);
  await broker.redis.config('SET', 'maxmemory', '0');
  await delivered;
  expect(await broker.redis.xlen(broker.names.stream)).toBe(2);
  await delivery.hurry(0);
});

test('what Redis does not take in a hurry goes to the spool, each entry once, and counts as delivered', async () => {
  await using space = openWorkspace('spool');
  await using redis = await openRedis(space.folder);
  const spooled: Entry[] = [];
  const delivery = openDelivery(redis.broker, (entries) => void spooled.push(...entries), () => {});
  await redis.broker.redis.config('SET', 'maxmemory', '1');
  const entries: Entry[] = ['a', 'b', 'c'].map((table) => ({ kind: 'cancel', table }));
  const delivered = Promise.all(entries.map((entry) => delivery.deliver(entry)));
  await delivery.hurry(50);
  await delivered;
  expect(spooled).toEqual(entries);
  await redis.broker.redis.config('SET', 'maxmemory', '0');
  expect(await redis.broker.redis.xlen(redis.broker.names.stream)).toBe(0);
});
