import { createHash } from 'node:crypto';
import type { Field, FieldType } from './schema.ts';
import type { Cell, Scalar } from './values.ts';

/** What a table's rows add up to: the same for the same rows in any order, and sums of batches add up. */
export type Digest = { readonly rows: number; readonly sum1: bigint; readonly sum2: bigint };

/** The digest of no rows. */
export const NO_ROWS: Digest = { rows: 0, sum1: 0n, sum2: 0n };

/** `digest` with one row more. */
export function withRow(digest: Digest, fields: readonly Field[], cellOf: (field: Field) => Cell): Digest {
  const hash = rowHash(fields, cellOf);
  return { rows: digest.rows + 1, sum1: digest.sum1 + BigInt(`0x${hash.slice(0, 8)}`), sum2: digest.sum2 + BigInt(`0x${hash.slice(8, 16)}`) };
}

/** `fields` in the order in which a row's text has them: by their names in lower case, code unit by code unit. */
export function inTextOrder(fields: readonly Field[]): Field[] {
  const key = ({ name }: Field): string => name.toLowerCase();
  return fields.toSorted((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}

/** SHA-256, in hexadecimal, of a row's text: a line `name=text` per column that is not NULL; `fields` in text order. */
function rowHash(fields: readonly Field[], cellOf: (field: Field) => Cell): string {
  const lines: string[] = [];
  for (const field of fields) {
    const text = cellText(field, cellOf(field));
    if (text !== undefined) lines.push(`${field.name.toLowerCase()}=${text}`);
  }
  return sha256(lines.join('\n'));
}

function cellText(field: Field, cell: Cell): string | undefined {
  if (cell === null) return undefined;
  if (!Array.isArray(cell)) return TEXTS[field.type](cell as Scalar);
  return cell.length === 0 ? undefined : cell.map((element) => TEXTS[field.type](element)).join(',');
}

/** How each type's values are written into a row's text; those that may hold anything by their hash. */
const TEXTS: Readonly<Record<FieldType, (value: Scalar) => string>> = {
  FLOAT: (value) => floatText(value as number),
  STRING: (value) => sha256(value as string),
  BYTES: (value) => sha256(Buffer.from(value as string, 'base64')),
  INTEGER: String,
  BOOLEAN: String,
  TIMESTAMP: String,
};

/**
 * `value` as C prints it with `%.16e`, and so GoogleSQL's FORMAT: 17 digits, which tell every double from every
 * other, and an exponent of at least two; a zero has no sign. `toExponential` differs in the exponent, and where
 * a double lies exactly between two texts of 17 digits: it goes away from zero, and C to the even digit.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = (value === 0 ? 0 : value).toExponential(16);
  const [digits = '', exponent = ''] = ('13579'.includes(text[text.indexOf('e') - 1] ?? '') ? (tieToEven(value) ?? text) : text).split('e');
  return `${digits}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

/** The text of 17 digits for a double that lies between two of them; undefined for all others. */
function tieToEven(value: number): string | undefined {
  const [longer = '', exponent = ''] = value.toExponential(17).split('e');
  if (!longer.endsWith('5')) return undefined;
  // 100 digits tell a tie but for doubles made to deceive: what follows the 5 has to be nothing but zeros.
  const [exact = ''] = value.toExponential(100).split('e');
  if (!/^0*$/.test(exact.slice(longer.length))) return undefined;
  const lower = longer.slice(0, -1);
  return Number(lower.at(-1)) % 2 === 0 ? `${lower}e${exponent}` : undefined;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
