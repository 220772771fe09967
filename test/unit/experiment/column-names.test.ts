import { describe, expect, test } from 'vitest';
import { caseCollision, columnNameFault } from '../../../experiment/column-names.ts';

describe('columnNameFault', () => {
  test.each(['a', 'nrow', '_x', 'A1', 've000', 'x'.repeat(128), 'constructor', 'select'])(
    'finds none in %s',
    (name) => {
      expect(columnNameFault(name)).toBeUndefined();
    },
  );

  test.each([
    '',
    '1a',
    'a b',
    'a-b',
    'a.b',
    'é',
    'a;',
    'a"',
    "a'",
    'a\n',
    'x'.repeat(129),
    '__proto__',
    'ROWID',
    'oid',
    '_TABLE_SUFFIX',
    '_partitiondate',
    '__root__x',
  ])('finds one in %j', (name) => {
    expect(columnNameFault(name)).toBeTypeOf('string');
  });
});

describe('caseCollision', () => {
  test('is the first pair that differs by case alone', () => {
    expect(caseCollision(['a', 'b', 'A', 'B'])).toEqual(['a', 'A']);
    expect(caseCollision(['a', 'b'])).toBeUndefined();
    expect(caseCollision([])).toBeUndefined();
  });
});
