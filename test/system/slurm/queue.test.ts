import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { latestCall, readSlurmQueue, SQUEUE_MS } from '../../../slurm/queue.ts';

/** A folder with a program called squeue that notes its calls, and does what it is told. */
let folder: string;
let home: string;
const { PATH: path, SLURM_CONF: conf } = process.env;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-squeue-'));
  home = join(folder, 'home');
  process.env['PATH'] = `${folder}:${path}`;
  useCluster('blue');
});

afterEach(() => {
  process.env['PATH'] = path;
  if (conf === undefined) delete process.env['SLURM_CONF'];
  else process.env['SLURM_CONF'] = conf;
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Has SLURM's configuration be that of the cluster `name` from now on. */
function useCluster(name: string): void {
  process.env['SLURM_CONF'] = join(folder, `${name}.conf`);
  writeFileSync(process.env['SLURM_CONF'], `# A cluster\nClusterName=${name} # its name\n`);
}

/** Has squeue do this from now on. */
function squeueDoes(script: string): void {
  writeFileSync(join(folder, 'squeue'), `#!/bin/sh\necho "$*" >> '${folder}/calls'\n${script}\n`);
  chmodSync(join(folder, 'squeue'), 0o755);
}

const calls = (): string[] => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : []);

const LINE = "echo '7_1|7|RUNNING|None|N/A|node1|4|sluice-t-abc123'";

test('whoever asks within half a minute shares one answer, which only its owner can read', async () => {
  squeueDoes(LINE);
  const first = await readSlurmQueue(home);
  squeueDoes('exit 1');
  expect(await readSlurmQueue(home)).toEqual(first);
  expect(first?.answer?.tasks).toMatchObject([{ id: '7_1', state: 'running', node: 'node1' }]);
  expect(calls()).toHaveLength(1);
  expect(calls()[0]).toMatch(/^--user=\S+ --all --array --noheader --format=/);
  expect(statSync(join(home, 'squeue-blue.json')).mode & 0o777).toBe(0o600);
});

test('another cluster of the same home has an answer of its own', async () => {
  squeueDoes(LINE);
  await readSlurmQueue(home);
  useCluster('green');
  squeueDoes(LINE.replace('7_1|7|', '8_1|8|'));
  expect((await readSlurmQueue(home))?.answer?.tasks).toMatchObject([{ id: '8_1' }]);
  useCluster('blue');
  expect((await readSlurmQueue(home))?.answer?.tasks).toMatchObject([{ id: '7_1' }]);
});

test('a call that fails counts as one, and the last answer stays', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  squeueDoes(LINE);
  const first = await readSlurmQueue(home);
  squeueDoes('echo "squeue: error: Unable to contact slurm controller (connect failure)" >&2; exit 1');
  vi.setSystemTime(Date.now() + SQUEUE_MS);
  const second = await readSlurmQueue(home);
  expect(second).toMatchObject({ answer: first?.answer, error: expect.stringContaining('does not answer squeue') as string });
  expect(await readSlurmQueue(home)).toEqual(second);
  expect(calls()).toHaveLength(2);
});

test('calls are numbered in their order, whichever clock they are timed by, also those that are not answered', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  expect(latestCall(home)).toBe(0);
  squeueDoes(LINE);
  const first = await readSlurmQueue(home);
  // A host whose clock is an hour behind.
  vi.setSystemTime(Date.now() - 3_600_000);
  const second = await readSlurmQueue(home);
  expect(second?.answer?.call).toBeGreaterThan(first?.answer?.call ?? Infinity);
  squeueDoes('exit 1');
  vi.setSystemTime(Date.now() + SQUEUE_MS);
  const third = await readSlurmQueue(home);
  expect(third?.answer).toEqual(second?.answer);
  expect(latestCall(home)).toBeGreaterThan(third?.answer?.call ?? Infinity);
});

test('several that ask at once call squeue once', async () => {
  squeueDoes(`sleep 0.2; ${LINE}`);
  await Promise.all(Array.from({ length: 8 }, async () => await readSlurmQueue(home)));
  expect(calls()).toHaveLength(1);
});

test('a lock that a dead process left is taken away', async () => {
  squeueDoes(LINE);
  await readSlurmQueue(home);
  const file = join(home, 'squeue-blue.json.lock');
  writeFileSync(file, '');
  utimesSync(file, 0, 0);
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + SQUEUE_MS);
  await readSlurmQueue(home);
  await readSlurmQueue(home);
  expect(calls()).toHaveLength(2);
  expect(existsSync(file)).toBe(false);
});

test('where the home is full or cannot be written that is told, squeue is not called, and the last answer stays', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  squeueDoes(LINE);
  const first = await readSlurmQueue(home);
  vi.setSystemTime(Date.now() + SQUEUE_MS);
  symlinkSync('/dev/full', join(home, `squeue-blue.json.${process.pid}`));
  expect(await readSlurmQueue(home)).toEqual({ answer: first?.answer, error: expect.stringContaining('ENOSPC') as string });
  expect(calls()).toHaveLength(1);
  expect((await readSlurmQueue(home))?.error).toBeUndefined();
  expect(await readSlurmQueue(join(folder, 'calls', 'below-a-file'))).toEqual({ error: expect.stringContaining('ENOTDIR') as string });
});

test('without SLURM there is no queue', async () => {
  process.env['PATH'] = folder;
  expect(await readSlurmQueue(home)).toBeUndefined();
});
