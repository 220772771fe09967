import { expect, test } from 'vitest';
import { SluiceError } from '../../../runtime/errors.ts';
import {
  isBusy,
  isContentError,
  needsRollback,
  sqliteCode,
  storeError,
  translated,
} from '../../../store/sqlite-error.ts';

/** An error as node:sqlite throws it. */
const sqlite = (errcode: number): Error =>
  Object.assign(new Error('said SQLite'), { code: 'ERR_SQLITE_ERROR', errcode });

test.each([
  [13, 'database-full', 1],
  [10 | (3 << 8), 'database-io', 1],
  [5, 'database-busy', 1],
  [6, 'database-busy', 1],
  [8, 'data-folder', 2],
  [14, 'data-folder', 2],
  [11, 'database-damaged', 1],
  [26, 'database-damaged', 1],
])("SQLite's code %i becomes %s", (errcode, code, exitCode) => {
  const error = storeError(sqlite(errcode), '/d/sluice.db3');
  expect(error).toBeInstanceOf(SluiceError);
  expect(error).toMatchObject({ code, exitCode });
  expect((error as SluiceError).message).toMatch(/^[^\n]*\/d\/sluice\.db3 \(SQLite: said SQLite\)\.[^\n]+$/);
});

test('what SQLite did not raise, or what blames a statement, stays as it is', () => {
  for (const thrown of [new Error('a defect'), sqlite(19), 'text', undefined])
    expect(storeError(thrown, 'x')).toBe(thrown);
  expect(() =>
    translated('x', () => {
      throw sqlite(13);
    }),
  ).toThrow(expect.objectContaining({ code: 'database-full' }));
  expect(translated('x', () => 7)).toBe(7);
});

test('extended codes count as their primary ones', () => {
  expect([sqliteCode(sqlite(2067)), isContentError(sqlite(2067)), isBusy(sqlite(517))]).toEqual([
    19,
    true,
    true,
  ]);
  expect([needsRollback(sqlite(776)), needsRollback(sqlite(8))]).toEqual([true, false]);
  expect([
    sqliteCode(new Error('none')),
    isContentError('text'),
    isBusy(null),
    needsRollback(undefined),
  ]).toEqual([undefined, false, false, false]);
});

test.each([13, 10, 5, 11])('code %i is no fault of one entry', (errcode) => {
  expect(isContentError(sqlite(errcode))).toBe(false);
});
