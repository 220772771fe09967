import { describe, expect, test } from 'vitest';
import { UNKNOWN_COLUMNS, learnKinds, openColumns } from '../../../gather/columns.ts';
import type { SourceCell } from '../../../gather/source.ts';

/** The cells of the columns, whose lines begin at 2 as in a file; all lines are looked at first, unless told. */
function read(header: readonly string[], lines: readonly (readonly string[])[], allowMissing = false, telling = lines.length): SourceCell[][] {
  const learned = learnKinds(header);
  for (const [at, line] of lines.slice(0, telling).entries()) learned.learn(line, at + 2);
  const columns = openColumns(header, learned.kinds, { allowMissing });
  return lines.map((line, at) => columns.cells(line, at + 2));
}

/** The same of one column `y`. */
const column = (cells: readonly string[], allowMissing = false, telling = cells.length) =>
  read(['y'], cells.map((cell) => [cell]), allowMissing, telling).flat();

const ADVICE = '; --allow-missing takes what is missing or infinite among numbers';

describe('a column of numbers', () => {
  test.each(['-nan', '-NaN', 'nan', 'NaN', 'None', 'NULL', 'N/A', 'NA', '<NA>', 'inf', '-Infinity'])('refuses %s wherever it stands, unless missing ones are allowed', (word) => {
    for (const cells of [[word, '0.5'], ['0.5', word]]) {
      expect(() => column(cells)).toThrow(`column "y": expected a number as in line ${cells.indexOf('0.5') + 2}, found "${word}"${ADVICE}`);
      const value = /inf/i.test(word) ? (word.startsWith('-') ? -Infinity : Infinity) : Number.NaN;
      expect(column(cells, true)).toEqual(cells.map((cell) => (cell === word ? value : 0.5)));
    }
  });

  test('refuses an empty cell, unless missing ones are allowed', () => {
    for (const cells of [['', '0.5'], ['0.5', '']]) {
      expect(() => column(cells)).toThrow(`expected a number as in line ${cells.indexOf('0.5') + 2}, found nothing${ADVICE}`);
      expect(column(cells, true)).toEqual(cells.map((cell) => (cell === '' ? null : 0.5)));
    }
  });

  test.each([' 2', '2 ', 'True', 'oops', '[1,2]', '1e400', '12345678901234567890'])('refuses %j in any case', (cell) => {
    for (const allowMissing of [false, true]) {
      expect(() => column(['1', cell], allowMissing)).toThrow(/^column "y": expected a number (as in line 2|that a double holds), found /);
    }
  });

  test('of which nothing but missing or infinite ones are there is refused too, and one of nothing at all is taken', () => {
    expect(() => column(['nan', 'nan'])).toThrow(`expected a number or a text, found "nan"${ADVICE}`);
    expect(() => column(['inf'])).toThrow('found "inf"');
    expect(() => column([' 2', ' 3'])).toThrow('found " 2"; take the blanks away');
    expect(column(['', ''])).toEqual([null, null]);
  });

  test('whose first number stands behind the lines that were looked at refuses the empty cells before it', () => {
    expect(() => column(['', '', '7'], false, 2)).toThrow(`expected nothing, as in line 2, found a number${ADVICE}`);
    expect(column(['', '', '7'], true, 2)).toEqual([null, null, 7]);
  });
});

describe('a column that the table knows to hold true and false', () => {
  const cells = (...texts: string[]): SourceCell[] => {
    const known = learnKinds(['y'], { ...UNKNOWN_COLUMNS, truths: new Set(['y']) }).kinds;
    return texts.flatMap((text, at) => openColumns(['y'], known).cells([text], at + 2));
  };

  test('takes them as programs write them, 1 and 0 too: a number among them would be another point', () => {
    expect(cells('1', '0', 'True', 'false', '')).toEqual([true, false, true, false, null]);
  });

  test.each(['2', '1.0', 'oops', 'nan', '[1]'])('refuses %j', (cell) => {
    expect(() => cells(cell)).toThrow(/^column "y": expected true or false as in the table, found /);
  });
});

describe('a column that the table knows to hold numbers', () => {
  test.each(['oops', 'nan', '', 'True', '[1]', ' 1'])('refuses %j also where no line has a number', (cell) => {
    const known = learnKinds(['y'], { ...UNKNOWN_COLUMNS, numbers: new Set(['y']) }).kinds;
    expect(() => openColumns(['y'], known).cells([cell], 2)).toThrow(/^column "y": expected a number as in the table, found /);
  });
});

describe('a parameter of the plan', () => {
  test('that has texts and numbers is taken as texts, whichever comes first', () => {
    const { kinds } = learnKinds(['a'], { ...UNKNOWN_COLUMNS, numbers: new Set(['a']), texts: new Set(['a']) });
    const columns = openColumns(['a'], kinds);
    expect(['3', 'auto', ''].map((cell, at) => columns.cells([cell], at + 2)[0])).toEqual(['3', 'auto', null]);
  });

  test('that is null at some points may be empty, and nothing else', () => {
    const columns = openColumns(['a'], [{ look: 'number', says: 'line 2' }], { optional: new Set(['a']) });
    expect(columns.cells(['7'], 2)).toEqual([7]);
    expect(columns.cells([''], 3)).toEqual([null]);
    expect(() => columns.cells(['nan'], 4)).toThrow('found "nan"');
  });
});

describe('a column of texts', () => {
  test('takes every text as it stands, whatever it looks like, and an empty one for nothing', () => {
    const cells = ['none', 'a', 'NA', '12', ' 2', 'True', 'inf', '1e400', '[1]'];
    expect(column(cells)).toEqual(cells);
    expect(column(['', 'a', ''])).toEqual([null, 'a', null]);
  });
});

describe('a column of true and false, and one of lists', () => {
  test('take what pandas and `export` write, and nothing', () => {
    expect(column(['True', 'False', ''])).toEqual([true, false, null]);
    expect(column(['[1,2]', '', '[3]'])).toEqual([Float64Array.of(1, 2), null, Float64Array.of(3)]);
  });

  test('refuse anything else', () => {
    for (const cell of ['1', 'yes', 'nan', 'inf']) expect(() => column(['True', cell])).toThrow('expected true or false as in line 2, found');
    expect(() => column(['[1,2]', '3'])).toThrow('expected a list of numbers as in line 2, found "3"');
    expect(() => column(['[1,1e400]'])).toThrow('expected numbers that a double holds');
    expect(() => column(['[1,null]'])).toThrow(`found null in it${ADVICE}`);
    expect(column(['[1,null]'], true)).toEqual([Float64Array.of(1, Number.NaN)]);
  });
});

describe('the columns of a vector', () => {
  const header = ['seed', 've000', 've001', 've002'];

  test('may be empty behind the last component, for vectors have several lengths, and not before it', () => {
    const lines = [['1', '0.1', '0.2', '0.3'], ['2', '0.1', '', ''], ['3', '', '', '']];
    expect(read(header, lines)).toEqual([[1, 0.1, 0.2, 0.3], [2, 0.1, null, null], [3, null, null, null]]);
    expect(() => read(header, [...lines, ['4', '0.1', '', '0.3']])).toThrow(`column "ve001": expected a number as in every component of a vector, found nothing${ADVICE}`);
    expect(() => read(header, [['4', '0.1', '0.2', 'oops']])).toThrow('column "ve002": expected a number as in every component of a vector, found "oops"');
    expect(read(header, [['4', '0.1', '', '0.3']], true)).toEqual([[4, 0.1, null, 0.3]]);
  });
});
