import { z } from 'zod';
import { invalid, notImitated } from './refusal.ts';

/** The types that the fake imitates, by the names that BigQuery's REST interface answers with. */
export type FieldType = 'INTEGER' | 'FLOAT' | 'STRING' | 'BOOLEAN' | 'BYTES' | 'TIMESTAMP';

/** A column, as BigQuery answers it: the older names of types, and always a mode. */
export type Field = { readonly name: string; readonly type: FieldType; readonly mode: 'NULLABLE' | 'REQUIRED' | 'REPEATED'; readonly description?: string };

/** A column as a request may write it. */
export const WRITTEN_FIELD = z.strictObject({
  name: z.string(),
  type: z.string(),
  mode: z.enum(['NULLABLE', 'REQUIRED', 'REPEATED']).optional(),
  description: z.string().max(1024).optional(),
});

/** A schema as a request may write it. */
export const WRITTEN_SCHEMA = z.strictObject({ fields: z.array(WRITTEN_FIELD) });

/** Columns that a table can have (cloud.google.com/bigquery/quotas#standard_tables). */
const MOST_COLUMNS = 10_000;

/** Longest name of a column (cloud.google.com/bigquery/docs/schemas#column_names). */
const LONGEST_NAME = 300;

/** How no column's name may begin (the same page). */
const RESERVED = /^(_table_|_file_|_partition|_row_timestamp|__root__|_colidentifier|_change_)/i;

const TYPES: Readonly<Record<string, FieldType>> = {
  INTEGER: 'INTEGER',
  INT64: 'INTEGER',
  FLOAT: 'FLOAT',
  FLOAT64: 'FLOAT',
  STRING: 'STRING',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  BYTES: 'BYTES',
  TIMESTAMP: 'TIMESTAMP',
};

/** The columns of a written schema, checked by BigQuery's rules; throws 400 `invalid`. */
export function checkedFields(schema: z.infer<typeof WRITTEN_SCHEMA>): Field[] {
  const fields = schema.fields.map(checkedField);
  if (fields.length > MOST_COLUMNS) throw invalid(`Too many columns: ${fields.length}, at most ${MOST_COLUMNS} are allowed`);
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (seen.has(name.toLowerCase())) throw invalid(`Invalid schema: duplicate field name ${name} (names do not differ by case)`);
    seen.add(name.toLowerCase());
  }
  return fields;
}

/**
 * `current` after a change to `wanted`, as BigQuery lets a schema change: columns may be added, NULLABLE or
 * REPEATED, and REQUIRED may become NULLABLE; throws 400 `invalid` for everything else.
 */
export function changedFields(table: string, current: readonly Field[], wanted: readonly Field[]): Field[] {
  const mismatch = (why: string): Error => invalid(`Provided Schema does not match Table ${table}. ${why}`);
  for (const field of current) {
    const next = wanted.find(({ name }) => name === field.name);
    if (next === undefined) throw mismatch(`Field ${field.name} is missing in new schema`);
    if (next.type !== field.type) throw mismatch(`Field ${field.name} has changed type from ${field.type} to ${next.type}`);
    const isRelaxed = field.mode === 'REQUIRED' && next.mode === 'NULLABLE';
    if (next.mode !== field.mode && !isRelaxed) throw mismatch(`Field ${field.name} has changed mode from ${field.mode} to ${next.mode}`);
  }
  const added = wanted.filter(({ name }) => !current.some((field) => field.name === name));
  const required = added.find(({ mode }) => mode === 'REQUIRED');
  if (required) throw mismatch(`Cannot add required fields to an existing schema. (field: ${required.name})`);
  return [...current.map((field) => wanted.find(({ name }) => name === field.name) ?? field), ...added];
}

function checkedField(written: z.infer<typeof WRITTEN_FIELD>): Field {
  const { name } = written;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.length > LONGEST_NAME || RESERVED.test(name)) {
    throw invalid(`Invalid field name "${name}". Fields must contain only letters, numbers, and underscores, start with a letter or underscore, and be at most ${LONGEST_NAME} characters long.`);
  }
  const type = TYPES[written.type.toUpperCase()];
  if (type === undefined) throw notImitated(`columns of the type ${written.type}`);
  return { name, type, mode: written.mode ?? 'NULLABLE', ...(written.description === undefined ? {} : { description: written.description }) };
}
