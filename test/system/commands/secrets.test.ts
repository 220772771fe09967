import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HAS_PROC, processesIn } from '../harness/processes.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { everythingIn } from '../bad-input/refusal.ts';

const SMALL = ['--blocks', '20', '--nrow', '30', '--ncol', '20'];

test.each([
  { name: 'on loopback', options: [], files: ['data/broker.json', 'data/broker/redis.conf'] },
  { name: 'that nodes reach, by TLS', options: ['--host', '127.0.0.2'], files: ['.sluice/sluice/broker.json', 'data/broker.json', 'data/broker/redis.conf'] },
])('the password of a broker $name is in files that their owner alone can read, and nowhere else', async ({ options, files }) => {
  await using space = openWorkspace('secrets');
  // What a process was given at its start is what others may read of it: each is looked at while all are alive.
  const up = space.sluice('up', ...options, '--json', '--log-level', 'debug');
  await until('up is up', () => up.stdout.endsWith('}\n'));
  const broker = JSON.parse(readFileSync(join(space.data, 'broker.json'), 'utf8')) as { url: string };
  const password = new URL(broker.url).password;
  expect(password).toMatch(/^[0-9a-f]{64}$/);
  const consumer = space.sluice('consume', '--json', '--log-level', 'debug');
  const enqueued = await space.sluice('enqueue', ...SMALL, '--json', '--log-level', 'debug').ended;
  await until('all is stored', () => storedRows(space.data, 'svd_block') === 20);
  const status = await space.sluice('status', '--json').ended;
  if (HAS_PROC) {
    const seen = processesIn(space.folder);
    expect(seen.some(({ command }) => /redis-server|valkey-server/.test(command))).toBe(true);
    for (const { pid, command } of seen) {
      expect(command).not.toContain(password);
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(password);
    }
  }
  const folders = everythingIn(space.folder).map((name) => join(space.folder, name)).filter((path) => statSync(path).isFile());
  const holding = folders.filter((path) => readFileSync(path).includes(password)).map((path) => path.slice(space.folder.length + 1));
  expect(holding.toSorted()).toEqual(files);
  for (const name of holding) expect(statSync(join(space.folder, name)).mode & 0o777).toBe(0o600);
  expect(statSync(join(space.data, 'broker')).mode & 0o777).toBe(0o700);
  expect(readdirSync(space.data)).toContain('sluice.db3');
  const down = await space.sluice('down', '--json').ended;
  for (const end of [enqueued, status, down, await up.ended, await consumer.end('SIGTERM')]) expect(end.stdout + end.stderr).not.toContain(password);
});

test('a run keeps its password as well, and leaves no connection file behind', async () => {
  await using space = openWorkspace('run-secrets');
  const run = space.sluice('run', '--json', ...SMALL, '--log-level', 'debug');
  const file = join(space.data, 'broker.json');
  const text = await until('the run has a broker', () => everythingIn(space.folder).includes('data/broker.json') && readFileSync(file, 'utf8'));
  const { password } = new URL((JSON.parse(text) as { url: string }).url);
  const end = await run.ended;
  expect(end.code).toBe(0);
  expect(end.stdout + end.stderr).not.toContain(password);
  expect(everythingIn(space.folder)).not.toContain('data/broker.json');
});
