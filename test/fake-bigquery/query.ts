import { checksumQuery } from './queries.ts';
import { conditionsOf, type Parameters } from './where.ts';
import { Refusal, invalidQuery, notImitated } from './refusal.ts';
import { type Segment, cellAt } from './row-store.ts';
import type { Field } from './schema.ts';
import type { Cell } from './values.ts';
import { changeTable } from './tables.ts';
import { type Table, type World, tableName, tableOf } from './world.ts';

/** What a query answers: columns, and rows by their index. */
export type QueryResult = { readonly fields: readonly Field[]; readonly count: number; row(index: number): readonly Cell[] };

/** A query that was understood: the dataset it is about, and what it will do and answer when it runs. */
export type Plan = { readonly dataset: string; readonly statement: 'SELECT' | 'ALTER_TABLE'; run(): QueryResult };

const READ = /^SELECT (\*|`\w+`(?:, `\w+`)*) FROM `([\w-]+)\.(\w+)\.([\w-]+)`(?: WHERE (.+))?$/;
const CHECKSUM = /^SELECT COUNT\(\*\) AS row_count, .* FROM `([\w-]+)\.(\w+)\.([\w-]+)`\)$/s;
const CHANGE = /^ALTER TABLE `([\w-]+)\.(\w+)\.([\w-]+)` ALTER COLUMN `(\w+)` SET DATA TYPE FLOAT64$/;

/** Understands the three kinds of query that Sluice sends, letter by letter; throws 400 `invalidQuery`, 404 `notFound`. */
export function planQuery(world: World, text: string, parameters: Parameters): Plan {
  const sum = CHECKSUM.exec(text);
  if (sum) return planChecksum(namedTable(world, sum.slice(1)), text, sum.slice(1));
  const change = CHANGE.exec(text);
  if (change) return planChange(world, change.slice(1));
  const read = READ.exec(text);
  if (read === null) throw invalidQuery(`Syntax error, or a query that this fake of BigQuery does not know: ${text.slice(0, 200)}`);
  const [, columns = '', , dataset = '', , where] = read;
  const table = namedTable(world, read.slice(2, 5));
  const fields = columns === '*' ? table.fields : columns.split(', ').map((name) => fieldOf(table, name.slice(1, -1)));
  const isWanted = conditionsOf(where, (name) => fieldOf(table, name), parameters);
  return { dataset, statement: 'SELECT', run: () => readResult(table, fields, isWanted) };
}

function namedTable(world: World, [project, dataset = '', table = '']: readonly string[]): Table {
  if (project !== world.projectId) throw new Refusal(403, 'accessDenied', `Access Denied: Project ${project}: User does not have access`);
  return tableOf(world, dataset, table);
}

function fieldOf(table: Table, name: string): Field {
  const field = table.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw invalidQuery(`Unrecognized name: ${name}`);
  return field;
}

const SUMS: readonly Field[] = [
  { name: 'row_count', type: 'INTEGER', mode: 'NULLABLE' },
  { name: 'sum_1', type: 'STRING', mode: 'NULLABLE' },
  { name: 'sum_2', type: 'STRING', mode: 'NULLABLE' },
];

/** The columns are those that the text names; the text is then written anew and has to be the same. */
function planChecksum(table: Table, text: string, [project, dataset = '', id]: readonly string[]): Plan {
  const fields = table.fields.filter(({ name }) => text.includes(`\`${name}\``));
  if (checksumQuery(`${project}.${dataset}.${id}`, fields) !== text) throw invalidQuery('Unrecognized name, or not the checksum that this fake of BigQuery knows');
  if (table.rows.keepRows === 'digest' && fields.length < table.fields.length) throw notImitated('the checksum of some columns where it keeps no rows');
  const run = (): QueryResult => {
    const { rows, sum1, sum2 } = table.rows.digest(fields);
    return { fields: SUMS, count: 1, row: () => [rows, String(sum1), String(sum2)] };
  };
  return { dataset, statement: 'SELECT', run };
}

/** A column's type may become one that its values are coerced to without being asked: of ours, INT64's may become FLOAT64. */
function planChange(world: World, [project = '', dataset = '', id = '', name = '']: readonly string[]): Plan {
  const table = namedTable(world, [project, dataset, id]);
  const { type, mode } = fieldOf(table, name);
  if (type !== 'INTEGER' && type !== 'FLOAT') throw invalidQuery(`ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (${type}) is assignable to the new type (FLOAT64)`);
  if (mode !== 'NULLABLE') throw invalidQuery(`Column \`${name}\` cannot change mode via SET DATA TYPE.`);
  if (table.details.clustering !== undefined) throw notImitated('the change of a column of a clustered table');
  if (table.rows.keepRows === 'digest' && table.rows.count > 0) throw notImitated('the change of a column where it keeps no rows');
  world.quotas.countUpdate(tableName(world, dataset, id));
  const run = (): QueryResult => {
    changeTable(world, table, table.fields.map((field) => (field.name === name ? { ...field, type: 'FLOAT' } : field)));
    return { fields: [], count: 0, row: () => [] };
  };
  return { dataset, statement: 'ALTER_TABLE', run };
}

function readResult(table: Table, fields: readonly Field[], isWanted: (segment: Segment, row: number) => boolean): QueryResult {
  if (table.rows.keepRows === 'digest') throw notImitated('reading rows where it keeps none');
  const found: { readonly segment: Segment; readonly rows: readonly number[] }[] = [];
  for (const segment of table.rows.segments) {
    found.push({ segment, rows: Array.from({ length: segment.rows }, (_, row) => row).filter((row) => isWanted(segment, row)) });
  }
  return {
    fields,
    count: found.reduce((sum, { rows }) => sum + rows.length, 0),
    row(index) {
      let rest = index;
      for (const { segment, rows } of found) {
        const row = rows[rest];
        if (row !== undefined) return fields.map((field) => cellAt(segment, row, field));
        rest -= rows.length;
      }
      throw new RangeError(`row ${index}`);
    },
  };
}
