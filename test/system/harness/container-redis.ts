import { createServer, type AddressInfo } from 'node:net';
import type { StartedTestContainer } from 'testcontainers';
import { parseRedisUrl } from '../../../runtime/redis-address.ts';
import { answersPing } from '../../../runtime/redis-ping.ts';
import { newPassword } from '../../../runtime/redis-configuration.ts';
import type { TestServer } from './test-server.ts';
import { until } from './until.ts';

/** A container's configuration file, and what it holds besides the password. */
const CONFIGURATION = '/tmp/redis.conf';
const LINES = ['port 6379', 'dir /data', 'appendonly yes', 'save ""', 'maxmemory-policy noeviction', 'protected-mode no'];

/** Starts a Redis of the image `image` in a container, by whatever engine answers; throws where none does. */
export async function openContainerRedis(image: string): Promise<TestServer> {
  const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers');
  const { container: engine } = await getContainerRuntimeClient();
  const password = newPassword();
  // A port of its own choice, so that the server comes back where it was.
  const port = await freePort();
  const server = image.includes('valkey') ? 'valkey-server' : 'redis-server';
  const start = async (): Promise<StartedTestContainer> =>
    await new GenericContainer(image)
      .withExposedPorts({ container: 6379, host: port })
      .withCopyContentToContainer([{ content: [...LINES, `requirepass ${password}`, ''].join('\n'), target: CONFIGURATION, mode: 0o644 }])
      .withCommand([server, CONFIGURATION])
      .start();
  let container = await start();
  const address = parseRedisUrl(`redis://:${password}@127.0.0.1:${port}`);
  const answering = async (): Promise<boolean> => await until('Redis answers', async () => await answersPing(address));
  await answering();
  const handle = () => engine.getById(container.getId());
  const restart = async (): Promise<void> => {
    await handle().start();
    await answering();
  };
  return {
    address,
    kill: async () => {
      await handle().kill({ signal: 'SIGKILL' });
      await handle().wait();
    },
    hold: async () => void (await handle().pause()),
    resume: () => void handle().unpause(),
    restart,
    restartEmpty: async () => {
      await container.stop();
      container = await start();
      await answering();
    },
    stop: async () => void (await container.stop()),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
