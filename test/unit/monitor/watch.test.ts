import { expect, test } from 'vitest';
import { isComplete, lookDocument, lookLine, lookLines, pendingText, secondsPerPoint, type Look } from '../../../monitor/watch.ts';
import { fitted } from '../../../monitor/fitted.ts';
import { seen, standing } from './seen.ts';

const NOW = new Date(2026, 10, 23, 10, 30).getTime();
const look = (changes: Partial<Look> = {}): Look => ({ nowMs: NOW, standing: standing(), pace: undefined, tasks: null, troubles: [], ...changes });
const pending = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `9_${index}`, name: 'job', state: 'pending', reason: 'Resources', startsAtMs: index === 0 ? NOW + 720_000 : null, node: null }));

test('a terminal sees the bar, the rate, the counts, the nodes, what SLURM has pending, and what is amiss', () => {
  const full = look({ standing: standing({ consumers: [seen()], streamEntries: 12 }), pace: 2, tasks: pending(8), troubles: ['the broker stopped answering'] });
  expect(lookLines(full)).toEqual([
    'trial  [#########.....................]  2.0/s, 2 s a point, 5 min 49 s left',
    '300 of 1000 stored, 650 waiting, 48 active, 2 failed, 12 entries on their way',
    'node   SLURM job  state   computing  rows  last seen',
    'node1  123_1      taking  4 of 4       10  1 s ago',
    '8 array tasks pending (Resources), estimated start 10:42',
    'the broker stopped answering',
  ]);
});

test('of each copy in BigQuery it tells how far that is, and why it does not go on', () => {
  const upload = { target: 'mine.EMS', uploaded: 100, behind: 200, error: 'BigQuery cannot be reached', nextTryAtMs: NOW + 19_400 };
  const done = { target: 'yours.EMS', uploaded: 300, behind: 0, error: null, nextTryAtMs: null };
  const behind = look({ standing: standing({ uploads: [upload, done] }), troubles: ['the broker stopped answering'] });
  const lines = ['BigQuery mine.EMS: 100 rows there, 200 behind; BigQuery cannot be reached; next try in 20 s', 'BigQuery yours.EMS: 300 rows there, complete'];
  expect(lookLines(behind).slice(2)).toEqual([...lines, 'the broker stopped answering']);
  expect(lookLine(behind)).toContain(lines.join('; '));
  expect(lookDocument(behind).uploads).toEqual([upload, done]);
});

test('elsewhere a look is one line', () => {
  expect(lookLine(look({ standing: standing({ consumers: [seen(), seen({ id: 'lost', host: 'node2', alive: false })] }) }))).toBe(
    '300 of 1000 stored, 650 waiting, 48 active, 2 failed; 2 s a point; 4 of 4 computing on 1 node',
  );
  expect(lookLine(look())).toMatch(/; no rate yet$/);
});

test('a table is complete when all that was asked for is stored or failed and nothing is under way, and never before it is known', () => {
  const done = { stored: 998, waiting: 0, active: 0 };
  expect(isComplete(standing(done))).toBe(true);
  expect(isComplete(standing({ ...done, active: 1 }))).toBe(false);
  expect(isComplete(standing({ ...done, waiting: 1 }))).toBe(false);
  expect(isComplete(standing({ ...done, stored: 997 }))).toBe(false);
  expect(isComplete(standing({ ...done, experiment: null }))).toBe(false);
  expect(lookLines(look({ standing: standing(done) }))[0]).toMatch(/complete$/);
});

test('what a point takes is the mean over the slots of the consumers that live and know', () => {
  const consumers = [seen({ secondsPerPoint: 1, slots: 3 }), seen({ secondsPerPoint: 5, slots: 1 }), seen({ secondsPerPoint: null }), seen({ alive: false, secondsPerPoint: 99 })];
  expect(secondsPerPoint({ consumers })).toBe(2);
  expect(secondsPerPoint({ consumers: [] })).toBeUndefined();
});

test('the document has nodes in place of consumers, and null for what is not known', () => {
  const document = lookDocument(look({ standing: standing({ consumers: [seen()] }), tasks: pending(2) }));
  expect(document).toMatchObject({
    atMs: NOW, complete: false, pointsPerSecond: null, secondsLeft: null, secondsPerPoint: 2,
    nodes: [{ host: 'node1', running: 4 }], pending: [{ reason: 'Resources', count: 2, startsAtMs: NOW + 720_000 }],
  });
  expect(document).not.toHaveProperty('consumers');
});

test('a start that is not today is told with its day', () => {
  const group = { reason: 'Priority', count: 1, startsAtMs: new Date(2026, 10, 24, 9, 5).getTime() };
  expect(pendingText(group, NOW)).toBe('1 array task pending (Priority), estimated start 11-24 09:05');
  expect(pendingText({ reason: '', count: 2, startsAtMs: null }, NOW)).toBe('2 array tasks pending');
});

test('a small terminal is told how many lines it does not show, and no line is broken', () => {
  expect(fitted(['one', 'two', 'three', 'four'], 3, 4)).toEqual(['one', 'two', '...']);
  expect(fitted(['one', 'two', 'three', 'four'], 80, 4)).toEqual(['one', 'two', '... and 2 more lines']);
  expect(fitted(['one', 'two', 'three'], 80, 4)).toEqual(['one', 'two', 'three']);
});
