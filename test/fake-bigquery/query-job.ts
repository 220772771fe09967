import { z } from 'zod';
import { page } from './page.ts';
import { JOB_REFERENCE, type Job, type Outcome, addJob, jobOf, jobResource } from './job.ts';
import { locationOf } from './load.ts';
import { planQuery } from './query.ts';
import type { Answer, Call } from './routes.ts';
import { Refusal, invalid, invalidQuery } from './refusal.ts';
import { PARAMETERS } from './where.ts';
import type { World } from './world.ts';
import { written } from './written.ts';

const QUERY = {
  query: z.string(),
  useLegacySql: z.boolean().optional(),
  // The REST interface says NAMED, and the client named.
  parameterMode: z.enum(['NAMED', 'named']).optional(),
  queryParameters: PARAMETERS.optional(),
  useQueryCache: z.boolean().optional(),
  maximumBytesBilled: z.string().optional(),
};

const FORMAT = z.strictObject({ useInt64Timestamp: z.literal(true).optional(), timestampOutputFormat: z.literal('INT64').optional() });

const WRITTEN_REQUEST = z.strictObject({
  ...QUERY,
  location: z.string().optional(),
  maxResults: z.number().int().nonnegative().optional(),
  timeoutMs: z.number().int().nonnegative().optional(),
  requestId: z.string().max(36).optional(),
  jobCreationMode: z.enum(['JOB_CREATION_REQUIRED', 'JOB_CREATION_OPTIONAL']).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  formatOptions: FORMAT.optional(),
});

const WRITTEN_JOB = z.strictObject({
  jobReference: JOB_REFERENCE.optional(),
  configuration: z.strictObject({ query: z.strictObject(QUERY), labels: z.record(z.string(), z.string()).optional() }),
});

/** Answers `POST queries`: the first rows where the query is done in time, else `jobComplete: false`. */
export async function query(world: World, call: Call): Promise<Answer> {
  const { location, maxResults, timeoutMs, requestId: _id, jobCreationMode: _mode, labels: _labels, formatOptions: _format, ...rest } = written(WRITTEN_REQUEST, call.body);
  const job = addQuery(world, call, rest, { location });
  await call.settled(job, timeoutMs);
  return { status: 200, body: page(world, job, { maxResults, startIndex: 0 }, 'bigquery#queryResponse') };
}

/** Answers `POST jobs` with a query's configuration. */
export function insertQueryJob(world: World, call: Call): Answer {
  const { jobReference, configuration } = written(WRITTEN_JOB, call.body);
  return { status: 200, body: jobResource(world, addQuery(world, call, configuration.query, jobReference ?? {}), true) };
}

/** Answers `GET queries/J`: a page of a query's rows; waits for its end as long as `timeoutMs` says. */
export async function getQueryResults(world: World, call: Call): Promise<Answer> {
  const job = jobOf(world, call.params.job ?? '', call.query.get('location'));
  const number = (name: string): number | undefined => (call.query.has(name) ? naturalOf(name, call.query.get(name)) : undefined);
  await call.settled(job, number('timeoutMs'));
  const [error] = job.end?.errors ?? [];
  if (error) throw new Refusal(400, error.reason, error.message);
  const startIndex = call.query.has('pageToken') ? placeOf(job, call.query.get('pageToken') ?? '') : (number('startIndex') ?? 0);
  return { status: 200, body: page(world, job, { maxResults: number('maxResults'), startIndex }, 'bigquery#getQueryResultsResponse') };
}

function addQuery(world: World, call: Call, written: z.infer<z.ZodObject<typeof QUERY>>, reference: z.infer<typeof JOB_REFERENCE>): Job {
  // Legacy SQL is what the REST interface takes a query for that does not say otherwise.
  if (written.useLegacySql !== false) throw invalidQuery('Legacy SQL is not what this fake of BigQuery knows: set useLegacySql to false');
  const plan = planQuery(world, written.query, written.queryParameters ?? []);
  const location = locationOf(world, plan.dataset, reference.location);
  const run = (): Outcome => ({ statistics: { query: { statementType: plan.statement } }, result: plan.run() });
  return addJob(world, call.order, { id: reference.jobId, location, configuration: { jobType: 'QUERY', query: written }, run });
}

function naturalOf(name: string, text: string | null): number {
  if (!/^\d{1,15}$/.test(text ?? '')) throw invalid(`Invalid value for ${name}: ${text}`);
  return Number(text);
}

/** Where the page of a token begins; a token is good for its own job. */
function placeOf(job: Job, token: string): number {
  const [, id, index] = /^fake:(.*):(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (id !== job.id) throw invalid('Invalid page token');
  return Number(index);
}
