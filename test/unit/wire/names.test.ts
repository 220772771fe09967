import { expect, test } from 'vitest';
import { MAX_TABLE_NAME_LENGTH, namesFor, tableNameSchema } from '../../../wire/names.ts';
import { componentColumn } from '../../../wire/row.ts';

test.each(['a', 'su_id_hw5', 'svd_block', 'A1', 'sluice', 'sqlite', 'a'.repeat(MAX_TABLE_NAME_LENGTH)])('%s is a table name', (name) => {
  expect(tableNameSchema.parse(name)).toBe(name);
});

test.each(['', '1a', '_a', 'a-b', 'a b', 'a.b', "a'", 'a"', 'ä', 'a\n', 'sluice_rows', 'SQLite_master', 'a'.repeat(MAX_TABLE_NAME_LENGTH + 1)])(
  '%j is no table name, and one rule of those it breaks is told',
  (name) => {
    expect(tableNameSchema.safeParse(name).error?.issues[0]?.message).toMatch(/^(a table name|names that begin)/);
  },
);

test('every name in Redis stands under the namespace, and no two are the same', () => {
  const names = Object.values(namesFor('mine'));
  expect(names.every((name) => typeof name === 'string' && name.startsWith('mine:'))).toBe(true);
  expect(new Set(names).size).toBe(names.length);
});

test('a vector\'s columns have at least three digits, so that they sort up to 999', () => {
  expect([0, 7, 42, 999, 1000].map((index) => componentColumn('ve', index))).toEqual(['ve000', 've007', 've042', 've999', 've1000']);
});
