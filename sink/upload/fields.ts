import type { Column } from '../../store/column.ts';

/** A column of a table in BigQuery. */
export interface CloudField {
  readonly name: string;
  readonly type: 'INT64' | 'FLOAT64' | 'STRING' | 'BOOL';
  readonly mode: 'NULLABLE' | 'REPEATED';
}

/** A column that a table there is to have. */
export interface WantedField extends CloudField {
  /** Whether it holds nothing but whole numbers, as far as is known: then a column of INT64 takes them, too. */
  readonly whole: boolean;
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

/**
 * The fields of a table with these columns, in their order: FLOAT64, STRING, BOOL, and INT64 for those of `known`, whose
 * types later rows do not change; a vector that is kept whole is one repeated FLOAT64. Whole numbers so far say nothing of
 * the next ones.
 */
export function fieldsOf(columns: readonly Column[], known: Pick<ReadonlySet<string>, 'has'> = new Set()): WantedField[] {
  return columns.flatMap(({ name, type: ours }) => {
    const whole = ours === 'INTEGER';
    const type = whole && !known.has(name) ? 'FLOAT64' : TYPES[ours];
    return type === undefined ? [] : [{ name, type, mode: ours === 'BLOB' ? ('REPEATED' as const) : ('NULLABLE' as const), whole }];
  });
}

/** A field as BigQuery tells of it. */
export interface GivenField {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly mode?: string | undefined;
}

/** How a table there differs from what is wanted of it. */
export interface Difference {
  /** Fields that it lacks. */
  readonly missing: readonly CloudField[];
  /** Names of its columns of INT64 that are to take fractions. */
  readonly narrow: readonly string[];
  /** In words, what cannot be brought together. */
  readonly conflict: string | undefined;
}

/** How the table there, with the fields `given`, differs from what is wanted of it. */
export function compareFields(wanted: readonly WantedField[], given: readonly GivenField[]): Difference {
  const byName = new Map(given.map((field) => [field.name?.toLowerCase(), field]));
  const pairs = wanted.map((field) => ({ field, found: byName.get(field.name.toLowerCase()) }));
  const differing = pairs.flatMap(({ field, found }) => (found === undefined || takes(found, field) ? [] : [{ field, found }]));
  const clash = differing.find(({ field, found }) => !isNarrow(found, field));
  return {
    missing: pairs.flatMap(({ field, found }) => (found === undefined ? [field] : [])),
    narrow: differing.flatMap(({ field, found }) => (isNarrow(found, field) ? [found.name ?? field.name] : [])),
    conflict: clash && `its column ${clash.field.name} is ${typeIn(clash.found)}, and ours is ${typeIn(clash.field)}`,
  };
}

function takes(found: GivenField, { type, mode, whole }: WantedField): boolean {
  const there = currentName(found.type);
  return (found.mode === 'REPEATED') === (mode === 'REPEATED') && (there === type || (whole && (there === 'INT64' || there === 'FLOAT64')));
}

function isNarrow(found: GivenField, { type, mode }: WantedField): boolean {
  return found.mode !== 'REPEATED' && mode !== 'REPEATED' && currentName(found.type) === 'INT64' && type === 'FLOAT64';
}

function typeIn({ type, mode }: GivenField): string {
  return `${mode === 'REPEATED' ? 'repeated ' : ''}${currentName(type)}`;
}

/** BigQuery's name of the type today: FLOAT is FLOAT64. */
export function currentName(type = ''): string {
  return OLD_NAMES[type] ?? type;
}
