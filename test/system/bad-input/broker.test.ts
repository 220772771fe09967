import { writeFileSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { namesFor } from '../../../wire/names.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { everythingIn, expectOneLine, expectRefusal } from './refusal.ts';

const SMALL = ['--blocks', '2', '--nrow', '4', '--ncol', '3'];

/** A port of the loopback that nothing listens on: a privileged one that no service has. */
const DEAD = '127.0.0.1:1';

/** Number of a process that cannot be: above the kernel's highest. */
const DEAD_PID = 2 ** 22 + 1;

const COMMANDS: [command: string, parameters: string[]][] = [
  ['enqueue', SMALL],
  ['consume', []],
  ['sink', []],
  ['status', []],
];

/** The grace of 1 s, four steps of 2 s for leaving without Redis, and as much again on a busy machine. */
const LEAVE_MS = 20_000;

/** A connection file of `sluice up`, as the data folder keeps it. */
function connectionFile(space: Workspace, changes: Record<string, unknown> = {}): string {
  const url = `redis://:s3cret@${DEAD}`;
  return space.file('data/broker.json', { url, namespace: 'sluice', by: 'up', pid: DEAD_PID, host: hostname(), data: space.data, startedAtMs: 1, ...changes });
}

describe.concurrent('a Redis that does not answer', () => {
  test.each(COMMANDS)('%s says in one line that none answers at the URL', async (command, parameters) => {
    await using space = openWorkspace('no-redis');
    const end = await space.sluice(command, '--json', ...parameters, '--redis', `redis://:s3cret@${DEAD}`).ended;
    expectRefusal(end, { exit: 1, code: 'redis-unreachable', says: /no Redis answers at redis:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED/ });
    expect(end.stderr + end.stdout).not.toContain('s3cret');
    expect(everythingIn(space.folder)).toEqual([]);
  });

  test.each(COMMANDS.slice(0, 3))('%s without any broker says what to type', async (command, parameters) => {
    await using space = openWorkspace('no-broker');
    const end = await space.sluice(command, '--json', ...parameters).ended;
    expectRefusal(end, { exit: 1, code: 'no-broker', says: /start one with `sluice up`, or name one with --redis or REDIS_URL/ });
    expect(everythingIn(space.folder)).toEqual([]);
  });

  test.each(COMMANDS.slice(0, 3))('%s says that the broker of a stale broker.json has ended', async (command, parameters) => {
    await using space = openWorkspace('stale');
    connectionFile(space);
    const end = await space.sluice(command, '--json', ...parameters).ended;
    expectRefusal(end, { exit: 1, code: 'redis-unreachable', says: /broker\.json, whose `sluice up` has ended/ });
    expect(end.stderr + end.stdout).not.toContain('s3cret');
  });

  test('status, down, up and run are not misled by a stale broker.json', async () => {
    await using space = openWorkspace('stale');
    connectionFile(space);
    expect(await space.json(['status'])).toMatchObject({ broker: false, waiting: 0 });
    expect(await space.json(['down'])).toEqual({ stopped: false });
    expect(await space.json(['run', ...SMALL])).toMatchObject({ computed: 2 });
  });

  test.each(COMMANDS)('%s refuses a broker.json that is garbage, and says which file', async (command, parameters) => {
    await using space = openWorkspace('garbage');
    space.file('data/broker.json', '{"url": "redis://:s3cret@');
    const end = await space.sluice(command, '--json', ...parameters).ended;
    expectRefusal(end, { exit: 1, code: 'bad-broker-file', says: /broker\.json is no connection file of `sluice up`; remove it/ });
    expect(end.stderr + end.stdout).not.toContain('s3cret');
  });

  test('a connection file that SLUICE_CONNECTION names and that is not there is told of', async () => {
    await using space = openWorkspace('connection', { environment: { SLUICE_CONNECTION: 'none.json' } });
    const end = await space.sluice('consume', '--json').ended;
    expectRefusal(end, { exit: 1, code: 'no-broker', says: /no connection file none\.json \(SLUICE_CONNECTION\)/ });
  });
});

describe('a Redis that answers and does not suit', () => {
  test('a wrong password, a missing one and an eviction policy are refused, by run as well, with nothing written', async () => {
    await using space = openWorkspace('unsuited');
    await using redis = await openRedis(space.folder);
    const bare = new URL(redis.url);
    const where = `${bare.hostname}:${bare.port}`;
    const before = everythingIn(space.folder);
    const refusals = await Promise.all(
      ['enqueue', 'run', 'status'].flatMap((command) =>
        [`redis://:wr0ng@${where}`, `redis://${where}`].map(async (url) => {
          const end = await space.sluice(command, '--json', ...(command === 'status' ? [] : SMALL), '--redis', url).ended;
          return { end, says: url.includes('@') ? /refuses the password/ : /asks for a password/ };
        }),
      ),
    );
    for (const { end, says } of refusals) {
      expectRefusal(end, { exit: 1, code: 'redis-password', says });
      expect(end.stderr + end.stdout).not.toContain('wr0ng');
    }
    await redis.broker.redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    for (const [command, parameters] of COMMANDS) {
      const end = await space.sluice(command, '--json', ...parameters, '--redis', redis.url).ended;
      expectRefusal(end, { exit: 1, code: 'redis-evicts', says: /maxmemory-policy allkeys-lru.*redis-cli config set/ });
      expect(end.stderr + end.stdout).not.toContain(bare.password);
    }
    // A run takes the right to write before it asks Redis; neither a row nor a job is left.
    expect(everythingIn(space.folder).filter((name) => !name.startsWith('data') && !before.includes(name))).toEqual([]);
    expect(await redis.broker.redis.keys('*')).toEqual([]);
  });

  test('a Redis that refuses writes ends a run with one line, and what it stored stays whole', async () => {
    await using space = openWorkspace('refuses');
    await using redis = await openRedis(space.folder);
    await redis.broker.redis.config('SET', 'maxmemory', '1');
    const end = await space.sluice('run', '--json', ...SMALL, '--redis', redis.url).ended;
    expectOneLine(end, 1, /OOM|out of memory|takes no more|maxmemory/i);
  });
});

describe('one owner of a data folder', () => {
  test('a second up, a second sink, and a run of one\'s own are refused while up is up', async () => {
    await using space = openWorkspace('second');
    const first = space.sluice('up', '--json', '--log-level', 'error');
    await until('the broker is up', () => first.stdout.includes('"broker"') && everythingIn(space.folder).includes('data/sluice.db3'));
    const second = await space.sluice('up', '--json').ended;
    expectRefusal(second, { exit: 1, code: 'sink-running', says: /a sink \(\d+@.*\) is writing .*sluice\.db3 already/ });
    expectRefusal(await space.sluice('sink', '--json').ended, { exit: 1, code: 'sink-running', says: /is writing/ });
    expect(await space.json(['down'])).toMatchObject({ stopped: true, pid: first.pid });
    expect((await first.ended).stderr).toBe('');
  });

  test('a second run on the data folder of a run under way is refused, and the first one completes', async () => {
    await using space = openWorkspace('two-runs');
    // Its points wait until the test lets them go.
    space.file('gate.mjs', `import { existsSync } from 'node:fs';
export const name = 'gate';
export const version = '1';
export async function run(point) {
  while (!existsSync('open')) await new Promise((done) => setTimeout(done, 20));
  return { ...point, y: 1 };
}
`);
    space.file('spec.json', { experiment: './gate.mjs', params: [{ x: { range: [0, 3] } }] });
    const line = ['run', '--json', 'spec.json', '--threads', '1'];
    const first = space.sluice(...line);
    await until('the first run has its broker', () => everythingIn(space.folder).includes('data/broker.json'));
    const second = await space.sluice(...line).ended;
    expectRefusal(second, { exit: 1, code: 'sink-running', says: /is writing .*sluice\.db3 already/ });
    const enqueued = await space.sluice('enqueue', '--json', ...SMALL).ended;
    expectRefusal(enqueued, { exit: 1, code: 'run-underway', says: /a `sluice run` \(process \d+\) uses the data folder/ });
    space.file('open', '');
    const end = await first.ended;
    expect(JSON.parse(end.stdout)).toMatchObject({ computed: 3, failed: 0 });
  });

  test('an experiment is refused for the table of another, by run and by enqueue, before anything is queued', async () => {
    await using space = openWorkspace('other');
    await space.json(['run', ...SMALL, '--table', 'mine']);
    space.file('mine.mjs', `export const name = 'mine';\nexport const version = '1';\nexport const run = (point) => ({ ...point, y: 1 });\n`);
    space.file('spec.json', { experiment: './mine.mjs', params: [{ x: [1, 2] }], table_name: 'mine' });
    const refused = { exit: 1, code: 'other-experiment', says: /table mine holds rows of the experiment "svd-block", not of "mine"/ } as const;
    expectRefusal(await space.sluice('run', '--json', 'spec.json').ended, { ...refused, exit: 2 });
    await using redis = await openRedis(space.folder);
    expectRefusal(await space.sluice('enqueue', '--json', 'spec.json', '--redis', redis.url).ended, { ...refused, exit: 2 });
    expect(await redis.broker.redis.keys('*')).toEqual([]);
    expect(await redis.broker.redis.xlen(namesFor('sluice').stream)).toBe(0);
  });
});

test('a listener that is no Redis is told of in one line, within the time that a first contact may take', async () => {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).on('error', () => {}));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  await using space = openWorkspace('no-redis-there');
  mkdirSync(space.data);
  writeFileSync(join(space.data, 'keep'), '');
  const { port } = server.address() as { port: number };
  const end = await space.sluice('enqueue', '--json', ...SMALL, '--redis', `redis://127.0.0.1:${port}`).ended;
  expectRefusal(end, { exit: 1, code: 'redis-unreachable', says: /no Redis answers at/ });
});

test('a consumer whose Redis went away leaves at the first signal, within the grace and its deadline', async () => {
  await using space = openWorkspace('gone');
  const up = space.sluice('up', '--log-level', 'error');
  await until('the broker is up', () => everythingIn(space.folder).includes('data/broker.json'));
  const consumer = space.sluice('consume', '--grace', '1', '--log-level', 'debug');
  await until('the consumer takes jobs', () => consumer.stderr.includes('consumer takes jobs'));
  await space.json(['enqueue', ...SMALL]);
  await until('it serves the table', () => consumer.stderr.includes('serving a table'));
  await space.json(['down']);
  await up.ended;
  await until('it misses its Redis', () => consumer.stderr.split('the queue cannot be reached').length > 4);
  consumer.signal('SIGTERM');
  await until('it has left', () => consumer.gone, LEAVE_MS);
  expect((await consumer.ended).stderr).not.toMatch(/unexpected:/);
});
