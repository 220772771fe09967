import { expect, test } from 'vitest';
import { decodeEntry, encodeEntry, type Entry } from '../../../wire/entry.ts';
import { decodeSpool, encodeSpool } from '../../../wire/spool-file.ts';

const ENTRIES: Entry[] = [
  { kind: 'cancel', table: 'a' },
  { kind: 'retry', table: 'b' },
];

test('a spool file gives its entries back in their order', () => {
  expect(decodeSpool(encodeSpool(ENTRIES.map(encodeEntry))).map(decodeEntry)).toEqual(ENTRIES);
  expect(decodeSpool(encodeSpool([]))).toEqual([]);
});

test('a spool file that was cut at any byte is refused', () => {
  const bytes = encodeSpool(ENTRIES.map(encodeEntry));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeSpool(bytes.subarray(0, length)), `${length} bytes`).toThrow(Error);
  }
});

test.each([['a text', Buffer.from('hello')], ['JSON', Buffer.from('[1, 2]')], ['a lone number', Buffer.of(7)]])('%s is no spool file', (_, bytes) => {
  expect(() => decodeSpool(bytes)).toThrow(Error);
});
