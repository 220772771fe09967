import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from '../../../runtime/broker.ts';
import { silentLog } from '../../../runtime/log.ts';
import { startRedis, startRedisAt, type RedisServer } from '../../../runtime/redis-server.ts';
import { sendSignal } from './processes.ts';
import type { TestServer } from './test-server.ts';

/** Where Redis keeps its append-only file, in its own folder. */
const APPEND_FOLDER = 'appendonlydir';

/** Starts a private Redis in `folder`, by the program that this machine has. */
export async function openOwnRedis(folder: string): Promise<TestServer> {
  const log = silentLog();
  const directory = join(folder, 'redis');
  const { place, ...first } = await startRedis(directory, log);
  let server: RedisServer = first;
  let held = 0;
  const restart = async (): Promise<void> => void (server = await startRedisAt(place, log));
  return {
    address: first.address,
    kill: async (broker) => {
      await killRedis(broker);
      await server.ended;
    },
    hold: async (broker) => {
      held = await processOf(broker);
      sendSignal(held, 'SIGSTOP');
    },
    resume: () => sendSignal(held, 'SIGCONT'),
    restart,
    restartEmpty: async () => {
      rmSync(join(directory, APPEND_FOLDER), { recursive: true, force: true });
      await restart();
    },
    stop: async () => await server.stop(),
  };
}

/** SIGKILLs the Redis of this machine that `broker` is connected to. */
export async function killRedis(broker: Broker): Promise<void> {
  sendSignal(await processOf(broker), 'SIGKILL');
}

async function processOf(broker: Broker): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await broker.redis.info('server'))?.[1]);
}
