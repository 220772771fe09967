import { JOBS_PER_CHUNK } from '../runtime/limits.ts';
import type { Store } from '../store/store.ts';
import { pointKey } from '../wire/point.ts';
import { chunksOf } from './chunks.ts';
import type { Candidates } from './fill.ts';

/** How many of a plan's points the database has something of. */
export interface Census {
  readonly points: number;
  readonly stored: number;
  readonly failed: number;
  /** Points without a record: `points` less the other two. */
  readonly missing: number;
}

/** Counts the points of a plan by what `store` has recorded of each; without a database all are missing. */
export function takeCensus(points: Candidates, experiment: string, table: string, store: Store | undefined): Census {
  let [total, stored, failed] = [0, 0, 0];
  for (const keys of chunksOf(keysOf(points, experiment), JOBS_PER_CHUNK)) {
    total += keys.length;
    for (const record of store?.recorded(table, keys) ?? []) {
      if (record === 'stored') stored += 1;
      if (record === 'failed') failed += 1;
    }
  }
  return { points: total, stored, failed, missing: total - stored - failed };
}

function* keysOf(points: Candidates, experiment: string): Generator<string> {
  for (let index = 0; index < points.size; index += 1) {
    const point = points.pointAt(index);
    if (point !== undefined) yield pointKey(experiment, point);
  }
}
