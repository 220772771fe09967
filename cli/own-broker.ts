import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import {
  brokerFileAtHome,
  brokerFileIn,
  removeBrokerFile,
  writeBrokerFile,
  writeBrokerFileAtHome,
  type BrokerFile,
  type FoundBroker,
} from '../runtime/broker-file.ts';
import { raiseGeneration, readGeneration, superseded } from '../runtime/generation.ts';
import type { Log } from '../runtime/log.ts';
import type { RedisAddress } from '../runtime/redis-address.ts';
import type { RedisListener } from '../runtime/redis-configuration.ts';
import { startRedis, startRedisAt } from '../runtime/redis-server.ts';
import type { Settings } from '../runtime/settings.ts';
import { supervise, type Part, type Supervised } from '../runtime/supervise.ts';
import { lockForBroker, type WriteLock } from '../store/lock.ts';
import { refuseOtherBrokerAtHome } from './live-broker.ts';

/** Folder of the private Redis in the data folder; what it holds is in flight, never finished. */
const BROKER_FOLDER = 'broker';

/** How a broker is kept up. */
export interface BrokerWish {
  readonly by: BrokerFile['by'];
  /** The address where it listens, if beyond loopback, and whether by TLS: then the home tells of it too. */
  readonly listener?: { readonly host: string; readonly isEncrypted: boolean } | undefined;
  /** Where it is to take the place of another: what was taken over, the folder of Redis's files, and the job that does so. */
  readonly succession?: { readonly taken: Taken; readonly folder: string; readonly job: string };
}

/** The right to keep a broker of a data folder. */
export interface Taken {
  readonly lock: WriteLock;
  readonly generation: number;
}

/** A broker that this process keeps up. */
export interface PrivateBroker {
  readonly found: FoundBroker & { readonly path: string };
  readonly generation: number;
  /** Stops Redis, and removes the connection files where they still are this broker's and no successor is to come. */
  stop(): Promise<void>;
}

/** The folder of the private Redis of the data folder `data`. */
export function brokerFolderIn(data: string): string {
  return join(data, BROKER_FOLDER);
}

/**
 * Starts a Redis, starts it again at the same place when it falls, and writes the connection files. What an earlier one
 * left in its append-only file is there again, and consumers that waited for it find it.
 * Throws `broker-running` where the data folder has a broker, `namespace-taken` where the home tells of another one.
 */
export async function startBroker(settings: Settings, wish: BrokerWish, log: Log): Promise<PrivateBroker> {
  const { succession } = wish;
  const isAtHome = wish.listener !== undefined;
  if (isAtHome) await refuseOtherBrokerAtHome(settings);
  await using held = new AsyncDisposableStack();
  const { lock, generation } = succession?.taken ?? take(settings.data);
  held.defer(() => lock.release());
  const redis = await keepRedis(succession?.folder ?? brokerFolderIn(settings.data), await listenerOf(settings.data, wish), log);
  held.defer(async () => await redis.stop());
  // A lock may have been lost meanwhile, with its file system: the newer one's files are not to be written over.
  const raised = await readGeneration(settings.data);
  if (raised > generation) throw superseded(raised, generation, settings.data);
  const told = tellOf(settings, wish, redis.address, generation);
  const path = resolve(brokerFileIn(settings.data));
  writeBrokerFile(path, told);
  if (isAtHome) writeBrokerFileAtHome(told);
  // Consumers take a file that is gone for a broker that nobody follows.
  if (succession === undefined) held.defer(() => removeBrokerFiles(told));
  const kept = held.move();
  const found = { address: redis.address, namespace: settings.namespace, path, advice: 'it was just started' };
  return { found, generation, stop: async () => await kept.disposeAsync() };
}

/** Removes the connection files of a broker, where they still are its own. */
export function removeBrokerFiles(told: BrokerFile): void {
  for (const path of [brokerFileAtHome(told.namespace), brokerFileIn(told.data)]) removeBrokerFile(path, told);
}

function take(data: string): Taken {
  const lock = lockForBroker(data);
  return { lock, generation: raiseGeneration(data) };
}

function tellOf(settings: Settings, wish: BrokerWish, address: RedisAddress, generation: number): BrokerFile {
  return {
    ...address,
    namespace: settings.namespace,
    by: wish.by,
    pid: process.pid,
    host: hostname(),
    data: resolve(settings.data),
    startedAtMs: Date.now(),
    generation,
    ...(wish.succession && { job: wish.succession.job }),
  };
}

/** With the certificate of the data folder: whoever has not the lock may not make one, or two would make it at once. */
async function listenerOf(data: string, { listener }: BrokerWish): Promise<RedisListener | undefined> {
  if (listener === undefined) return undefined;
  const { host, isEncrypted } = listener;
  if (!isEncrypted) return { host };
  const { certificateIn } = await import('../runtime/certificate.ts');
  return { host, certificate: await certificateIn(brokerFolderIn(data)) };
}

async function keepRedis(directory: string, listener: RedisListener | undefined, log: Log): Promise<Supervised & { address: RedisAddress }> {
  const first = await startRedis(directory, log, listener);
  let isFirst = true;
  const start = async (): Promise<Part> => {
    if (!isFirst) return await startRedisAt(first.place, log);
    isFirst = false;
    return first;
  };
  return { ...(await supervise('redis', start, log)), address: first.address };
}
