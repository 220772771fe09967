import type { Job } from './job.ts';
import type { Field } from './schema.ts';
import type { Cell, Scalar } from './values.ts';
import type { World } from './world.ts';

/** Largest answer with rows (cloud.google.com/bigquery/quotas#query_jobs: 10 MB, more or less, by the page). */
const LARGEST_PAGE_BYTES = 10_000_000;

/** What a row's JSON has around each value: `{"v":""},`. */
const BYTES_AROUND_VALUE = 9;

/** The answer with a query's rows from `startIndex` on: at most `maxResults` of them, and 10 MB. */
export function page(world: World, job: Job, wanted: { readonly maxResults: number | undefined; readonly startIndex: number }, kind: string): Record<string, unknown> {
  const { projectId } = world;
  const head = { kind, jobReference: { projectId, jobId: job.id, location: job.location } };
  const result = job.end?.result;
  if (result === undefined) return { ...head, jobComplete: false };
  const rows: unknown[] = [];
  let bytes = 0;
  let index = wanted.startIndex;
  while (index < result.count && rows.length < (wanted.maxResults ?? Infinity)) {
    const cells = result.row(index).map((cell, column) => valueOf(result.fields[column] as Field, cell));
    bytes += cells.reduce<number>((sum, value) => sum + BYTES_AROUND_VALUE + (typeof value === 'string' ? value.length : JSON.stringify(value).length), 0);
    if (bytes > LARGEST_PAGE_BYTES && rows.length > 0) break;
    rows.push({ f: cells.map((v) => ({ v })) });
    index++;
  }
  const more = index < result.count ? { pageToken: Buffer.from(`fake:${job.id}:${index}`).toString('base64url') } : {};
  const counts = { totalRows: String(result.count), totalBytesProcessed: '0', cacheHit: false };
  return { ...head, jobComplete: true, ...(result.fields.length > 0 && { schema: { fields: result.fields } }), ...counts, ...(rows.length > 0 && { rows }), ...more };
}

/** A cell as the REST interface has it: all values are strings, also those of numbers. */
function valueOf(field: Field, cell: Cell): unknown {
  if (cell === null) return null;
  return Array.isArray(cell) ? cell.map((element) => ({ v: textOf(field, element) })) : textOf(field, cell as Scalar);
}

function textOf(field: Field, value: Scalar): string {
  return field.type === 'FLOAT' ? doubleText(value as number) : String(value);
}

/** A double in the way of Java, which BigQuery's answers have: `1000.0`, `1.0E-5`, `NaN`, `Infinity`. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}
