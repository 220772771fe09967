import { z } from 'zod';
import type { JobOrder } from './faults.ts';
import { JOB_REFERENCE, JobFailure, addJob, jobResource, refuseUsedId } from './job.ts';
import { readRows } from './media.ts';
import type { Answer } from './routes.ts';
import { Refusal, invalid, notFound, notImitated } from './refusal.ts';
import { type Field, WRITTEN_SCHEMA, changedFields, checkedFields } from './schema.ts';
import { TABLE_REFERENCE, changeTable, newTable } from './tables.ts';
import { type Table, type World, datasetOf, tableName } from './world.ts';
import { checked } from './written.ts';

const LOAD = z.strictObject({
  destinationTable: TABLE_REFERENCE,
  sourceFormat: z.string().optional(),
  schema: WRITTEN_SCHEMA.optional(),
  createDisposition: z.enum(['CREATE_IF_NEEDED', 'CREATE_NEVER']).optional(),
  writeDisposition: z.enum(['WRITE_APPEND', 'WRITE_EMPTY', 'WRITE_TRUNCATE']).optional(),
  schemaUpdateOptions: z.array(z.enum(['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'])).optional(),
  ignoreUnknownValues: z.boolean().optional(),
  maxBadRecords: z.literal(0).optional(),
  autodetect: z.literal(false).optional(),
  encoding: z.literal('UTF-8').optional(),
  // Not in the REST interface. The client puts it here beside the one in the job's reference, and must not differ.
  location: z.string().optional(),
});

type Load = z.infer<typeof LOAD>;

const WRITTEN_JOB = z.strictObject({
  jobReference: JOB_REFERENCE.optional(),
  configuration: z.strictObject({ load: LOAD, labels: z.record(z.string(), z.string()).optional(), jobTimeoutMs: z.string().optional() }),
});

/**
 * Answers an upload that is complete: a load job is added. What is wrong with the request is refused at once, and
 * leaves its id unused; what is wrong with its rows or its table is the job's error.
 */
export function insertLoad(world: World, metadata: unknown, media: Buffer, order: JobOrder): Answer {
  const { jobReference: reference = {}, configuration } = checked(WRITTEN_JOB, metadata);
  const { load } = configuration;
  if (load.location !== undefined && load.location !== reference.location) throw invalid(`Invalid JSON payload received. Unknown name "location" at 'configuration.load': Cannot find field.`);
  if ((reference.projectId ?? world.projectId) !== world.projectId) throw invalid(`Invalid project ID '${reference.projectId}'.`);
  if (load.sourceFormat !== 'NEWLINE_DELIMITED_JSON') throw notImitated(`the source format ${load.sourceFormat ?? 'CSV'}`);
  if (load.schema) checkedFields(load.schema);
  const { datasetId, tableId } = load.destinationTable;
  const location = locationOf(world, datasetId, reference.location);
  if (reference.jobId !== undefined) refuseUsedId(world, reference.jobId, location);
  world.quotas.countLoad(tableName(world, datasetId, tableId));
  const run = (): ReturnType<typeof runLoad> => runLoad(world, load, media);
  const job = addJob(world, order, { id: reference.jobId, location, configuration: { jobType: 'LOAD', ...configuration }, run });
  return { status: 200, body: jobResource(world, job, true) };
}

/** The place of a dataset, which has to be `wanted` where a job names one; throws 404, as BigQuery looks there alone. */
export function locationOf(world: World, datasetId: string, wanted: string | undefined): string {
  const { location } = datasetOf(world, datasetId);
  if (wanted === undefined || wanted.toLowerCase() === location.toLowerCase()) return location;
  throw notFound(`Dataset ${world.projectId}:${datasetId} was not found in location ${wanted}`);
}

function runLoad(world: World, load: Load, media: Buffer): { statistics: Record<string, unknown> } {
  const { datasetId, tableId } = load.destinationTable;
  const table = failing(() => datasetOf(world, datasetId)).tables.get(tableId);
  const fields = failing(() => fieldsAfter(world, load, table));
  const rows = readRows(media, fields, load.ignoreUnknownValues ?? false);
  const replaces = load.writeDisposition === 'WRITE_TRUNCATE';
  const target = table ?? failing(() => newTable(world, load.destinationTable, fields));
  if (load.writeDisposition === 'WRITE_EMPTY' && target.rows.count > 0) throw failure('duplicate', `Already Exists: Table ${tableName(world, datasetId, tableId)}`);
  target.rows.append(fields, rows, replaces);
  changeTable(world, target, fields);
  const counts = { inputFiles: '1', inputFileBytes: String(media.length), outputRows: String(rows.length), outputBytes: String(media.length), badRecords: '0' };
  return { statistics: { load: counts } };
}

/** The table's columns when the load has been done. */
function fieldsAfter(world: World, load: Load, table: Table | undefined): readonly Field[] {
  const { datasetId, tableId } = load.destinationTable;
  const name = tableName(world, datasetId, tableId);
  const wanted = load.schema && checkedFields(load.schema);
  if (table === undefined && load.createDisposition === 'CREATE_NEVER') throw notFound(`Table ${name}`);
  const current = table?.fields ?? [];
  if (wanted === undefined && current.length === 0) throw invalid('No schema specified on job or table.');
  if (wanted === undefined) return current;
  if (current.length === 0 || load.writeDisposition === 'WRITE_TRUNCATE') return wanted;
  const after = changedFields(name, current, wanted);
  const { schemaUpdateOptions: options = [] } = load;
  const added = after[current.length];
  if (added && !options.includes('ALLOW_FIELD_ADDITION')) throw invalid(`Provided Schema does not match Table ${name}. Cannot add fields (field: ${added.name})`);
  const relaxed = current.find(({ mode }, index) => mode !== after[index]?.mode);
  if (relaxed && !options.includes('ALLOW_FIELD_RELAXATION')) throw invalid(`Provided Schema does not match Table ${name}. Field ${relaxed.name} has changed mode from REQUIRED to NULLABLE`);
  return after;
}

/** What `act` returns; what it refuses is the job's error. */
function failing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refusal ? failure(error.reason, error.message) : error;
  }
}

function failure(reason: string, message: string): JobFailure {
  return new JobFailure([{ reason, message }]);
}
