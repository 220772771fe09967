import { expect, test } from 'vitest';
import { lineBytes } from '../../../../sink/upload/encode.ts';
import { DAY_MS, PACE, backOffMs, batchRows, isWaiting, untilDueMs } from '../../../../sink/upload/pace.ts';
import type { Column } from '../../../../store/column.ts';

const WIDE = Array.from({ length: 1_004 }, (_, index): Column => ({ name: `c${index}`, type: 'REAL', declared: '', parameter: false, vector: null, index: null }));

test('a million rows of 1,004 columns take far fewer load jobs than a day has', () => {
  const rows = batchRows(lineBytes(WIDE, 0));
  expect(rows).toBeGreaterThan(5_000);
  expect(Math.ceil(1_000_000 / rows)).toBeLessThan(150);
});

test('one row is sent within a minute, and not before it had time to be joined by others', () => {
  const at = (nowMs: number) => untilDueMs({ rows: 1, sinceMs: 1_000_000, jobs: 0 }, 9_000, nowMs, PACE);
  expect(at(1_000_000)).toBe(PACE.flushMs);
  expect(PACE.flushMs).toBeLessThan(60_000);
  expect(at(1_000_000 + PACE.flushMs)).toBe(0);
});

test('a backlog that fills a load job is sent at once', () => {
  expect(untilDueMs({ rows: 9_000, sinceMs: 1_000_000, jobs: 0 }, 9_000, 1_000_000, PACE)).toBe(0);
});

test('rows that trickle all day long stay far below 1,500 load jobs a day', () => {
  const jobs: number[] = [];
  for (let nowMs = DAY_MS; nowMs < 3 * DAY_MS; ) {
    const recent = jobs.filter((atMs) => atMs >= nowMs - DAY_MS).length;
    nowMs += untilDueMs({ rows: 1, sinceMs: nowMs, jobs: recent }, 9_000, nowMs, PACE) + 1;
    jobs.push(nowMs);
  }
  const busiest = Math.max(...jobs.map((atMs) => jobs.filter((other) => other > atMs - DAY_MS && other <= atMs).length));
  expect(busiest).toBeLessThan(1_000);
});

test('the wait after faults doubles up to its bound, less a quarter at most', () => {
  expect(backOffMs(1, PACE, 0)).toBe(PACE.firstWaitMs);
  expect(backOffMs(3, PACE, 0)).toBe(4 * PACE.firstWaitMs);
  expect(backOffMs(3, PACE, 0.999)).toBeGreaterThan(3 * PACE.firstWaitMs);
  expect(backOffMs(1_000, PACE, 0)).toBe(PACE.maxWaitMs);
});

test('a clock that was ahead and is set right delays nothing: what it has dated is due at once, and a wait that began by it is over', () => {
  expect(untilDueMs({ rows: 1, sinceMs: 5_000_000, jobs: 0 }, 9_000, 1_000_000, PACE)).toBe(0);
  const waiting = { fromMs: 5_000_000, forMs: 60_000 };
  expect([5_000_000, 5_059_999, 5_060_000, 1_000_000].map((nowMs) => isWaiting(waiting, nowMs))).toEqual([true, true, false, false]);
  expect(isWaiting(undefined, 0)).toBe(false);
});
