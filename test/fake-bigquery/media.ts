import { gunzipSync } from 'node:zlib';
import { JobFailure } from './job.ts';
import type { Field } from './schema.ts';
import { type Cell, cellOf } from './values.ts';

/** Largest row of newline-delimited JSON (cloud.google.com/bigquery/quotas#load_jobs). */
const LARGEST_ROW_BYTES = 100 * 1024 * 1024;

const NEWLINE = 0x0a;

/** The rows of newline-delimited JSON, packed with gzip or not, in `fields`' order; throws a JobFailure for the first bad one. */
export function readRows(media: Buffer, fields: readonly Field[], ignoreUnknown: boolean): Cell[][] {
  const content = unpacked(media);
  const names = new Set(fields.map(({ name }) => name));
  const rows: Cell[][] = [];
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline < 0 ? content.length : newline;
    if (end - start > LARGEST_ROW_BYTES) throw badRow(start, `Row size is larger than: ${LARGEST_ROW_BYTES}.`);
    const line = content.subarray(start, end);
    if (line.length > 0) rows.push(rowOf(line, start, fields, ignoreUnknown ? undefined : names));
    start = end + 1;
  }
  return rows;
}

/** BigQuery looks at the content: the two bytes that every gzip file begins with; no header tells it. */
function unpacked(media: Buffer): Buffer {
  if (media[0] !== 0x1f || media[1] !== 0x8b) return media;
  try {
    return gunzipSync(media);
  } catch (error) {
    throw failure(`Error while reading data, error message: Failed to decompress gzip data: ${(error as Error).message}`);
  }
}

function rowOf(line: Buffer, position: number, fields: readonly Field[], known: ReadonlySet<string> | undefined): Cell[] {
  try {
    const row: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line));
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new Error('Parser terminated before end of string');
    const unknown = known && Object.keys(row).find((name) => !known.has(name));
    if (unknown !== undefined) throw new Error(`No such field: ${unknown}.`);
    return fields.map((field) => cellOf(field, (row as Record<string, unknown>)[field.name]));
  } catch (error) {
    throw badRow(position, (error as Error).message);
  }
}

function badRow(position: number, why: string): JobFailure {
  const summary = 'Error while reading data, error message: JSON table encountered too many errors, giving up. Rows: 1; errors: 1. Please look into the errors[] collection for more details.';
  const detail = `Error while reading data, error message: JSON parsing error in row starting at position ${position}: ${why}`;
  return new JobFailure([summary, detail].map((message) => ({ reason: 'invalid', message })));
}

function failure(message: string): JobFailure {
  return new JobFailure([{ reason: 'invalid', message }]);
}
