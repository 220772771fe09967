import type { IncomingHttpHeaders } from 'node:http';
import { deleteDataset, getDataset, insertDataset } from './datasets.ts';
import type { JobOrder } from './faults.ts';
import { type Job, jobOf, jobResource } from './job.ts';
import { getQueryResults, insertQueryJob, query } from './query-job.ts';
import { deleteTable, getTable, insertTable, patchTable } from './tables.ts';
import { beginUpload, continueUpload } from './upload.ts';
import type { World } from './world.ts';

/** A request that was understood, with what its handler needs. */
export type Call = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What a fault says about the job that this request makes. */
  readonly order: JobOrder;
  /** Resolves when `job` has ended, or after `timeoutMs` (10 s, as BigQuery's). */
  readonly settled: (job: Job, timeoutMs: number | undefined) => Promise<void>;
};

/** An answer; a body is sent as JSON. */
export type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** What a request is, for faults and for the log. */
export type RequestKind = (typeof ROUTES)[number]['kind'] | 'token' | 'unknown';

/** A way in: what asks for it, which parameters its address may have, and what answers. */
type Route = {
  readonly kind: string;
  readonly method: string;
  readonly path: RegExp;
  readonly query: readonly string[];
  readonly makesJob: boolean;
  readonly answer: (world: World, call: Call) => Answer | Promise<Answer>;
};

const PROJECT = '/bigquery/v2/projects/(?<project>[^/]+)';
const RESULTS = ['location', 'maxResults', 'pageToken', 'startIndex', 'timeoutMs', 'formatOptions.useInt64Timestamp', 'formatOptions.timestampOutputFormat'];

const ROUTES = [
  route('insert-dataset', 'POST', `${PROJECT}/datasets`, [], insertDataset),
  route('get-dataset', 'GET', `${PROJECT}/datasets/(?<dataset>[^/]+)`, [], getDataset),
  route('delete-dataset', 'DELETE', `${PROJECT}/datasets/(?<dataset>[^/]+)`, ['deleteContents'], deleteDataset),
  route('insert-table', 'POST', `${PROJECT}/datasets/(?<dataset>[^/]+)/tables`, [], insertTable),
  route('get-table', 'GET', `${PROJECT}/datasets/(?<dataset>[^/]+)/tables/(?<table>[^/]+)`, [], getTable),
  route('patch-table', 'PATCH', `${PROJECT}/datasets/(?<dataset>[^/]+)/tables/(?<table>[^/]+)`, [], patchTable),
  route('delete-table', 'DELETE', `${PROJECT}/datasets/(?<dataset>[^/]+)/tables/(?<table>[^/]+)`, [], deleteTable),
  route('upload', 'POST', `/upload${PROJECT}/jobs`, ['uploadType'], beginUpload, true),
  route('upload-chunk', 'PUT', `/upload${PROJECT}/jobs`, ['uploadType', 'upload_id'], continueUpload, true),
  route('insert-job', 'POST', `${PROJECT}/jobs`, [], insertQueryJob, true),
  route('get-job', 'GET', `${PROJECT}/jobs/(?<job>[^/]+)`, ['location'], getJob),
  route('query', 'POST', `${PROJECT}/queries`, [], query, true),
  route('get-query-results', 'GET', `${PROJECT}/queries/(?<job>[^/]+)`, RESULTS, getQueryResults),
] as const;

/** The route of a request, with what its path names; undefined where the fake has none. */
export function routeOf(method: string, path: string): { readonly route: Route & { readonly kind: RequestKind }; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const route of ROUTES) {
    const groups = route.method === method ? route.path.exec(path)?.groups : undefined;
    if (groups) return { route, params: Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)])) };
  }
  return undefined;
}

function route<Kind extends string>(kind: Kind, method: string, path: string, query: readonly string[], answer: Route['answer'], makesJob = false): Route & { readonly kind: Kind } {
  return { kind, method, path: new RegExp(`^${path}$`), query, makesJob, answer };
}

function getJob(world: World, call: Call): Answer {
  return { status: 200, body: jobResource(world, jobOf(world, call.params.job ?? '', call.query.get('location'))) };
}
