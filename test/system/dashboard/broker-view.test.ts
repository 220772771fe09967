import { expect, test } from 'vitest';
import { openBrokerView } from '../../../monitor/server/broker-view.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

test('however many look at a broker at once, also when it comes back, they share one connection, which is closed at the end', async () => {
  await using space = openWorkspace('broker-view');
  await using redis = await openRedis(space.folder);
  const connections = async (): Promise<number> => (await redis.broker.redis.client('LIST') as string).trim().split('\n').length;
  const before = await connections();
  const view = openBrokerView({ redis: redis.url, connection: undefined, data: space.data, namespace: 'sluice', insecurePlain: false });
  const ping = async (): Promise<(string | undefined)[]> => {
    const seen = await Promise.all(Array.from({ length: 5 }, async () => await view.see(async (broker) => await broker.redis.ping())));
    return seen.map((one) => one.seen);
  };
  const all = Array.from({ length: 5 }, () => 'PONG');
  expect(await ping()).toEqual(all);
  expect(await connections()).toBe(before + 1);
  await redis.kill();
  await until('the view says that it is gone', async () => (await ping()).every((one) => one === undefined));
  await redis.restart();
  await until('all see it again', async () => (await ping()).join() === all.join());
  await until('they share one connection', async () => (await connections()) === before + 1);
  await view[Symbol.asyncDispose]();
  await until('it is closed', async () => (await connections()) === before);
});
