import { pointKey } from '../../../wire/point.ts';
import { encodeEntry } from '../../../wire/entry.ts';
import type { RawEntry } from '../../../store/dead-letters.ts';

/** The table that the processes of these tests write. */
export const TABLE = 'numbered';

const EXPERIMENT = 'numbers';

/** The plan of TABLE. */
export function plan(): RawEntry {
  return {
    id: 'plan',
    bytes: encodeEntry({
      kind: 'plan',
      table: TABLE,
      definition: { kind: 'builtin', name: EXPERIMENT, version: '1' },
      spec: '{}',
    }),
  };
}

/** The vector of row `n`, of which every component tells n. */
export function vectorOf(n: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: 500 }, (_, index) => n + index / 512);
}

/** Row `n`; every hundredth row brings a column of its own. */
export function numberedRow(n: number): RawEntry {
  const extra = n % 100 === 0 ? { [`extra${n / 100}`]: n } : {};
  return {
    id: `row-${n}`,
    bytes: encodeEntry({
      kind: 'row',
      table: TABLE,
      key: pointKey(EXPERIMENT, { n }),
      parameters: 1,
      row: { n, v: vectorOf(n), ...extra },
      provenance: { version: '1', consumer: 'test:1', attempt: 1, seconds: 0, finishedAtMs: 0, notes: {} },
    }),
  };
}

/** Rows `from` to `to`, the latter excluded. */
export function numberedRows(from: number, to: number): RawEntry[] {
  return Array.from({ length: to - from }, (_, index) => numberedRow(from + index));
}
