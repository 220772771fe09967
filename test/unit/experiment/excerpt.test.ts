import { describe, expect, test } from 'vitest';
import { excerpt } from '../../../experiment/excerpt.ts';

describe('excerpt', () => {
  test.each([
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    ['a', '"a"'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1, 'b'], '[1,"b"]'],
    [{ a: 1 }, '{"a":1}'],
    [() => 1, 'a function'],
    ['two\nlines', '"two\\nlines"'],
  ])('shows %s', (value, text) => {
    expect(excerpt(value)).toBe(text);
  });

  test('shows a bigint, which has no JSON', () => {
    expect(excerpt(10n)).toBe('10');
  });

  test('cuts long texts to 60 characters', () => {
    const text = excerpt(Array.from({ length: 1000 }, (_, index) => index));
    expect(text).toHaveLength(60);
    expect(text).toMatch(/^\[0,1,2.*\.\.\.$/);
  });

  test('does not fail where JSON does', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(excerpt(circle)).toBe('a value of type object');
    expect(excerpt([1n])).toBe('a value of type object');
  });
});
