import { z } from 'zod';
import type { Answer, Call } from './routes.ts';
import { Refusal, duplicate, invalid } from './refusal.ts';
import { emptyStore } from './row-store.ts';
import { type Field, WRITTEN_SCHEMA, changedFields, checkedFields } from './schema.ts';
import { type Table, type World, datasetOf, tableName, tableOf } from './world.ts';
import { checked, parsed, written } from './written.ts';

/** A table's name as a request may write it. */
export const TABLE_REFERENCE = z.strictObject({ projectId: z.string(), datasetId: z.string(), tableId: z.string() });

const DETAILS = {
  friendlyName: z.string().optional(),
  description: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  clustering: z.strictObject({ fields: z.array(z.string()).min(1).max(4) }).optional(),
};

const WRITTEN_TABLE = z.strictObject({ ...DETAILS, tableReference: TABLE_REFERENCE, schema: WRITTEN_SCHEMA.optional() });

/** What a resource is answered with and nobody can set; a change that sends it back is taken, as Google's interfaces do. */
const ANSWERED = ['kind', 'etag', 'id', 'selfLink', 'type', 'location', 'numRows', 'creationTime', 'lastModifiedTime'] as const;

const WRITTEN_CHANGE = z.strictObject({ ...DETAILS, tableReference: TABLE_REFERENCE.optional(), schema: WRITTEN_SCHEMA.optional() });

/** Answers `POST tables`: 409 where there is one of this name. */
export function insertTable(world: World, call: Call): Answer {
  const { tableReference, schema, ...details } = written(WRITTEN_TABLE, call.body);
  const { datasetId } = tableReference;
  if (datasetId !== call.params.dataset) throw invalid(`Value ${datasetId} in content does not agree with value ${call.params.dataset}`);
  const fields = checkedFields(schema ?? { fields: [] });
  checkClustering(fields, details.clustering?.fields ?? []);
  return { status: 200, body: tableResource(world, datasetId, newTable(world, tableReference, fields, details)) };
}

/** A new, empty table; throws 404 for a missing dataset, 409 where there is one of this name, 400 for a bad name. */
export function newTable(world: World, reference: z.infer<typeof TABLE_REFERENCE>, fields: readonly Field[], details: Table['details'] = {}): Table {
  const { projectId, datasetId, tableId } = reference;
  if (projectId !== world.projectId) throw invalid(`Invalid project ID '${projectId}'.`);
  const dataset = datasetOf(world, datasetId);
  if (!/^[\w-]{1,1024}$/.test(tableId)) throw invalid(`Invalid table ID "${tableId}".`);
  if (dataset.tables.has(tableId)) throw duplicate(`Table ${tableName(world, datasetId, tableId)}`);
  const nowMs = world.clock.now();
  const table: Table = { id: tableId, createdMs: nowMs, changedMs: nowMs, version: 1, rows: emptyStore(world.keepRows), fields, details };
  dataset.tables.set(tableId, table);
  return table;
}

/** Answers `GET tables/T`. */
export function getTable(world: World, call: Call): Answer {
  const { dataset = '', table = '' } = call.params;
  return { status: 200, body: tableResource(world, dataset, tableOf(world, dataset, table)) };
}

/** Answers `PATCH tables/T`: what is named is changed, a schema by BigQuery's rules; 412 where `If-Match` is not the etag. */
export function patchTable(world: World, call: Call): Answer {
  const { dataset = '', table: id = '' } = call.params;
  const table = tableOf(world, dataset, id);
  const settable = Object.entries(parsed(call.body) as object).filter(([name]) => !ANSWERED.some((answered) => answered === name));
  const { schema, tableReference: _reference, ...details } = checked(WRITTEN_CHANGE, Object.fromEntries(settable));
  const condition = call.headers['if-match'];
  if (condition !== undefined && condition !== etagOf(table)) throw new Refusal(412, 'conditionNotMet', 'Precondition check failed.');
  const name = tableName(world, dataset, id);
  const fields = schema ? changedFields(name, table.fields, checkedFields(schema)) : table.fields;
  world.quotas.countUpdate(name);
  changeTable(world, table, fields, { ...table.details, ...details });
  return { status: 200, body: tableResource(world, dataset, table) };
}

/** Gives `table` these columns and details, and a new etag. */
export function changeTable(world: World, table: Table, fields: readonly Field[], details: Table['details'] = table.details): void {
  table.fields = fields;
  table.details = details;
  table.changedMs = world.clock.now();
  table.version++;
}

/** Answers `DELETE tables/T`: rows and columns are gone. */
export function deleteTable(world: World, call: Call): Answer {
  const { dataset = '', table = '' } = call.params;
  tableOf(world, dataset, table);
  datasetOf(world, dataset).tables.delete(table);
  return { status: 204 };
}

function checkClustering(fields: readonly Field[], names: readonly string[]): void {
  for (const name of names) {
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw invalid(`The field specified for clustering cannot be found in the schema: ${name}`);
    if (field.type === 'FLOAT' || field.type === 'BYTES' || field.mode === 'REPEATED') throw invalid(`Clustering is not supported on field ${name} of type ${field.type}`);
  }
}

function etagOf(table: Table): string {
  return `fake-${table.createdMs}-${table.version}`;
}

function tableResource(world: World, datasetId: string, table: Table): unknown {
  return {
    ...table.details,
    kind: 'bigquery#table',
    etag: etagOf(table),
    id: tableName(world, datasetId, table.id),
    tableReference: { projectId: world.projectId, datasetId, tableId: table.id },
    ...(table.fields.length > 0 && { schema: { fields: table.fields } }),
    type: 'TABLE',
    location: datasetOf(world, datasetId).location,
    numRows: String(table.rows.count),
    creationTime: String(table.createdMs),
    lastModifiedTime: String(table.changedMs),
  };
}
