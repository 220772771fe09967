import { SluiceError } from '../../runtime/errors.ts';
import type { Store } from '../../store/store.ts';
import { faultOf } from './fault.ts';
import { compareFields, fieldsOf, type WantedField } from './fields.ts';
import { plannedColumns, plannedTypes } from './planned-types.ts';
import type { CloudTable, Warehouse } from './warehouse.ts';

/**
 * The table over there: made where it is not there, brought to take our rows where it does not; `log` is that of the table
 * that was fed from here, null where none was. Throws SluiceError `cloud-conflict` where it cannot take them.
 */
export async function readyTable({ store, warehouse }: { readonly store: Store; readonly warehouse: Warehouse }, table: string, log: string | null): Promise<CloudTable> {
  const info = store.table(table);
  const planned = info === undefined ? new Map<string, never>() : plannedTypes(info);
  const columns = plannedColumns(info?.columns ?? [], planned);
  const wanted = fieldsOf(columns, planned);
  const cloud = await foundOrMade(warehouse, table, wanted);
  const { missing, narrow, conflict } = compareFields(wanted, cloud.fields);
  const place = `${warehouse.target.name}.${table}`;
  if (conflict !== undefined) throw cannotTake(place, conflict);
  const foreign = log !== cloud.log && cloud.rows > 0 && missing.find(({ name }) => columns.some((column) => column.name === name && column.parameter));
  if (foreign) throw cannotTake(place, `it has ${cloud.rows} rows and no column ${foreign.name}, so that it is of something else`);
  for (const name of narrow) await widen(warehouse, table, name);
  const given = cloud.fields.map((field) => (narrow.includes(field.name ?? '') ? { ...field, type: 'FLOAT64' } : field));
  if (missing.length > 0) await warehouse.addFields(table, given, missing);
  return cloud;
}

async function foundOrMade(warehouse: Warehouse, table: string, wanted: readonly WantedField[]): Promise<CloudTable> {
  const found = await warehouse.findTable(table);
  if (found !== undefined) return found;
  await warehouse.makeTable(table, wanted);
  const made = await warehouse.findTable(table);
  if (made === undefined) throw new SluiceError('notFound', 'the table was made, and is not there yet');
  return made;
}

/** A fraction has come to a column of whole numbers, as where a later spec has other values. */
async function widen(warehouse: Warehouse, table: string, name: string): Promise<void> {
  try {
    await warehouse.widenField(table, name);
  } catch (error) {
    if (faultOf(error).status !== 400) throw error;
    throw cannotTake(`${warehouse.target.name}.${table}`, `its column ${name} is INT64, ours is FLOAT64, and BigQuery does not let it be changed`);
  }
}

function cannotTake(place: string, why: string): SluiceError {
  return new SluiceError('cloud-conflict', `${place} cannot take the rows: ${why}; choose another dataset with --bigquery`);
}
