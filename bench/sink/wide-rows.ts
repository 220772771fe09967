import { encodeEntry } from '../../wire/entry.ts';
import { pointKey } from '../../wire/point.ts';
import type { RawEntry } from '../../store/dead-letters.ts';

/** The table that the bench writes. */
export const TABLE = 'wide';

/**
 * Components of the vector: with three parameters and a scalar, rows of 1,004 columns, as svd-block's of
 * 1,000.
 */
export const COMPONENTS = 1_000;

const EXPERIMENT = 'svd-block';

/** The plan of TABLE, as the producer sends it. */
export function planOfTable(): RawEntry {
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

/** The rows `from` to `to` (excluded) as the stream brings them, of random numbers in (-0.5, 0.5). */
export function wideRows(from: number, to: number): RawEntry[] {
  return Array.from({ length: to - from }, (_, index) => wideRow(from + index));
}

function wideRow(seed: number): RawEntry {
  const point = { nrow: COMPONENTS, ncol: COMPONENTS, seed };
  const ve = Float64Array.from({ length: COMPONENTS }, () => Math.random() - 0.5);
  return {
    id: `${seed}-0`,
    bytes: encodeEntry({
      kind: 'row',
      table: TABLE,
      key: pointKey(EXPERIMENT, point),
      parameters: 3,
      row: { ...point, v_alignment: 0.97, ve },
      provenance: {
        version: '1',
        consumer: 'node1:4242',
        attempt: 1,
        seconds: 0.02,
        finishedAtMs: Date.now(),
        notes: { residual: 1.5e-15, iterations: 6 },
      },
    }),
  };
}
