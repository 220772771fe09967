import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openStoredLooker } from '../../../monitor/server/stored-look.ts';
import { openWriter } from '../../../store/writer.ts';
import { batchOf, failureEntry } from '../../unit/store/entries.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { enter } from './browser.ts';
import { makeMillion, MILLION } from './million.ts';

/** Issue 5, section 3.5: longest wait for the page's first snapshot, and most of the server's time for an update. */
const OPEN_MS = 2_000;
const UPDATE_MS = 50;

/** Length of a tick in /proc/PID/stat, milliseconds: all of Linux's ports have it. */
const TICK_MS = 10;

/** Processor time that the process has used, in all its threads. */
function processorMs(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').slice(11, 13).map(Number);
  return (user! + system!) * TICK_MS;
}

test('a million points do not slow the page: it opens in two seconds, and an update costs 50 ms of the server at most', async () => {
  await using space = openWorkspace('dashboard-million');
  makeMillion(space.data);
  const look = openStoredLooker();
  const { status, failures } = look(space.data, MILLION.table);
  expect(status).toMatchObject({ points: MILLION.points, stored: MILLION.stored, failed: MILLION.failed });
  expect(failures.groups[0]).toEqual({ message: 'often', count: MILLION.failed / 2 });
  expect([failures.groups.length, failures.hidden]).toEqual([20, MILLION.failed / 2 - 19]);
  const looks = [1, 2, 3].map(() => look(space.data, MILLION.table).tookMs);
  expect(Math.min(...looks)).toBeLessThan(UPDATE_MS);

  const dashboard = space.sluice('dashboard', '--port', '0', '--log-level', 'error');
  const browser = await enter(dashboard);
  const opened: number[] = [];
  for (let time = 0; time < 3; time++) {
    const startedAtMs = performance.now();
    using events = browser.events(MILLION.table);
    await until('the first snapshot', () => events.snapshots.length > 0);
    opened.push(performance.now() - startedAtMs);
  }
  expect(Math.min(...opened)).toBeLessThan(OPEN_MS);

  using events = browser.events(MILLION.table);
  const writer = openWriter(space.data);
  await until('the first snapshot', () => events.snapshots.length > 0);
  const before = { ms: processorMs(dashboard.pid), snapshots: events.snapshots.length };
  for (let more = 1; more <= 5; more++) {
    writer.apply(batchOf(failureEntry({ a: -more, b: 0 })));
    await until('the update', () => events.snapshots.at(-1)?.counts.failed === MILLION.failed + more);
  }
  writer.close();
  const updateMs = (processorMs(dashboard.pid) - before.ms) / (events.snapshots.length - before.snapshots);
  expect(updateMs).toBeLessThan(UPDATE_MS);
});
