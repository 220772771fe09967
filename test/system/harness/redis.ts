import { join } from 'node:path';
import { connectBroker, type Broker } from '../../../runtime/broker.ts';
import { parseRedisUrl } from '../../../runtime/redis-address.ts';
import { findRedisServer } from '../../../setup/find-redis.mjs';
import { openContainerRedis } from './container-redis.ts';
import { openGivenRedis } from './given-redis.ts';
import { openOwnRedis } from './own-redis.ts';
import type { TestServer } from './test-server.ts';

export { killRedis } from './own-redis.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The image of a Redis in a container, where SLUICE_TEST_REDIS names no other. */
const IMAGE = 'redis:7';

/** A real Redis of the test's own, with a connection that outlives its falls. */
export interface TestRedis extends AsyncDisposable {
  /** With its password. */
  readonly url: string;
  /** Under the default namespace. */
  readonly broker: Broker;
  /** SIGKILLs the server; resolves when it is gone. */
  kill(): Promise<void>;
  /** Holds the server: it takes connections and answers nobody until `resume`. */
  hold(): Promise<void>;
  resume(): void;
  /** Starts the killed server again at the same address, with its file. */
  restart(): Promise<void>;
  /** Starts the killed server again at the same address without its file. */
  restartEmpty(): Promise<void>;
}

/** Opens a Redis for a test: a private one in `folder`, unless the environment says otherwise. */
export async function openRedis(folder: string): Promise<TestRedis> {
  const server = await openServer(folder);
  const broker = await connectBroker({ address: server.address, namespace: 'sluice', advice: '' });
  return {
    url: server.address.url,
    broker,
    kill: async () => await server.kill(broker),
    hold: async () => await server.hold(broker),
    resume: () => server.resume(),
    restart: async () => await server.restart(),
    restartEmpty: async () => await server.restartEmpty(),
    [Symbol.asyncDispose]: async () => {
      await server.stop(broker);
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** The one rule: what REDIS_URL names, else a container of the image that SLUICE_TEST_REDIS names, else this machine's server, else a container. */
async function openServer(folder: string): Promise<TestServer> {
  const { REDIS_URL: url, SLUICE_TEST_REDIS: image } = process.env;
  if (url !== undefined && url !== '') return await openGivenRedis(url);
  const isHere = image === undefined && findRedisServer(process.env, ROOT) !== undefined;
  return isHere ? await openOwnRedis(folder) : await openContainerRedis(image ?? IMAGE);
}

/** A connection to the broker that `url` names, under the default namespace. */
export async function connectTo(url: string): Promise<Broker> {
  return await connectBroker({ address: parseRedisUrl(url), namespace: 'sluice', advice: '' });
}
