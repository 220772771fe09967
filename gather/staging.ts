import { BATCH_BYTES, BATCH_ROWS } from '../runtime/limits.ts';
import { stageSpool } from '../runtime/spool.ts';
import type { Entry } from '../wire/entry.ts';
import type { Row } from '../wire/row.ts';

/** Bytes that a scalar of a row is taken for, with its name. */
const SCALAR_BYTES = 32;

/** Entries on their way to the spool: files of a batch each, which the sink sees together or not at all. */
export interface Staging {
  add(entry: Entry): void;
  /** Makes them seen; returns the files. */
  publish(): string[];
  /** Removes what was not published. */
  discard(): void;
}

/** Stages entries in the spool of the data folder `data`; holds those of one batch. */
export function openStaging(data: string): Staging {
  const spool = stageSpool(data);
  let batch: Entry[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (batch.length > 0) spool.add(batch);
    batch = [];
    bytes = 0;
  };
  return {
    add: (entry) => {
      batch.push(entry);
      bytes += entry.kind === 'row' ? bytesOf(entry.row) : 0;
      if (batch.length >= BATCH_ROWS || bytes >= BATCH_BYTES) flush();
    },
    publish: () => {
      flush();
      return spool.publish();
    },
    discard: () => spool.discard(),
  };
}

function bytesOf(row: Row): number {
  let bytes = 0;
  for (const value of Object.values(row)) bytes += value instanceof Float64Array ? value.byteLength : SCALAR_BYTES;
  return bytes;
}
