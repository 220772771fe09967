import type { Scalar } from '../../wire/point.ts';
import { currentName, type GivenField } from './fields.ts';
import { parameterThere } from './reconcile.ts';
import type { CloudRow } from './warehouse.ts';

/** What a column over there has in one row: a vector where it is repeated, undefined where that is empty. */
export type CloudCell = Scalar | Float64Array | undefined;

/** Types whose values we keep. */
const READ: readonly string[] = ['INT64', 'FLOAT64', 'STRING', 'BOOL'];

/** In words the first column that we cannot read; undefined where there is none. */
export function unreadable(fields: readonly GivenField[]): string | undefined {
  const found = fields.find((field) => !READ.includes(currentName(field.type)) || (field.mode === 'REPEATED' && currentName(field.type) !== 'FLOAT64'));
  if (found === undefined) return undefined;
  const type = `${found.mode === 'REPEATED' ? 'repeated ' : ''}${currentName(found.type)}`;
  return `its column ${found.name} is ${type}; expected ${READ.join(', ')} or repeated FLOAT64`;
}

/** The cells of a row, one a field; NULL is null. Texts that are `parameters` are what textThere made them of. */
export function cellsOf(row: CloudRow, fields: readonly GivenField[], parameters: ReadonlySet<string>): CloudCell[] {
  return fields.map(({ name = '' }) => {
    const value = row[name];
    if (Array.isArray(value)) return value.length === 0 ? undefined : Float64Array.from(value as number[], Number);
    return parameters.has(name) ? parameterThere(value) : ((value ?? null) as Scalar);
  });
}
