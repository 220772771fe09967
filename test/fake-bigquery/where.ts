import { z } from 'zod';
import { invalidQuery } from './refusal.ts';
import { type Segment, cellAt } from './row-store.ts';
import type { Field } from './schema.ts';

/** The REST interface has strings; the client also sends numbers and booleans as they are. */
const TEXT = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const VALUE = z.strictObject({ value: TEXT });

/** A query's parameters as the REST interface has them. */
export const PARAMETERS = z.array(
  z.strictObject({
    name: z.string(),
    parameterType: z.strictObject({ type: z.string(), arrayType: z.strictObject({ type: z.string() }).optional() }),
    parameterValue: z.strictObject({ value: TEXT.optional(), arrayValues: z.array(VALUE).optional() }),
  }),
);

export type Parameters = z.infer<typeof PARAMETERS>;

type Value = number | bigint | string | boolean;
type Test = (segment: Segment, row: number) => boolean;

const COMPARED = /^`(\w+)` (=|!=|<|<=|>|>=) @(\w+)$/;
const LISTED = /^`(\w+)` IN UNNEST\(@(\w+)\)$/;
const NULLED = /^`(\w+)` IS (NOT )?NULL$/;

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Whether a row fits all conditions of `where`, joined by AND; a row whose value is NULL fits no comparison. */
export function conditionsOf(where: string | undefined, fieldOf: (name: string) => Field, parameters: Parameters): Test {
  const tests = (where?.split(' AND ') ?? []).map((condition) => testOf(condition, fieldOf, parameters));
  return (segment, row) => tests.every((test) => test(segment, row));
}

function testOf(condition: string, fieldOf: (name: string) => Field, parameters: Parameters): Test {
  const nulled = NULLED.exec(condition);
  if (nulled) {
    const field = fieldOf(nulled[1] ?? '');
    return (segment, row) => (cellAt(segment, row, field) === null) === (nulled[2] === undefined);
  }
  const [, name = '', operator = '=', parameter = ''] = COMPARED.exec(condition) ?? LISTED.exec(condition)?.toSpliced(2, 0, '=') ?? [];
  const isWanted = OPERATORS[operator];
  if (name === '' || isWanted === undefined) throw invalidQuery(`Syntax error, or a condition that this fake of BigQuery does not know: ${condition}`);
  const field = fieldOf(name);
  const values = parameterValues(field, LISTED.test(condition), parameters.find((candidate) => candidate.name === parameter), parameter);
  return (segment, row) => {
    const value = valueOf(field, segment, row);
    return value !== undefined && values.some((wanted) => value === value && isWanted(orderOf(value, wanted)));
  };
}

function parameterValues(field: Field, isList: boolean, parameter: Parameters[number] | undefined, name: string): Value[] {
  if (parameter === undefined) throw invalidQuery(`Query parameter '${name}' not found`);
  const { parameterType, parameterValue } = parameter;
  const type = isList ? (parameterType.arrayType?.type ?? parameterType.type) : parameterType.type;
  if (isList !== (parameterType.type === 'ARRAY')) throw invalidQuery(`Parameter '${name}' is of the type ${parameterType.type}`);
  const texts = isList ? (parameterValue.arrayValues ?? []).map(({ value }) => value) : [parameterValue.value ?? ''];
  const isNumber = type === 'INT64' || type === 'FLOAT64';
  const fits = { INTEGER: isNumber, FLOAT: isNumber, STRING: type === 'STRING', BOOLEAN: type === 'BOOL', BYTES: false, TIMESTAMP: false }[field.type];
  if (!fits || field.mode === 'REPEATED') throw invalidQuery(`No matching signature for operator = for argument types: ${field.type}, ${type}`);
  return texts.map((text) => (type === 'INT64' ? BigInt(text) : type === 'FLOAT64' ? Number(text) : type === 'BOOL' ? text === 'true' : text));
}

function valueOf(field: Field, segment: Segment, row: number): Value | undefined {
  const cell = cellAt(segment, row, field);
  if (cell === null || Array.isArray(cell)) return undefined;
  return field.type === 'INTEGER' && typeof cell === 'string' ? BigInt(cell) : (cell as Value);
}

/** Below 0, 0 or above 0; strings by the bytes of UTF-8, as GoogleSQL compares them. */
function orderOf(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : Number(a > b);
}
