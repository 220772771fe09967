import { expect, test } from 'vitest';
import { answerLines, reduceTable, tableOf } from '../../../reduce/reduce.ts';
import { openStore } from '../../../store/store.ts';
import { openWriter } from '../../../store/writer.ts';
import { encodeEntry } from '../../../wire/entry.ts';
import { temporaryFolder } from '../runtime/folder.ts';

test('an answer is one name and value a line, in columns, nested ones with their path, numbers to ten digits', () => {
  expect(answerLines({ rows: 3, error: { mean: 0.1 + 0.2, name: 'x' }, list: [1, 2], none: null })).toEqual([
    '  rows        3',
    '  error.mean  0.3',
    '  error.name  "x"',
    '  list        [1,2]',
    '  none        null',
  ]);
  expect(answerLines({})).toEqual([]);
});

test('a table that is unknown is told of with those that there are; one without rows is told of as such', async () => {
  const data = temporaryFolder();
  const writer = openWriter(data);
  const store = openStore(data);
  try {
    expect(() => tableOf(store, 'mine')).toThrow(expect.objectContaining({ code: 'no-table', message: expect.stringContaining('it has none yet') }));
    const definition = { kind: 'builtin', name: 'svd-block', version: '1' } as const;
    writer.apply([{ id: '1', bytes: encodeEntry({ kind: 'plan', table: 'mine', definition, spec: '{}' }) }]);
    expect(() => tableOf(store, 'yours')).toThrow(expect.objectContaining({ code: 'no-table', message: expect.stringContaining('it has mine') }));
    expect(tableOf(store, 'mine').definition).toEqual(definition);
    await expect(reduceTable(store, 'mine')).rejects.toMatchObject({ code: 'no-rows' });
  } finally {
    store.close();
    writer.close();
  }
});

test('a program has no reduce', async () => {
  const data = temporaryFolder();
  const writer = openWriter(data);
  const definition = { kind: 'program', name: 'p', version: '1', command: ['p'], directory: '/', timeoutSeconds: 1 } as const;
  writer.apply([{ id: '1', bytes: encodeEntry({ kind: 'plan', table: 'p', definition: { ...definition, command: ['p'] }, spec: '{}' }) }]);
  writer.close();
  const store = openStore(data);
  expect(await reduceTable(store, 'p')).toBeUndefined();
  store.close();
});
