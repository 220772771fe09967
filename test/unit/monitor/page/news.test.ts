import { expect, test } from 'vitest';
import { newsOf } from '../../../../monitor/page/news.ts';
import { ago, percent, pointTime } from '../../../../monitor/page/words.ts';
import type { Snapshot } from '../../../../monitor/snapshot.ts';

const FIRST: Snapshot = {
  atMs: 0, sluice: '0.1.0', tables: ['walk'], table: 'walk', experiment: 'walk',
  counts: { points: 100, stored: 12, failed: 0, waiting: 80, delayed: 0, active: 8, deadLetters: 0 },
  complete: false, pointsPerSecond: null, secondsPerPoint: null, secondsLeft: null, rate: [], consumers: [], consumersHidden: 0,
  stream: { entries: 0, oldestSeconds: null, full: false }, uploads: [], failures: { groups: [], hidden: 0 },
  broker: { up: true, text: 'it answers' }, sink: { up: true, text: 'it commits' }, reasons: [], plots: null, answer: null, canRetry: true,
};

const stored = (count: number): Snapshot => ({ ...FIRST, counts: { ...FIRST.counts, stored: count } });

test('what ticks is not told; each tenth of a run is, once', () => {
  expect(newsOf(stored(12), stored(19))).toEqual([]);
  expect(newsOf(stored(19), stored(21))).toEqual(['20 percent of walk are done.']);
  expect(newsOf(stored(21), stored(12))).toEqual([]);
});

test('nothing of a first snapshot, nor of another table', () => {
  expect(newsOf(null, stored(50))).toEqual([]);
  expect(newsOf({ ...FIRST, table: 'other' }, stored(50))).toEqual([]);
});

test('the sink that goes and comes back is told, a new kind of failure once, and the end', () => {
  const down: Snapshot = { ...FIRST, sink: { up: false, text: 'the sink is stopped: rows wait in the stream' } };
  expect(newsOf(FIRST, down)).toEqual(['the sink is stopped: rows wait in the stream.']);
  expect(newsOf(down, FIRST)).toEqual(['The sink is back.']);
  const failed: Snapshot = { ...FIRST, failures: { groups: [{ message: 'no luck', count: 1 }], hidden: 0 } };
  expect(newsOf(FIRST, failed)).toEqual(['1 point failed: no luck.']);
  expect(newsOf(failed, { ...failed, failures: { groups: [{ message: 'no luck', count: 2 }], hidden: 0 } })).toEqual([]);
  expect(newsOf(stored(95), { ...stored(100), complete: true })).toEqual(['walk is complete: 100 points stored, 0 failed.']);
});

test('words for shares, times and durations', () => {
  expect([percent(0), percent(0.99999), percent(1)]).toEqual(['0 %', '99.9 %', '100 %']);
  expect([ago(1000, 2000), ago(0, 30_000), ago(0, 300_000), ago(0, 9e6)]).toEqual(['now', '30 s ago', '5 min ago', '2 h ago']);
  expect([pointTime(null), pointTime(0.0123), pointTime(1.5)]).toEqual(['–', '12 ms', '1.5 s']);
});
