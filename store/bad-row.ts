import type { FailureEntry, RowEntry } from '../wire/entry.ts';
import type { Point } from '../wire/point.ts';
import type { Unfit } from './unfit.ts';

/** The point of a row: its leading parameters; isPoint tells whether they can be a point's. */
export function pointOf({ row, parameters }: RowEntry): Point {
  return Object.fromEntries(Object.entries(row).slice(0, parameters)) as Point;
}

/** True where every parameter is a scalar, as those of every planned point are. */
export function isPoint(point: Point): boolean {
  return Object.values(point).every((value) => typeof value !== 'object' || value === null);
}

/** The failure, code `bad-row`, of the point whose row cannot be kept; its message is the reason. */
export function badRow(entry: RowEntry, { message }: Unfit): FailureEntry {
  const { table, key, provenance } = entry;
  const { version, consumer, attempt, finishedAtMs } = provenance;
  return {
    kind: 'failure',
    table,
    key,
    point: pointOf(entry),
    code: 'bad-row',
    message,
    attempts: attempt,
    version,
    consumer,
    finishedAtMs,
  };
}
