import { connect } from 'node:net';
import { join } from 'node:path';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectBroker } from '../../../runtime/broker.ts';
import { addressOf, brokerFileIn, readBrokerFile, type BrokerFile } from '../../../runtime/broker-file.ts';
import { makePair } from '../../../runtime/certificate.ts';
import { answersPing } from '../../../runtime/redis-ping.ts';
import { killRedis } from '../harness/redis.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

/** An address of this machine that nothing else uses: TLS and binding are as at one that nodes reach. */
const HOST = '127.0.0.2';

const SMALL = ['--blocks', '20', '--nrow', '30', '--ncol', '20'];

/** The broker of `sluice up --host` in the workspace, once it is up. */
async function upAt(space: Workspace, ...options: string[]): Promise<BrokerFile> {
  const up = space.sluice('up', '--host', HOST, '--json', ...options);
  await until('up is up', () => up.stdout.endsWith('}\n') || (up.gone && up.stderr));
  return readBrokerFile(brokerFileIn(space.data))!;
}

/** Whether anything listens there. */
async function listens(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

test('a table is computed by TLS at the one address that was named, by a consumer that knows only the home', async () => {
  await using space = openWorkspace('tls');
  const file = await upAt(space);
  const { protocol, hostname, port, password } = new URL(file.url);
  expect([protocol, hostname]).toEqual(['rediss:', HOST]);
  expect(password).toMatch(/^[0-9a-f]{64}$/);
  expect([await listens(HOST, Number(port)), await listens('127.0.0.1', Number(port)), await listens('127.0.0.3', Number(port))]).toEqual([true, false, false]);
  await space.json(['enqueue', ...SMALL]);
  // Another data folder: the broker is found in the home.
  expect(await space.json(['consume', '--idle-exit', '0.5', '--data', 'elsewhere'])).toMatchObject({ rows: 20 });
  await until('all is stored', () => storedRows(space.data, 'svd_block') === 20);
  expect(await space.json(['down'])).toMatchObject({ stopped: true, entries: 0, jobs: 0 });
});

test('the connection files are for their owner alone, and go with the broker', async () => {
  await using space = openWorkspace('tls-files');
  await upAt(space);
  const home = join(space.folder, '.sluice', 'sluice');
  const files = [brokerFileIn(space.data), join(home, 'broker.json'), join(space.data, 'broker', 'key.pem'), join(space.data, 'broker', 'redis.conf')];
  for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const folder of [home, space.data, join(space.data, 'broker')]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readFileSync(files[1]!, 'utf8')).toBe(readFileSync(files[0]!, 'utf8'));
  await space.json(['down']);
  expect([readBrokerFile(files[0]!), readBrokerFile(files[1]!)]).toEqual([undefined, undefined]);
});

test('a data folder that other users can enter is left as it is, and told of with what to type', async () => {
  await using space = openWorkspace('tls-shared');
  mkdirSync(space.data, { mode: 0o755 });
  const up = space.sluice('up', '--host', HOST);
  await until('up tells of it', () => up.stdout.includes(`chmod go-rwx ${space.data}`));
  expect(statSync(space.data).mode & 0o777).toBe(0o755);
  await space.json(['down']);
  chmodSync(space.data, 0o700);
  expect(await space.json(['up', '--host', HOST, '--detach'])).toMatchObject({ openToOthers: false });
  await space.json(['down']);
});

test('a server that shows another certificate, or none that is pinned, gets no password', async () => {
  await using space = openWorkspace('tls-pinned');
  const file = await upAt(space);
  const address = addressOf(file);
  const other = await makePair(Date.now());
  expect(await answersPing(address)).toBe(true);
  for (const certificate of [other.certificate, undefined]) {
    const pinned = { url: address.url, ...(certificate === undefined ? {} : { certificate }) };
    expect(await answersPing(pinned)).toBe(false);
    await expect(connectBroker({ address: pinned, namespace: 'sluice', advice: 'x' })).rejects.toThrow(/certificate/);
  }
  const plain = { url: address.url.replace('rediss:', 'redis:') };
  expect(await answersPing(plain)).toBe(false);
});

test('certificate, port and password stay over a fall of Redis and a new `up`; the generation grows with the `up` alone', async () => {
  await using space = openWorkspace('tls-restart');
  const first = await upAt(space);
  await using broker = await connectBroker({ address: addressOf(first), namespace: 'sluice', advice: '' });
  await killRedis(broker);
  await until('Redis is back', async () => (await broker.redis.ping()) === 'PONG');
  expect(readBrokerFile(brokerFileIn(space.data))).toEqual(first);
  await space.json(['down']);
  const second = await upAt(space);
  expect({ ...second, pid: 0, startedAtMs: 0 }).toEqual({ ...first, pid: 0, startedAtMs: 0, generation: first.generation + 1 });
});

test('a second data folder gets no connection file of the first one\'s name while that one\'s broker is up', async () => {
  await using space = openWorkspace('tls-names');
  await upAt(space);
  expect(await space.json(['up', '--host', HOST, '--data', 'second'], 1)).toMatchObject({ error: { code: 'namespace-taken', message: expect.stringContaining('--namespace NAME') } });
  const other = space.sluice('up', '--host', HOST, '--data', 'second', '--namespace', 'second', '--json');
  await until('the second is up', () => other.stdout.endsWith('}\n'));
});

test.each([
  ['0.0.0.0', 2, 'bad-host'],
  ['203.0.113.7', 2, 'bad-host'],
])('up --host %s is refused before anything is made', async (host, code, name) => {
  await using space = openWorkspace('tls-refused');
  expect(await space.json(['up', '--host', host], code)).toMatchObject({ error: { code: name } });
});

test('a Redis beyond loopback without TLS is refused, and its password is not told', async () => {
  await using space = openWorkspace('tls-plain');
  const url = 'redis://:secret@203.0.113.7:1';
  expect(await space.json(['status', '--redis', url], 2)).toMatchObject({ error: { code: 'plain-redis', message: expect.not.stringContaining('secret') } });
});
