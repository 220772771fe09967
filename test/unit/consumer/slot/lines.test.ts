import { expect, test } from 'vitest';
import { splitLines } from '../../../../consumer/slot/lines.ts';

function linesOf(pieces: readonly string[], maxCharacters = 100): string[] {
  const lines: string[] = [];
  const splitter = splitLines(maxCharacters, (line) => lines.push(line));
  for (const piece of pieces) splitter.push(piece);
  splitter.flush();
  return lines;
}

test('text is cut at line ends, wherever the pieces are cut', () => {
  const text = 'one\ntwo\r\n\nfour';
  for (let cut = 0; cut <= text.length; cut += 1) {
    expect(linesOf([text.slice(0, cut), text.slice(cut)])).toEqual(['one', 'two', '', 'four']);
  }
});

test('one character at a time gives the same lines', () => {
  expect(linesOf('a\nbc\n'.split(''))).toEqual(['a', 'bc']);
});

test('of a long line the beginning is kept, and the next line is whole', () => {
  expect(linesOf(['abc', 'def', 'ghi\nnext\n'], 5)).toEqual(['abcde', 'next']);
});

test('a line as long as the limit is kept whole', () => {
  expect(linesOf(['abcde\n'], 5)).toEqual(['abcde']);
});

test('nothing printed gives no line', () => {
  expect(linesOf([])).toEqual([]);
  expect(linesOf([''])).toEqual([]);
});
