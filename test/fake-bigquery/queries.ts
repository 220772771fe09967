/** A column, by its name and its type in BigQuery's REST interface (INTEGER, FLOAT, ...); REPEATED is an array. */
type Column = { readonly name: string; readonly type: string; readonly mode?: string };

/**
 * GoogleSQL that answers one row: `row_count`, and `sum_1` and `sum_2`, the checksum of `table` over `columns`.
 * The same text whatever the columns' order. `table` is `project.dataset.table`. docs/bigquery.md defines the
 * checksum; `rowHash` (checksum.ts) is the same in TypeScript.
 */
export function checksumQuery(table: string, columns: readonly Column[]): string {
  const parts = columns.toSorted((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase())).map(partOf);
  const hash = `TO_HEX(SHA256(ARRAY_TO_STRING([${parts.join(', ')}], '\\n')))`;
  return `SELECT COUNT(*) AS row_count, ${sumOf(1)} AS sum_1, ${sumOf(9)} AS sum_2 FROM (SELECT ${hash} AS h FROM \`${table}\`)`;
}

/** GoogleSQL that reads `columns` (all of them where there are none) of `table`, `project.dataset.table`. */
export function readQuery(table: string, columns: readonly string[] = [], where = ''): string {
  const names = columns.length === 0 ? '*' : columns.map((name) => `\`${name}\``).join(', ');
  return `SELECT ${names} FROM \`${table}\`${where === '' ? '' : ` WHERE ${where}`}`;
}

/** GoogleSQL that makes the column `name` of `table`, `project.dataset.table`, one of FLOAT64. */
export function widenQuery(table: string, name: string): string {
  return `ALTER TABLE \`${table}\` ALTER COLUMN \`${name}\` SET DATA TYPE FLOAT64`;
}

/**
 * The sum over all rows of 8 hexadecimal digits of the row's hash, as the digits of an integer: the client rounds
 * an INT64 beyond 2^53, which two million rows can reach.
 */
function sumOf(firstDigit: number): string {
  return `CAST(IFNULL(SUM(CAST(CONCAT('0x', SUBSTR(h, ${firstDigit}, 8)) AS INT64)), 0) AS STRING)`;
}

/** A column's part of the row's text; NULL where the column is, which ARRAY_TO_STRING leaves out. */
function partOf({ name, type, mode }: Column): string {
  return `CONCAT('${name.toLowerCase()}=', ${mode === 'REPEATED' ? repeatedText(type, name) : textOf(type, `\`${name}\``)})`;
}

function textOf(type: string, value: string): string {
  switch (type) {
    case 'FLOAT':
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

function repeatedText(type: string, name: string): string {
  const elements = `ARRAY(SELECT ${textOf(type, 'e')} FROM UNNEST(\`${name}\`) AS e WITH OFFSET AS i ORDER BY i)`;
  return `NULLIF(ARRAY_TO_STRING(${elements}, ','), '')`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
