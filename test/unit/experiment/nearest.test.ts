import { describe, expect, test } from 'vitest';
import { didYouMean, nearest } from '../../../experiment/nearest.ts';

describe('nearest', () => {
  test.each([
    ['tabel_name', 'table_name'],
    ['Params', 'params'],
    ['stop-list', 'stop_list'],
    ['svd_block', 'svd-block'],
  ])('takes %s for a slip of %s', (word, expected) => {
    expect(nearest(word, ['params', 'table_name', 'stop_list', 'svd-block'])).toBe(expected);
  });

  test('takes the nearest of several', () => {
    expect(nearest('ncow', ['nrow', 'ncol', 'ncom'])).toBe('nrow');
    expect(nearest('nrow', ['ncol', 'nrow'])).toBe('nrow');
  });

  test('takes nothing that is too far', () => {
    expect(nearest('comment', ['params', 'table_name'])).toBeUndefined();
    expect(nearest('x', ['params'])).toBeUndefined();
    expect(nearest('params', [])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  test('is a remark, or nothing', () => {
    expect(didYouMean('sed', ['seed'])).toBe(' (did you mean "seed"?)');
    expect(didYouMean('zebra', ['seed'])).toBe('');
  });
});
