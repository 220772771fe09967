import type { AxisJson } from '../../experiment/axis.ts';
import type { Grid } from '../../experiment/grid.ts';
import { gridsOfSpecs } from '../../experiment/planned-point.ts';
import { REQUIRED, SVD_BLOCK_NAME } from '../../experiment/svd-block/definition.ts';
import { SluiceError } from '../../runtime/errors.ts';
import { typeOf, wider, type Column, type ScalarType } from '../../store/column.ts';
import type { RawRow } from '../../store/row-reader.ts';
import type { TableInfo } from '../../store/tables.ts';

/** By parameter, the narrowest type that holds every value that it can have; those of which that is not known are absent. */
export type PlannedTypes = ReadonlyMap<string, ScalarType>;

/** What the specs of a table say of its parameters, exactly, as grids are finite; and what svd-block does: its three are whole. */
export function plannedTypes({ experiment, specs }: Pick<TableInfo, 'experiment' | 'specs'>): PlannedTypes {
  const types = new Map<string, ScalarType>(experiment === SVD_BLOCK_NAME ? REQUIRED.map((name) => [name, 'INTEGER']) : []);
  for (const { json } of gridsOf(specs)) {
    for (const [name, axis] of Object.entries(json)) types.set(name, wider(types.get(name) ?? '', typeOfAxis(axis)));
  }
  return types;
}

/** The columns, the parameters with the types that they will have once all is stored that is planned. */
export function plannedColumns(columns: readonly Column[], planned: PlannedTypes): Column[] {
  return columns.map((column) => {
    const type = planned.get(column.name);
    return !column.parameter || type === undefined || column.type === 'BLOB' ? column : { ...column, type: wider(column.type, type) };
  });
}

/** The rows with those columns: a number is a text in a column that is to hold texts, too. */
export function* plannedRows(rows: Iterable<RawRow>, planned: PlannedTypes): Generator<RawRow> {
  let known: readonly Column[] | undefined;
  let columns: readonly Column[] = [];
  for (const row of rows) {
    if (row.columns !== known) columns = plannedColumns(row.columns, planned);
    known = row.columns;
    yield { ...row, columns };
  }
}

/** The grids of all specs; none where one of them is not understood: then nothing is known of the rest. */
function gridsOf(specs: readonly string[]): Grid[] {
  try {
    return gridsOfSpecs(specs);
  } catch (error) {
    if (error instanceof SluiceError) return [];
    throw error;
  }
}

function typeOfAxis(axis: AxisJson): ScalarType {
  if ('range' in axis) {
    const [from, to, step] = axis.range;
    // The end, which is no value itself, may have a fraction.
    return wider(wider(typeOf(from), typeOf(step)), typeOf(Math.trunc(to)));
  }
  if ('linspace' in axis) {
    const [from, to, count] = axis.linspace;
    return wider(wider(typeOf(from), typeOf(to)), typeOf(count === 1 ? 0 : (to - from) / (count - 1)));
  }
  return axis.map(typeOf).reduce(wider, '');
}
