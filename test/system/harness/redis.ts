import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectBroker, type Broker } from '../../../runtime/broker.ts';
import { silentLog } from '../../../runtime/log.ts';
import { parseRedisUrl } from '../../../runtime/redis-address.ts';
import { startRedis, startRedisAt, type RedisServer } from '../../../runtime/redis-server.ts';
import { sendSignal } from './processes.ts';

/** Where Redis keeps its append-only file, in its own folder. */
const APPEND_FOLDER = 'appendonlydir';

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

/** Starts a private Redis in `folder`. */
export async function openRedis(folder: string): Promise<TestRedis> {
  const log = silentLog();
  const directory = join(folder, 'redis');
  const { place, ...first } = await startRedis(directory, log);
  let server: RedisServer = first;
  let held = 0;
  const { url } = first.address;
  const broker = await connectBroker({ address: first.address, namespace: 'sluice', advice: '' });
  const restart = async (): Promise<void> => void (server = await startRedisAt(place, log));
  return {
    url,
    broker,
    kill: async () => {
      await killRedis(broker);
      await server.ended;
    },
    hold: async () => {
      held = await processOf(broker);
      sendSignal(held, 'SIGSTOP');
    },
    resume: () => sendSignal(held, 'SIGCONT'),
    restart,
    restartEmpty: async () => {
      rmSync(join(directory, APPEND_FOLDER), { recursive: true, force: true });
      await restart();
    },
    [Symbol.asyncDispose]: async () => {
      await broker[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

/** SIGKILLs the Redis that `broker` is connected to. */
export async function killRedis(broker: Broker): Promise<void> {
  sendSignal(await processOf(broker), 'SIGKILL');
}

async function processOf(broker: Broker): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await broker.redis.info('server'))?.[1]);
}

/** A connection to the broker that `url` names, under the default namespace. */
export async function connectTo(url: string): Promise<Broker> {
  return await connectBroker({ address: parseRedisUrl(url), namespace: 'sluice', advice: '' });
}
