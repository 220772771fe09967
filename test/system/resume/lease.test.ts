import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { readLease, takeLease } from '../../../sink/lease.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const never = (): void => expect.fail('the lease is not to be lost');

test('of two databases that ask for one broker at once, one gets it; given back, it is free', async () => {
  await using space = openWorkspace('lease');
  await using redis = await openRedis(space.folder);
  const { broker } = redis;
  const asked = await Promise.allSettled(['/a', '/b'].map((database) => takeLease(broker, database, never)));
  expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(asked[1]).toMatchObject({ reason: { code: 'other-sink' } });
  if (asked[0]?.status === 'fulfilled') await asked[0].value.close();
  expect(await readLease(broker)).toBeUndefined();
});

test('a predecessor\'s lease is taken over on its host, and refused on another, where the path may be another database', async () => {
  await using space = openWorkspace('lease-over');
  await using redis = await openRedis(space.folder);
  const { broker } = redis;
  const hold = async (host: string) => await broker.redis.set(broker.names.sinkLease, JSON.stringify({ database: '/a', host, pid: 1 }));
  await hold(hostname());
  const lease = await takeLease(broker, '/a', never);
  expect(await readLease(broker)).toEqual({ database: '/a', host: hostname(), pid: process.pid });
  await lease.close();
  await hold(`not-${hostname()}`);
  await expect(takeLease(broker, '/a', never)).rejects.toMatchObject({ code: 'other-sink' });
});

test('a sink whose lease another has taken says so in one line and leaves; the other\'s lease stays', async () => {
  await using space = openWorkspace('lease-lost');
  await using redis = await openRedis(space.folder);
  const { broker } = redis;
  const sink = space.sluice('sink', '--redis', redis.url, '--log-level', 'error');
  await until('it has the lease', async () => (await readLease(broker))?.pid === sink.pid);
  const other = { database: '/other', host: 'far', pid: 7 };
  await broker.redis.set(broker.names.sinkLease, JSON.stringify(other));
  const end = await sink.ended;
  expect(end).toMatchObject({ code: 1, signal: null, stdout: '' });
  expect(end.stderr).toBe('sluice: another sink (process 7 on far) has taken over this Redis, and commits its rows to /other; this one has stopped\n');
  expect(await readLease(broker)).toEqual(other);
});
