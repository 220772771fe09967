import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { brokerFileIn, readBrokerFile, removeBrokerFile, writeBrokerFile, type BrokerFile, type FoundBroker } from '../runtime/broker-file.ts';
import type { Log } from '../runtime/log.ts';
import { parseRedisUrl } from '../runtime/redis-address.ts';
import { answersPing } from '../runtime/redis-ping.ts';
import { startRedis, startRedisAt, type RedisPlace } from '../runtime/redis-server.ts';
import type { Settings } from '../runtime/settings.ts';
import { supervise, type Part } from '../runtime/supervise.ts';
import { pause } from '../runtime/wait.ts';

/** Folder of the private Redis in the data folder; what it holds is in flight, never finished. */
const BROKER_FOLDER = 'broker';

/** Time that the Redis of a killed owner has to end, and interval at which it is asked. */
const FORMER_END_MS = 10_000;
const ASK_MS = 50;

/** A broker that this process keeps up. */
export interface PrivateBroker {
  readonly found: FoundBroker;
  /** Stops Redis, and removes the connection file. */
  stop(): Promise<void>;
}

/**
 * Starts a Redis in the data folder, starts it again at the same place when it falls, and writes the connection file.
 * What an earlier one left in its append-only file is there again.
 */
export async function startBroker(settings: Settings, by: BrokerFile['by'], log: Log): Promise<PrivateBroker> {
  let place: RedisPlace | undefined;
  const start = async (): Promise<Part> => {
    if (place !== undefined) return await startRedisAt(place, log);
    const directory = join(settings.data, BROKER_FOLDER);
    const former = by === 'up' ? await formerPlace(settings.data, directory) : undefined;
    const again = former && (await startRedisAt(former, log).catch(() => undefined));
    if (again !== undefined) {
      place = former;
      return again;
    }
    const started = await startRedis(directory, log);
    ({ place } = started);
    return started;
  };
  const redis = await supervise('redis', start, log);
  const url = `redis://:${place?.password}@127.0.0.1:${place?.port}`;
  const data = resolve(settings.data);
  const file = brokerFileIn(settings.data);
  const content: BrokerFile = { url, namespace: settings.namespace, by, pid: process.pid, host: hostname(), data, startedAtMs: Date.now() };
  writeBrokerFile(file, content);
  return {
    found: { address: parseRedisUrl(url), namespace: settings.namespace, advice: 'it was just started' },
    stop: async () => {
      removeBrokerFile(file, process.pid);
      await redis.stop();
    },
  };
}

/**
 * The place of an `up` that was killed, once its Redis has ended: consumers wait there for it to come back. Undefined
 * where there was none, or it ended as it should.
 */
async function formerPlace(data: string, directory: string): Promise<RedisPlace | undefined> {
  const before = formerFile(data);
  if (before?.by !== 'up' || before.host !== hostname()) return undefined;
  const { port, password } = new URL(before.url);
  const place = { directory: resolve(directory), port: Number(port), password };
  const deadlineMs = performance.now() + FORMER_END_MS;
  while (performance.now() < deadlineMs && (await answersPing(place.port, place.password))) await pause(ASK_MS);
  return place;
}

/** A connection file that cannot be read is none: it is about to be written anew. */
function formerFile(data: string): BrokerFile | undefined {
  try {
    return readBrokerFile(brokerFileIn(data));
  } catch {
    return undefined;
  }
}
