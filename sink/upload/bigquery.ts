import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BigQuery, Job, Table } from '@google-cloud/bigquery';
import type { Pace } from './pace.ts';
import { checkCloudSettings, type CloudSettings } from './cloud-settings.ts';
import { SluiceError, messageOf } from '../../runtime/errors.ts';
import { faultOf } from './fault.ts';
import type { CloudField } from './fields.ts';
import { HASH_LABEL } from './job-id.ts';
import { findKeyFile, type KeyFile } from './key-file.ts';
import { placeOf, quotedThere } from './reconcile.ts';
import type { Target } from './target.ts';
import type { CloudRow, CloudTable, LoadJob, LoadOrder, Warehouse } from './warehouse.ts';
import { watchdog } from './watchdog.ts';

/** Doubles hardly compress: the fastest level takes a third of the time and leaves a tenth more bytes. */
export const GZIP_LEVEL = 1;

/** What tokens are asked for. */
const SCOPE = 'https://www.googleapis.com/auth/bigquery';

/** Cells of a page of answers, about 40 MB as objects. */
const PAGE_CELLS = 400_000;

/** Most rows of a page. */
const PAGE_ROWS = 20_000;

/** Rows of the first page, before it is known how long they are. */
const FIRST_PAGE_ROWS = 100;

/**
 * The BigQuery that `settings` name; loads Google's client, which nothing else does. `warn` is told of a key that others
 * can read. Throws SluiceErrors for settings and keys that cannot be right; asks nothing of the network yet.
 */
export async function openBigQuery(settings: CloudSettings, { timeoutMs }: Pick<Pace, 'timeoutMs'>, warn: (line: string) => void): Promise<Warehouse> {
  const target = checkCloudSettings(settings);
  const client = await openClient(settings, target.project, timeoutMs, warn);
  const dataset = client.dataset(target.dataset, { projectId: target.project });
  // Where jobs run: where the dataset is, once that is known.
  let location = settings.location;
  const tableOf = (name: string): Table => dataset.table(name, { ...(location !== undefined && { location }) });
  return {
    target,
    findTable: async (name) => {
      const found = await unless404(async () => (await tableOf(name).getMetadata())[0] as TableMetadata);
      location = found?.location ?? location;
      return found === undefined ? undefined : cloudTable(found);
    },
    makeTable: async (name, fields) => {
      const make = async (): Promise<unknown> => await dataset.createTable(name, { schema: { fields: fields.map(plain) } });
      await unless409(async () => {
        const made = await unless404(make);
        if (made !== undefined) return;
        await unless409(async () => await client.createDataset(target.dataset, location === undefined ? {} : { location }));
        await make();
      });
    },
    addFields: async (name, given, added) => {
      const fields = [...given, ...added.map(plain)];
      await tableOf(name).setMetadata({ schema: { fields } } as Parameters<Table['setMetadata']>[0]);
    },
    widenField: async (name, column) => {
      // A statement answers no rows, and is done when it answers.
      for await (const _ of query(client, `ALTER TABLE ${placeOf(target, name)} ALTER COLUMN ${quotedThere(column)} SET DATA TYPE FLOAT64`, location));
    },
    findJob: async (id) => {
      const found = await unless404(async () => (await client.job(id, location === undefined ? {} : { location }).getMetadata())[0] as JobMetadata);
      return found === undefined ? undefined : loadJob(found);
    },
    load: async (order) => await load(client, target, order, location, timeoutMs),
    query: (sql) => query(client, sql, location),
  };
}

type TableMetadata = { creationTime?: string; lastModifiedTime?: string; numRows?: string; location?: string; schema?: { fields?: CloudTable['fields'] } };

function cloudTable({ creationTime, lastModifiedTime, numRows, schema }: TableMetadata): CloudTable {
  return { log: creationTime ?? '', rows: Number(numRows ?? 0), writtenAtMs: Number(lastModifiedTime ?? creationTime ?? 0), fields: schema?.fields ?? [] };
}

type JobMetadata = { configuration?: { labels?: Record<string, string> }; status?: { state?: string; errorResult?: LoadJob['errorResult'] } };

function loadJob({ configuration, status }: JobMetadata): LoadJob {
  return { hash: configuration?.labels?.[HASH_LABEL], isDone: status?.state === 'DONE', errorResult: status?.errorResult };
}

function plain({ name, type, mode }: CloudField): { name: string; type: string; mode: string } {
  return { name, type, mode };
}

async function openClient(settings: CloudSettings, projectId: string, timeoutMs: number, warn: (line: string) => void): Promise<BigQuery> {
  const { endpoint, credentials } = settings;
  const key = credentials === undefined ? undefined : findKeyFile(credentials);
  if (key?.warning !== undefined) warn(key.warning);
  const { BigQuery } = await import('@google-cloud/bigquery');
  const client = new BigQuery({
    projectId,
    // Our rules decide what is tried again, and when.
    retryOptions: { autoRetry: false, maxRetries: 0 },
    ...(endpoint !== undefined && { apiEndpoint: endpoint }),
    ...(key !== undefined && (await keyOption(key))),
    ...(key === undefined && endpoint !== undefined && { authClient: await openAnonymous() }),
  });
  client.interceptors.push({
    request: (options) => {
      options.timeout = timeoutMs;
      return options as typeof options & { uri: string };
    },
  });
  return client;
}

type AuthClient = NonNullable<NonNullable<ConstructorParameters<typeof BigQuery>[0]>['authClient']>;

/** How the key is given to the client. Named as a file it makes the client warn of itself on standard error. */
async function keyOption({ path, type }: KeyFile): Promise<{ authClient: AuthClient } | { keyFilename: string }> {
  if (type !== 'service_account') return { keyFilename: path };
  const { JWT } = await import('google-auth-library');
  return { authClient: new JWT({ keyFile: path, scopes: [SCOPE] }) as AuthClient };
}

/** A server of one's own is not sent what the machine's credentials give, unless a key is named for it. */
async function openAnonymous(): Promise<AuthClient> {
  const { PassThroughClient } = await import('google-auth-library');
  return new PassThroughClient();
}

/** Sends the rows as one multipart upload; only the answer that names the job resolves it. */
async function load(client: BigQuery, { dataset }: Target, order: LoadOrder, location: string | undefined, timeoutMs: number): Promise<LoadJob> {
  const { table: name, jobId, hash, lines } = order;
  const table = labelling(client, hash).dataset(dataset).table(name, location === undefined ? {} : { location });
  const upload = table.createWriteStream_({ jobId, sourceFormat: 'NEWLINE_DELIMITED_JSON', writeDisposition: 'WRITE_APPEND', createDisposition: 'CREATE_NEVER' });
  const answered = new Promise<Job>((resolve, reject) => {
    upload.once('job', resolve).once('error', reject);
    upload.once('close', () => reject(new SluiceError('ECONNRESET', 'the connection was closed before BigQuery answered')));
  });
  const dog = watchdog(timeoutMs, (late) => void upload.destroy(late));
  const watched = function* (): Generator<string> {
    for (const line of lines) {
      dog.feed();
      yield line;
    }
  };
  const sent = pipeline(Readable.from(watched(), { objectMode: false }), createGzip({ level: GZIP_LEVEL }), upload);
  sent.catch((error: unknown) => void upload.destroy(error instanceof Error ? error : new Error(messageOf(error))));
  try {
    return loadJob((await answered).metadata as JobMetadata);
  } finally {
    dog.stop();
    upload.destroy();
  }
}

/** The client, which sets no labels on a load job that it uploads, doing so: they stand beside `load` in the job's configuration. */
function labelling(client: BigQuery, hash: string): BigQuery {
  const send = (request: UploadRequest, ...rest: unknown[]) => {
    const [job, ...parts] = request.multipart ?? [];
    const body = JSON.parse(job?.body as string) as { configuration: object };
    const labelled = { ...body, configuration: { ...body.configuration, labels: { [HASH_LABEL]: hash } } };
    const multipart = [{ ...job, body: JSON.stringify(labelled) }, ...parts];
    return (client.makeAuthenticatedRequest as (...all: unknown[]) => unknown)({ ...request, multipart }, ...rest);
  };
  return Object.create(client, { makeAuthenticatedRequest: { value: send } }) as BigQuery;
}

type UploadRequest = { readonly multipart?: readonly { readonly body: unknown }[] };

async function* query(client: BigQuery, sql: string, location: string | undefined): AsyncGenerator<readonly CloudRow[]> {
  const [job] = await client.createQueryJob({ query: sql, useLegacySql: false, ...(location !== undefined && { location }) });
  let maxResults = FIRST_PAGE_ROWS;
  let pageToken: string | undefined;
  let unsafe: string | undefined;
  // The client would round them; what is thrown in here it would wrap in words of its own.
  const integerTypeCastFunction = (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) unsafe = text;
    return value;
  };
  for (;;) {
    const [rows, next] = await job.getQueryResults({ maxResults, autoPaginate: false, wrapIntegers: { integerTypeCastFunction }, ...(pageToken !== undefined && { pageToken }) });
    if (unsafe !== undefined) throw new SluiceError('large-integer', 'a row in BigQuery has an INT64 beyond 2^53, which would be rounded here; make that column a STRING or FLOAT64 there');
    yield rows as CloudRow[];
    // A query that still runs gives no rows, and the same question to be asked again.
    if (next === null || next === undefined) return;
    pageToken = next.pageToken ?? undefined;
    const cells = Object.keys((rows[0] ?? {}) as CloudRow).length;
    if (cells > 0) maxResults = Math.max(1, Math.min(PAGE_ROWS, Math.floor(PAGE_CELLS / cells)));
  }
}

/** What `ask` resolves with, or undefined where the answer is 404. */
async function unless404<T>(ask: () => Promise<T>): Promise<T | undefined> {
  return await ask().catch((error: unknown) => {
    if (faultOf(error).status === 404) return undefined;
    throw error;
  });
}

/** Somebody else made it meanwhile: then it is there. */
async function unless409(ask: () => Promise<unknown>): Promise<void> {
  await ask().catch((error: unknown) => {
    if (faultOf(error).status !== 409) throw error;
  });
}
