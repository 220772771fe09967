import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { countTableJobs } from '../../../runtime/queue.ts';
import { holdPoints } from '../harness/held-points.ts';
import { processesIn, sendSignal } from '../harness/processes.ts';
import { openRedis } from '../harness/redis.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

/** Longer than the time in which a repeated Ctrl-C is the same request. */
const LATER_MS = 400;

/** A signal that a consumer listens for, and that a Node which has only just been started does not catch as it does TERM. */
const HANG_UP = constants.signals.SIGHUP;

/** A program that computes for ever, as a user writes one. */
const ENDLESS = "import sys, time\nfor line in sys.stdin:\n    print('started', file=sys.stderr, flush=True)\n    time.sleep(3600)\n";

test('a warning, and TERM twice after it, leave a consumer the grace that it needs', async () => {
  await using workspace = openWorkspace('warned');
  await using redis = await openRedis(workspace.folder);
  const place = ['--redis', redis.url];
  const held = holdPoints(workspace, 3);
  await workspace.json(['enqueue', held.spec, ...place]);
  const sink = workspace.sluice('sink', ...place);
  const consumer = workspace.sluice('consume', ...place, '--threads', '1', '--grace', '600');
  await until('a point has started', () => held.told().length === 1);
  for (const signal of ['SIGUSR1', 'SIGCONT', 'SIGTERM', 'SIGTERM'] as const) {
    consumer.signal(signal);
    await delay(LATER_MS);
  }
  expect(consumer.gone).toBe(false);
  held.release();
  expect(await consumer.ended).toMatchObject({ code: null, signal: 'SIGUSR1' });
  expect(held.told().map((told) => told.what)).toEqual(['started', 'ended']);
  await until('its row is stored', () => storedRows(workspace.data, held.table) === 1);
  expect(await countTableJobs(redis.broker, held.table)).toEqual({ waiting: 2, active: 0, delayed: 0 });
  await sink.end('SIGTERM');
});

test('a second Ctrl-C ends a consumer at once', async () => {
  await using workspace = openWorkspace('ctrl-c-twice');
  await using redis = await openRedis(workspace.folder);
  const place = ['--redis', redis.url];
  const held = holdPoints(workspace, 1);
  await workspace.json(['enqueue', held.spec, ...place]);
  const consumer = workspace.sluice('consume', ...place, '--threads', '1', '--grace', '600');
  await until('a point has started', () => held.told().length === 1);
  consumer.signal('SIGINT');
  // One that follows at once is the same request: only a later one counts.
  await until('it has left', () => {
    consumer.signal('SIGINT');
    return consumer.gone;
  });
  expect(await consumer.ended).toMatchObject({ code: null, signal: 'SIGINT' });
});

test('a Python program that the end of the allocation kills before its consumer hears of it is not charged', async () => {
  await using workspace = openWorkspace('killed-first');
  await using redis = await openRedis(workspace.folder);
  const place = ['--redis', redis.url];
  workspace.file('endless.py', ENDLESS);
  const spec = workspace.file('endless.json', { experiment: { command: ['python3', 'endless.py'], name: 'endless', version: '1' }, table_name: 'endless', params: [{ seed: [1] }] });
  await workspace.json(['enqueue', spec, ...place, '--attempts', '1']);
  const consumer = workspace.sluice('consume', ...place, '--threads', '1', '--log-level', 'info');
  await until('the point has started', () => consumer.stderr.includes('"started"'));
  const program = processesIn(workspace.folder).find(({ command }) => command.endsWith('python3 endless.py'));
  // Stopped, it does not hear of the program's end until its own signal is about to come.
  consumer.signal('SIGSTOP');
  sendSignal(program!.pid, 'SIGTERM');
  await until('the program is gone', () => processesIn(workspace.folder).every(({ pid }) => pid !== program!.pid));
  consumer.signal('SIGCONT');
  expect(await consumer.end('SIGTERM')).toMatchObject({ signal: 'SIGTERM', stdout: expect.stringContaining('0 failures') });
  expect(await countTableJobs(redis.broker, 'endless')).toEqual({ waiting: 1, active: 0, delayed: 0 });
});

test('a signal during the jitter ends a consumer that has not begun', async () => {
  await using workspace = openWorkspace('jitter');
  await using redis = await openRedis(workspace.folder);
  const connections = async (): Promise<string | undefined> => /^total_connections_received:(\d+)/m.exec(await redis.broker.redis.info('stats'))?.[1];
  const before = await connections();
  // The random time is seconds at the least, but for one start in ten thousand.
  const consumer = workspace.sluice('consume', '--redis', redis.url, '--jitter', '86400', '--log-level', 'debug');
  await until('it listens for signals', () => catches(consumer.pid, HANG_UP));
  // One that did not wait would connect meanwhile.
  await delay(LATER_MS);
  expect(await consumer.end('SIGTERM')).toMatchObject({ signal: 'SIGTERM', stdout: expect.stringContaining('0 rows') });
  expect(await connections()).toBe(before);
});

/** Whether the process has a handler of its own for the signal with this number. */
function catches(pid: number, signal: number): boolean {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${caught}`) >> BigInt(signal - 1)) & 1n) === 1n;
}
