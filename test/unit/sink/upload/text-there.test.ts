import { expect, test } from 'vitest';
import { textThere, valueThere } from '../../../../sink/upload/text-there.ts';

const VALUES = ['auto', '', '3', '007', '3.0', '1e21', '-0', '-1', '"3"', '"', '"a', '\\', 'NaN', 'Infinity', 'true', 'null', 'Zürich "q"\n', ' 3', 3, 0, -1, 2.5, 1e21, 5e-324, 0.1];

test('no two values of a parameter have one text in BigQuery, and each comes back as what it was', () => {
  const texts = VALUES.map(textThere);
  expect(new Set(texts).size).toBe(VALUES.length);
  expect(texts.map(valueThere)).toEqual(VALUES);
});

test('texts and numbers are as they look, and a text that looks like a number is in quotes', () => {
  expect(['auto', 3, '3', 0.5, '007'].map(textThere)).toEqual(['auto', '3', '"3"', '0.5', '007']);
  expect(['auto', '3', '"3"', '0.50', '"3', '"\\u0041"'].map(valueThere)).toEqual(['auto', 3, '3', '0.50', '"3', '"\\u0041"']);
});
