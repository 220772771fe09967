import { expect, test } from 'vitest';
import { decodeEntry, encodeEntry, type Entry, type FailureEntry, type RowEntry } from '../../../wire/entry.ts';

const KEY = `p${'0123456789abcdef'.repeat(2)}`;
const DEFINITION = { kind: 'builtin', name: 'svd-block', version: '1' } as const;

const ROW: RowEntry = {
  kind: 'row',
  table: 'svd_block',
  key: KEY,
  parameters: 2,
  row: {
    nrow: 3,
    seed: 12345678901,
    name: 'Zürich "quoted"',
    yes: true,
    none: null,
    nan: Number.NaN,
    plus: Infinity,
    minus: -Infinity,
    least: 5e-324,
    tenth: 0.1,
    big: 2 ** 53,
    ve: Float64Array.of(0.1, -0, Number.NaN, Infinity, 5e-324, Number.MAX_VALUE),
    empty: new Float64Array(0),
  },
  provenance: { version: '1', consumer: 'node7:4242', attempt: 1, seconds: 0.012, finishedAtMs: 1_790_000_000_000, notes: { residual: 1e-16, method: 'lanczos' } },
};

const FAILURE: FailureEntry = {
  kind: 'failure',
  table: 't',
  key: KEY,
  point: { x: 1, s: 'a' },
  code: 'point-failed',
  message: 'no licence',
  attempts: 3,
  version: '1',
  consumer: 'node7:4242',
  finishedAtMs: 1,
};

const ENTRIES: Entry[] = [
  ROW,
  FAILURE,
  { kind: 'plan', table: 't', definition: DEFINITION, spec: '{"params":[]}' },
  { kind: 'retry', table: 't', keys: [KEY] },
  { kind: 'retry', table: 't' },
  { kind: 'cancel', table: 't' },
  { kind: 'plan', table: 't', definition: DEFINITION },
  {
    kind: 'upload',
    table: 't',
    target: 'project.EMS',
    log: '17',
    batch: { position: 0, firstRow: 1, lastRow: 9, rows: 8, hash: '0'.repeat(32), jobId: 'sluice_t_0', state: 'open' },
    known: [KEY],
    trouble: { message: 'no route', nextTryAtMs: 5 },
    atMs: 4,
  },
  { kind: 'upload', table: 't', target: 'project.EMS', trouble: null, atMs: 4 },
  { kind: 'upload', table: 't', target: 'project.EMS', again: true, atMs: 4 },
];

test.each(ENTRIES)('an entry of kind $kind comes back as it was', (entry) => {
  expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
});

test('a vector keeps every bit, and the columns keep their order', () => {
  const back = decodeEntry(encodeEntry(ROW)) as RowEntry;
  const vector = back.row['ve'] as Float64Array<ArrayBuffer>;
  const bytes = (of: Float64Array<ArrayBuffer>): Buffer => Buffer.from(of.buffer, of.byteOffset, of.byteLength);
  expect(bytes(vector).equals(bytes(ROW.row['ve'] as Float64Array<ArrayBuffer>))).toBe(true);
  expect(Object.keys(back.row)).toEqual(Object.keys(ROW.row));
  expect(Object.is(back.row['nan'], Number.NaN)).toBe(true);
});

test('a vector that is a view of a larger buffer sends its own elements only', () => {
  const view = new Float64Array([1, 2, 3, 4, 5]).subarray(1, 3);
  const back = decodeEntry(encodeEntry({ ...ROW, row: { ve: view } })) as RowEntry;
  expect([...(back.row['ve'] as Float64Array)]).toEqual([2, 3]);
});

test('a row of 1,000 doubles takes at most 8.5 kB', () => {
  const row = { nrow: 1000, ncol: 1000, seed: 1, v_alignment: 0.9, ve: Float64Array.from({ length: 1000 }, Math.sqrt) };
  expect(encodeEntry({ ...ROW, row }).length).toBeLessThan(8_500);
});

test.each(ENTRIES)('an entry of kind $kind that was cut at any byte is refused, never taken for another', (entry) => {
  const bytes = encodeEntry(entry);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeEntry(bytes.subarray(0, length)), `${length} of ${bytes.length} bytes`).toThrow(/^not (MessagePack|an entry): /);
  }
});

test('bytes after an entry are refused', () => {
  expect(() => decodeEntry(Buffer.concat([encodeEntry(ROW), Buffer.of(1)]))).toThrow(/^not MessagePack: /);
});

/** Bytes of an entry that no one of ours would make. */
function forged(changes: Record<string, unknown>, of: Entry = ROW): Buffer {
  return encodeEntry({ ...of, ...changes });
}

test.each([
  ['another kind', { kind: 'drop' }],
  ['a table that is no identifier', { table: 'x"; DROP TABLE y' }],
  ['a table of ours', { table: 'sluice_rows' }],
  ['no key', { key: undefined }],
  ['a key of another form', { key: 'p123' }],
  ['a key in capitals', { key: KEY.toUpperCase() }],
  ['fewer than no parameters', { parameters: -1 }],
  ['half a parameter', { parameters: 0.5 }],
  ['no row', { row: null }],
  ['a row that holds an object', { row: { x: { y: 1 } } }],
  ['a row that holds a list', { row: { x: [1] } }],
  ['a row that holds a vector of other numbers', { row: { x: Float32Array.of(1) } }],
  ['no provenance', { provenance: undefined }],
  ['attempt 0', { provenance: { ...ROW.provenance, attempt: 0 } }],
  ['negative seconds', { provenance: { ...ROW.provenance, seconds: -1 } }],
])('a row with %s is refused in one line', (_, changes) => {
  expect(() => decodeEntry(forged(changes))).toThrow(/^not an entry: [^\n]+$/);
});

test.each([
  ['a failure without a message', FAILURE, { message: undefined }],
  ['a failure at a point with a vector', FAILURE, { point: { x: Float64Array.of(1) } }],
  ['a plan without an experiment', ENTRIES[2]!, { definition: undefined }],
  ['a plan of an unknown kind of experiment', ENTRIES[2]!, { definition: { kind: 'shell', name: 'a', version: '1' } }],
  ['a retry of what is no key', ENTRIES[3]!, { keys: ['all'] }],
])('%s is refused', (_, entry, changes) => {
  expect(() => decodeEntry(forged(changes, entry))).toThrow(/^not an entry: [^\n]+$/);
});

test('random bytes are refused', () => {
  for (const byte of Array.from({ length: 256 }, (_, index) => index)) {
    expect(() => decodeEntry(Buffer.from([byte, 7, 7, 7]))).toThrow(/^not (MessagePack|an entry): /);
  }
});
