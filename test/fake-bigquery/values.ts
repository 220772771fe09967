import type { Field, FieldType } from './schema.ts';

/**
 * A value that is not NULL: FLOAT a number; INTEGER a number, or its digits beyond 2^53; TIMESTAMP microseconds
 * since 1970, as an INTEGER; BYTES base64.
 */
export type Scalar = number | string | boolean;

/** A table's cell; an array is a REPEATED column's. */
export type Cell = Scalar | null | readonly Scalar[];

/** The cell that BigQuery makes of `value`, parsed from JSON, in the column `field`; throws an Error that says why not. */
export function cellOf(field: Field, value: unknown): Cell {
  if (field.mode === 'REPEATED') {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new Error(`Array specified for non-repeated field or repeated field without array: ${field.name}.`);
    return value.map((element) => scalarOf(field, element));
  }
  if (value !== undefined && value !== null) return scalarOf(field, value);
  if (field.mode === 'REQUIRED') throw new Error(`Missing required field: ${field.name}.`);
  return null;
}

function scalarOf(field: Field, value: unknown): Scalar {
  const scalar = READERS[field.type](value);
  if (scalar === undefined) throw new Error(`Could not convert value to ${WORDS[field.type]}. Field: ${field.name}; Value: ${shown(value)}`);
  return scalar;
}

const WORDS: Readonly<Record<FieldType, string>> = {
  INTEGER: 'integer',
  FLOAT: 'double',
  STRING: 'string',
  BOOLEAN: 'boolean',
  BYTES: 'bytes',
  TIMESTAMP: 'timestamp',
};

const READERS: Readonly<Record<FieldType, (value: unknown) => Scalar | undefined>> = {
  INTEGER: integerOf,
  FLOAT: floatOf,
  STRING: (value) => (typeof value === 'string' ? value : undefined),
  BOOLEAN: (value) => (typeof value === 'boolean' ? value : undefined),
  BYTES: bytesOf,
  TIMESTAMP: microsecondsOf,
};

const SMALLEST_INTEGER = -(2n ** 63n);
const LARGEST_INTEGER = 2n ** 63n - 1n;

/** A bare number beyond 2^53 may have lost digits on the way; Google's pages ask for a string there. */
function integerOf(value: unknown): number | string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return undefined;
  const integer = BigInt(value);
  if (integer < SMALLEST_INTEGER || integer > LARGEST_INTEGER) return undefined;
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer);
}

/** NaN and the infinities are no JSON; as strings they are taken, and spelt so only. A number beyond doubles is not. */
function floatOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^(NaN|-?Infinity)$/.test(value)) return Number(value);
  const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function bytesOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length % 4 !== 0) return undefined;
  return Buffer.from(value, 'base64').toString('base64') === value ? value : undefined;
}

const TIMESTAMP_TEXT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z| UTC)$/;

function microsecondsOf(value: unknown): number | undefined {
  const [, day, time, fraction = ''] = (typeof value === 'string' && TIMESTAMP_TEXT.exec(value)) || [];
  const ms = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number(fraction.padEnd(6, '0'));
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 100);
}
