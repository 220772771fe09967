import { TestRunner } from 'vitest';
import { connectBroker } from '../../../runtime/broker.ts';
import { parseRedisUrl } from '../../../runtime/redis-address.ts';
import type { TestServer } from './test-server.ts';

/**
 * The Redis at `url`, whose database has to be empty, since tests empty theirs. It is not ours to kill: a test that wants
 * to is skipped there.
 */
export async function openGivenRedis(url: string): Promise<TestServer> {
  const address = parseRedisUrl(url);
  await using broker = await connectBroker({ address, namespace: 'sluice', advice: 'it is what REDIS_URL names' });
  const keys = await broker.redis.dbsize();
  if (keys > 0) throw new Error(`the database that REDIS_URL names has ${keys} keys, and tests empty theirs: name an empty one, as in redis://HOST:PORT/15`);
  return { address, kill: skip, hold: skip, resume: () => {}, restart: skip, restartEmpty: skip, stop: async ({ redis }) => void (await redis.flushdb()) };
}

async function skip(): Promise<never> {
  const why = 'it kills its Redis, and the one that REDIS_URL names is not its own';
  TestRunner.getCurrentTest()?.context.skip(why);
  throw new Error(why); // outside of a test
}
