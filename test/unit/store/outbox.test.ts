import { expect, test } from 'vitest';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { openWriter } from '../../../store/writer.ts';
import type { UploadBatch, UploadEntry } from '../../../wire/entry.ts';
import { DROP_COUNTS, batchOf, plannedTable, rowEntry, storeIn } from './entries.ts';

const TARGET = 'project.EMS';

function upload(rest: Partial<UploadEntry>): UploadEntry {
  return { kind: 'upload', table: 'trial_table', target: TARGET, atMs: 1_000, ...rest };
}

function openBatch(rest: Partial<UploadBatch> = {}): UploadBatch {
  return { position: 0, firstRow: 1, lastRow: 3, rows: 3, hash: 'a'.repeat(32), jobId: 'sluice_0', state: 'open', ...rest };
}

/** A table of `count` rows, a = 0, 1, ..., its writer and its outbox. */
function tableOf(count: number) {
  const { writer, store, directory } = plannedTable();
  writer.apply(batchOf(...Array.from({ length: count }, (_, a) => rowEntry({ a }))));
  const record = (rest: Partial<UploadEntry>): void => void writer.apply(batchOf(upload(rest)));
  return { writer, store, directory, outbox: store.outbox('trial_table')!, record };
}

test('of a table that was never uploaded every row is behind', () => {
  const { outbox } = tableOf(5);
  expect(outbox.standing(TARGET)).toMatchObject({ log: null, open: undefined, through: 0, nextPosition: 0, stored: 5, behind: 5, error: null });
  expect(outbox.standing(TARGET).behindSinceMs).toBeGreaterThan(0);
});

test('a recorded batch is open until it is done, and its rows are behind until then', () => {
  const { outbox, record } = tableOf(5);
  record({ log: '17', batch: openBatch() });
  expect(outbox.standing(TARGET)).toMatchObject({ log: '17', through: 0, behind: 5, nextPosition: 1, open: openBatch() });
  record({ batch: openBatch({ state: 'done' }), trouble: null });
  expect(outbox.standing(TARGET)).toMatchObject({ open: undefined, through: 3, behind: 2, nextPosition: 1 });
  expect(outbox.standing(TARGET, 1_001).recentJobs).toBe(0);
  expect(outbox.standing(TARGET, 1_000).recentJobs).toBe(1);
});

test('done and void are final, whatever is recorded later', () => {
  const { outbox, record } = tableOf(5);
  record({ batch: openBatch({ state: 'void' }) });
  record({ batch: openBatch({ state: 'done' }) });
  expect(outbox.standing(TARGET)).toMatchObject({ open: undefined, through: 0, nextPosition: 1 });
});

test('another table over there forgets what was known of the former, and one that is taken up keeps what was recorded since', () => {
  const { outbox, record } = tableOf(2);
  const [known] = [rowEntry({ a: 0 }).key];
  record({ log: '1', batch: openBatch({ lastRow: 2, state: 'done' }) });
  expect(outbox.standing(TARGET).behind).toBe(0);
  record({ log: '?2' });
  record({ known: [known] });
  record({ log: '2' });
  expect(outbox.standing(TARGET)).toMatchObject({ log: '2', behind: 1, nextPosition: 0 });
  record({ log: '2' });
  expect(outbox.standing(TARGET).behind).toBe(1);
  record({ log: '3' });
  expect(outbox.standing(TARGET).behind).toBe(2);
});

test('what is asked for again is behind until it is known anew, its positions stay taken, and what was on its way counts as nothing', () => {
  const { outbox, record } = tableOf(3);
  const [known] = [rowEntry({ a: 2 }).key];
  record({ again: true });
  expect(outbox.standing(TARGET).log).toBeNull();
  record({ log: '1', batch: openBatch({ lastRow: 2, rows: 2, state: 'done' }), known: [known] });
  expect(outbox.standing(TARGET).behind).toBe(0);
  const onItsWay = openBatch({ position: 1, firstRow: 3, lastRow: 3, rows: 1 });
  record({ batch: onItsWay });
  for (const _ of ['once', 'twice']) {
    record({ again: true });
    expect(outbox.standing(TARGET)).toMatchObject({ log: '?1', through: 0, behind: 3, nextPosition: 2, open: onItsWay });
  }
  record({ batch: { ...onItsWay, state: 'done' } });
  record({ log: '?1' });
  record({ known: [known] });
  record({ log: '1' });
  expect(outbox.standing(TARGET)).toMatchObject({ log: '1', open: undefined, through: 0, behind: 2, nextPosition: 2 });
});

test('a range has the rows that the target lacks, and its hash is that of their points', () => {
  const { outbox, record } = tableOf(6);
  const whole = outbox.range(TARGET, 0, 10);
  expect(whole).toMatchObject({ firstRow: 1, lastRow: 6, rows: 6 });
  expect(whole.hash).toMatch(/^[0-9a-f]{32}$/);
  record({ known: [rowEntry({ a: 1 }).key, rowEntry({ a: 77 }).key] });
  const part = outbox.range(TARGET, 0, 3);
  expect(part).toMatchObject({ firstRow: 1, lastRow: 4, rows: 3 });
  expect([...outbox.rows(TARGET, 1, 4)].map(({ cells }) => cells[0])).toEqual([0, 2, 3]);
  expect(part.hash).not.toBe(outbox.range(TARGET, 0, 2).hash);
  expect(outbox.standing(TARGET).behind).toBe(5);
  // Another target has nothing yet.
  expect(outbox.range('other.EMS', 0, 10)).toEqual(whole);
});

test('a row that is stored after its point was known over there is not behind', () => {
  const { outbox, writer, record } = tableOf(1);
  record({ known: [rowEntry({ a: 9 }).key, rowEntry({ a: 0 }).key] });
  writer.apply(batchOf(rowEntry({ a: 9 })));
  expect(outbox.standing(TARGET)).toMatchObject({ stored: 2, behind: 0, behindSinceMs: null });
});

test('the reason why an upload does not go on is kept until it does', () => {
  const { outbox, record } = tableOf(1);
  record({ trouble: { message: 'no internet', nextTryAtMs: 7 } });
  expect(outbox.standing(TARGET)).toMatchObject({ error: 'no internet', nextTryAtMs: 7 });
  record({});
  expect(outbox.standing(TARGET).error).toBe('no internet');
  record({ trouble: null });
  expect(outbox.standing(TARGET)).toMatchObject({ error: null, nextTryAtMs: null });
  expect(outbox.targets()).toEqual([TARGET]);
});

test('a database of before there were uploads gains the outbox by its writer, and loses nothing', () => {
  const { writer, directory } = tableOf(4);
  writer.close();
  const connection = connect(databasePath(directory));
  connection.exec(`DROP TABLE sluice_uploads; DROP TABLE sluice_batches; DROP TABLE sluice_uploaded_elsewhere; ${DROP_COUNTS} PRAGMA user_version = 1`);
  connection.close();
  expect(storeIn(directory).outbox('trial_table')).toBeUndefined();
  openWriter(directory).close();
  expect(storeIn(directory).outbox('trial_table')?.standing(TARGET).behind).toBe(4);
  expect(storeIn(directory).counts('trial_table')).toEqual({ stored: 4, failed: 0 });
});
