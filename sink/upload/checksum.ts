import { createHash } from 'node:crypto';
import type { Column } from '../../store/column.ts';
import type { Cell } from '../../store/database.ts';
import { doublesOf, type RawRow } from '../../store/row-reader.ts';
import { currentName, type GivenField } from './fields.ts';
import { placeOf, quotedThere } from './reconcile.ts';
import type { Target } from './target.ts';
import { textThere } from './text-there.ts';

/** What rows add up to: the same for the same rows in any order. */
export interface Checksum {
  readonly rows: number;
  readonly sum1: bigint;
  readonly sum2: bigint;
}

/**
 * GoogleSQL that answers the checksum of `table` in one row: `row_count`, `sum_1` and `sum_2`.
 *
 * A row's text has a line `name=text` for each column that is not NULL, by their lower-cased names; doubles with 17 digits.
 * The sums are those of the first and the second 8 hex digits of its SHA-256.
 */
export function checksumQuery(target: Target, table: string, fields: readonly GivenField[]): string {
  const parts = inOrder(fields).map((field) => `CONCAT('${keyOf(field)}=', ${textInSql(field)})`);
  const hash = `TO_HEX(SHA256(ARRAY_TO_STRING([${parts.join(', ')}], '\\n')))`;
  const sum = (from: number): string => `CAST(IFNULL(SUM(CAST(CONCAT('0x', SUBSTR(h, ${from}, 8)) AS INT64)), 0) AS STRING)`;
  return `SELECT COUNT(*) AS row_count, ${sum(1)} AS sum_1, ${sum(9)} AS sum_2 FROM (SELECT ${hash} AS h FROM ${placeOf(target, table)})`;
}

/** The same of rows as they are stored here, as a table with `fields` holds them. */
export function checksumOf(rows: Iterable<RawRow>, fields: readonly GivenField[]): Checksum {
  const ordered = inOrder(fields);
  let known: readonly Column[] | undefined;
  let positions: number[] = [];
  let [count, sum1, sum2] = [0, 0n, 0n];
  for (const { cells, columns } of rows) {
    if (columns !== known) positions = ordered.map((field) => columns.findIndex(({ name }) => name.toLowerCase() === keyOf(field)));
    known = columns;
    const lines = ordered.flatMap((field, index) => lineOf(field, columns[positions[index]!], cells[positions[index]!] ?? null));
    const digest = sha256(lines.join('\n'));
    sum1 += BigInt(`0x${digest.slice(0, 8)}`);
    sum2 += BigInt(`0x${digest.slice(8, 16)}`);
    count += 1;
  }
  return { rows: count, sum1, sum2 };
}

function keyOf({ name = '' }: GivenField): string {
  return name.toLowerCase();
}

function inOrder(fields: readonly GivenField[]): GivenField[] {
  return fields.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))));
}

function textInSql(field: GivenField): string {
  const name = quotedThere(field.name ?? '');
  if (field.mode !== 'REPEATED') return scalarInSql(field, name);
  const elements = `ARRAY(SELECT ${scalarInSql(field, 'e')} FROM UNNEST(${name}) AS e WITH OFFSET AS i ORDER BY i)`;
  return `NULLIF(ARRAY_TO_STRING(${elements}, ','), '')`;
}

function scalarInSql({ type }: GivenField, value: string): string {
  switch (currentName(type)) {
    case 'FLOAT64':
      return `FORMAT('%.16e', IF(${value} = 0, 0e0, ${value}))`;
    case 'STRING':
    case 'BYTES':
      return `TO_HEX(SHA256(${value}))`;
    case 'TIMESTAMP':
      return `CAST(UNIX_MICROS(${value}) AS STRING)`;
    default:
      return `CAST(${value} AS STRING)`;
  }
}

function lineOf(field: GivenField, column: Column | undefined, cell: Cell): string[] {
  if (cell === null) return [];
  if (!(cell instanceof Uint8Array)) return [`${keyOf(field)}=${scalarText(field, column, cell)}`];
  const text = Array.from(doublesOf(cell), doubleText).join(',');
  return text === '' ? [] : [`${keyOf(field)}=${text}`];
}

function scalarText({ type }: GivenField, column: Column | undefined, cell: number | string): string {
  switch (currentName(type)) {
    case 'FLOAT64':
      return doubleText(Number(cell));
    case 'STRING':
      return sha256(column?.parameter ? textThere(cell) : String(cell));
    case 'BOOL':
      return String(cell !== 0);
    default:
      return String(cell);
  }
}

/**
 * The number as C prints it with `%.16e`, and GoogleSQL's FORMAT: 17 digits, and an exponent of two at least. Where a
 * double lies exactly between two such texts, C takes the even digit, and toExponential the larger.
 */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [digits = '', exponent = ''] = evenText(value + 0).split('e');
  return `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

function evenText(value: number): string {
  const text = value.toExponential(16);
  const longer = value.toExponential(17);
  const at = longer.indexOf('e');
  if (longer[at - 1] !== '5') return text;
  // A tie has nothing but zeros behind the 5, in as many digits as there can be.
  const isTie = /^0*$/.test(value.toExponential(100).slice(at, value.toExponential(100).indexOf('e')));
  if (!isTie) return text;
  const lower = longer.slice(0, at - 1);
  return Number(lower.at(-1)) % 2 === 0 ? lower + longer.slice(at) : text;
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
