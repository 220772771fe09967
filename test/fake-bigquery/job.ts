import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { JobOrder } from './faults.ts';
import { duplicate, invalid, notFound } from './refusal.ts';
import type { QueryResult } from './query.ts';
import type { World } from './world.ts';

/** Why a job failed; BigQuery puts the first of them into `errorResult`. */
export type JobError = { readonly reason: string; readonly message: string };

/**
 * A job. It is RUNNING until `endsMs`; then `run` is called, once, and it is DONE: what a job does, it does at its
 * end, all of it or nothing. A failed job is DONE as well, and its id is used up.
 */
export type Job = {
  readonly id: string;
  readonly location: string;
  readonly configuration: unknown;
  readonly createdMs: number;
  readonly endsMs: number;
  /** Gone when it was called: it holds what was uploaded. */
  run: (() => Outcome) | undefined;
  end: (Outcome & { readonly errors: readonly JobError[] }) | undefined;
};

/** What a job that succeeded did, and what it answers where it was a query. */
export type Outcome = { readonly statistics: Readonly<Record<string, unknown>>; readonly result?: QueryResult };

/** A job's name and place as a request may write them. */
export const JOB_REFERENCE = z.strictObject({ projectId: z.string().optional(), jobId: z.string().optional(), location: z.string().optional() });

/** What `run` throws where a job fails. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  readonly errors: readonly JobError[];

  constructor(errors: readonly JobError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

/** Adds a job that does `run`; throws 409 `duplicate` where its id was used before in this location, whatever became of it. */
export function addJob(world: World, order: JobOrder, job: Pick<Job, 'location' | 'configuration'> & { readonly id: string | undefined; readonly run: () => Outcome }): Job {
  const id = job.id ?? `fake_${randomUUID()}`;
  refuseUsedId(world, id, job.location);
  const createdMs = world.clock.now();
  const { jobError } = order;
  const run = jobError === undefined ? job.run : () => fail(jobError);
  const added: Job = { ...job, id, createdMs, endsMs: createdMs + (order.slowJobMs ?? 0), run, end: undefined };
  world.jobs.set(jobKey(id, job.location), added);
  return added;
}

/** Throws 400 for an id that BigQuery does not take, 409 for one that was used before. */
export function refuseUsedId(world: World, id: string, location: string): void {
  if (!/^[A-Za-z0-9_-]{1,1024}$/.test(id)) throw invalid(`Invalid job ID "${id}". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.`);
  if (world.jobs.has(jobKey(id, location))) throw duplicate(`Job ${world.projectId}:${location}.${id}`);
}

/** Ends every job whose time has come, in the order of their ends. */
export function settleJobs(world: World): void {
  const due = [...world.jobs.values()].filter((job) => job.end === undefined && job.endsMs <= world.clock.now());
  for (const job of due.toSorted((a, b) => a.endsMs - b.endsMs)) {
    job.end = endOf(job.run);
    job.run = undefined;
  }
}

/** The job `id`; without a location only those of US and EU are found, as the REST interface says. */
export function jobOf(world: World, id: string, location: string | null): Job {
  const places = location === null ? ['US', 'EU'] : [location];
  const job = places.map((place) => world.jobs.get(jobKey(id, place))).find((found) => found !== undefined);
  if (job === undefined) throw notFound(`Job ${world.projectId}:${location === null ? '' : `${location}.`}${id}`);
  return job;
}

/** The job as BigQuery answers it; `isFresh` for the answer to its insertion, which never waits for its end. */
export function jobResource(world: World, job: Job, isFresh = false): Record<string, unknown> {
  const end = isFresh ? undefined : job.end;
  const [first] = end?.errors ?? [];
  const errors = first === undefined ? {} : { errorResult: first, errors: end?.errors };
  const times = { creationTime: String(job.createdMs), startTime: String(job.createdMs), ...(end && { endTime: String(job.endsMs) }) };
  return {
    kind: 'bigquery#job',
    id: `${world.projectId}:${job.location}.${job.id}`,
    jobReference: { projectId: world.projectId, jobId: job.id, location: job.location },
    configuration: job.configuration,
    status: { state: end ? 'DONE' : 'RUNNING', ...errors },
    statistics: { ...times, ...end?.statistics },
    user_email: 'nobody@fake-bigquery.invalid',
  };
}

function endOf(run: Job['run']): NonNullable<Job['end']> {
  try {
    return { errors: [], statistics: {}, ...run?.() };
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    return { errors: error.errors, statistics: {} };
  }
}

function fail(error: JobError): never {
  throw new JobFailure([error]);
}

function jobKey(id: string, location: string): string {
  return `${location.toLowerCase()}.${id}`;
}
