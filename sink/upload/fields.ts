import type { Column } from '../../store/column.ts';

/** A column of a table in BigQuery. */
export interface CloudField {
  readonly name: string;
  readonly type: 'INT64' | 'FLOAT64' | 'STRING' | 'BOOL';
  readonly mode: 'NULLABLE' | 'REPEATED';
}

const TYPES: Readonly<Record<Column['type'], CloudField['type'] | undefined>> = {
  // A column that has held nothing but null has no type yet; it is added when it has.
  '': undefined,
  BOOLEAN: 'BOOL',
  INTEGER: 'INT64',
  REAL: 'FLOAT64',
  TEXT: 'STRING',
  BLOB: 'FLOAT64',
};

/** BigQuery's older names of the types, which its answers carry. */
const OLD_NAMES: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

/** What each type may be written to: numbers without a fraction also into a column of doubles. */
const TAKEN_BY: Readonly<Record<CloudField['type'], readonly string[]>> = {
  INT64: ['INT64', 'FLOAT64'],
  FLOAT64: ['FLOAT64'],
  STRING: ['STRING'],
  BOOL: ['BOOL'],
};

/**
 * The fields of a table with these columns, in their order: FLOAT64, INT64, STRING or BOOL; a vector that is kept whole
 * is one repeated FLOAT64.
 */
export function fieldsOf(columns: readonly Column[]): CloudField[] {
  return columns.flatMap(({ name, type }) => {
    const cloud = TYPES[type];
    return cloud === undefined ? [] : [{ name, type: cloud, mode: type === 'BLOB' ? ('REPEATED' as const) : ('NULLABLE' as const) }];
  });
}

/** A field as BigQuery tells of it. */
export interface GivenField {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly mode?: string | undefined;
}

/** The fields of `wanted` that the table there does not have; and in words what it has that cannot take ours. */
export function compareFields(wanted: readonly CloudField[], given: readonly GivenField[]): { missing: CloudField[]; conflict: string | undefined } {
  const byName = new Map(given.map((field) => [field.name?.toLowerCase(), field]));
  const missing: CloudField[] = [];
  for (const field of wanted) {
    const found = byName.get(field.name.toLowerCase());
    if (found === undefined) missing.push(field);
    else if (!takes(found, field)) return { missing: [], conflict: `its column ${field.name} is ${typeIn(found)}, and ours is ${typeIn(field)}` };
  }
  return { missing, conflict: undefined };
}

function takes(found: GivenField, field: CloudField): boolean {
  const isRepeated = found.mode === 'REPEATED';
  return isRepeated === (field.mode === 'REPEATED') && TAKEN_BY[field.type].includes(currentName(found.type));
}

function typeIn({ type, mode }: GivenField): string {
  return `${mode === 'REPEATED' ? 'repeated ' : ''}${currentName(type)}`;
}

/** BigQuery's name of the type today: FLOAT is FLOAT64. */
export function currentName(type = ''): string {
  return OLD_NAMES[type] ?? type;
}
