import { expect, test } from 'vitest';
import { takeCensus } from '../../../producer/census.ts';
import { openWriter } from '../../../store/writer.ts';
import { openStore } from '../../../store/store.ts';
import { encodeEntry, type Entry } from '../../../wire/entry.ts';
import { pointKey, type Point } from '../../../wire/point.ts';
import { temporaryFolder } from '../runtime/folder.ts';

/** The points x = 0 .. size-1, of which every seventh candidate is none. */
function candidates(size: number) {
  return { size, pointAt: (index: number): Point | undefined => (index % 7 === 6 ? undefined : { x: index }) };
}

test('without a database all points are missing, and candidates that are none are not counted', () => {
  expect(takeCensus(candidates(14), 'e', 't', undefined)).toEqual({ points: 12, stored: 0, failed: 0, missing: 12 });
  expect(takeCensus({ size: 0, pointAt: () => undefined }, 'e', 't', undefined)).toEqual({ points: 0, stored: 0, failed: 0, missing: 0 });
});

test('points are counted by what the database has of them, beyond one chunk, and those of another table are not', () => {
  const data = temporaryFolder();
  const entries: Entry[] = ['t', 'other'].map((table) => ({ kind: 'plan', table, definition: { kind: 'builtin', name: 'e', version: '1' }, spec: '{}' }));
  const origin = { version: '1', consumer: 'c', finishedAtMs: 1 };
  const row = (table: string, x: number): Entry => ({
    kind: 'row', table, key: pointKey('e', { x }), parameters: 1, row: { x, y: 1 }, provenance: { ...origin, attempt: 1, seconds: 0, notes: {} },
  });
  entries.push(row('t', 0), row('t', 2_000), row('other', 1));
  entries.push({ kind: 'failure', table: 't', key: pointKey('e', { x: 3 }), point: { x: 3 }, code: 'c', message: 'm', attempts: 1, ...origin });
  const writer = openWriter(data);
  writer.apply(entries.map((entry, index) => ({ id: String(index), bytes: encodeEntry(entry) })));
  writer.close();
  const store = openStore(data);
  const points = { size: 2_500, pointAt: (index: number): Point => ({ x: index }) };
  expect(takeCensus(points, 'e', 't', store)).toEqual({ points: 2_500, stored: 2, failed: 1, missing: 2_497 });
  store.close();
});
