import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { brokerFileIn, removeBrokerFile, writeBrokerFile, type BrokerFile, type FoundBroker } from '../runtime/broker-file.ts';
import type { Log } from '../runtime/log.ts';
import { parseRedisUrl } from '../runtime/redis-address.ts';
import { startRedis, startRedisAt, type RedisPlace } from '../runtime/redis-server.ts';
import type { Settings } from '../runtime/settings.ts';
import { supervise, type Part } from '../runtime/supervise.ts';
import { lockForBroker } from '../store/lock.ts';

/** Folder of the private Redis in the data folder; what it holds is in flight, never finished. */
const BROKER_FOLDER = 'broker';

/** A broker that this process keeps up. */
export interface PrivateBroker {
  readonly found: FoundBroker;
  /** Stops Redis, and removes the connection file. */
  stop(): Promise<void>;
}

/**
 * Starts a Redis in the data folder, starts it again at the same place when it falls, and writes the connection file.
 * What an earlier one left in its append-only file is there again, and consumers that waited for it find it.
 * Throws `broker-running` where the data folder has a broker.
 */
export async function startBroker(settings: Settings, by: BrokerFile['by'], log: Log): Promise<PrivateBroker> {
  const lock = lockForBroker(settings.data);
  let place: RedisPlace | undefined;
  const start = async (): Promise<Part> => {
    if (place !== undefined) return await startRedisAt(place, log);
    const started = await startRedis(join(settings.data, BROKER_FOLDER), log);
    ({ place } = started);
    return started;
  };
  const redis = await supervise('redis', start, log).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  const url = `redis://:${place?.password}@127.0.0.1:${place?.port}`;
  const data = resolve(settings.data);
  const file = brokerFileIn(settings.data);
  const content: BrokerFile = { url, namespace: settings.namespace, by, pid: process.pid, host: hostname(), data, startedAtMs: Date.now(), generation: 0 };
  writeBrokerFile(file, content);
  return {
    found: { address: parseRedisUrl(url), namespace: settings.namespace, advice: 'it was just started' },
    stop: async () => {
      removeBrokerFile(file, process.pid);
      await redis.stop();
      lock.release();
    },
  };
}
