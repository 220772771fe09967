import { Readable } from 'node:stream';
import { BigQuery, type Dataset, type Job, type JobLoadMetadata } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { onTestFinished } from 'vitest';
import { type FakeBigQuery, type FakeBigQueryOptions, startFakeBigQuery } from '../../fake-bigquery/server.ts';

/** A fake, and the real client of BigQuery pointed at it. */
export type Opened = { readonly fake: FakeBigQuery; readonly client: BigQuery };

/** The columns of the table that the tests load into. */
export const SCHEMA = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'x', type: 'FLOAT' },
  { name: 's', type: 'STRING' },
] as const;

/** A fake that ends with the test. */
export async function openFake(options?: FakeBigQueryOptions): Promise<Opened> {
  const fake = await startFakeBigQuery(options);
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  return { fake, client: clientOf(fake) };
}

/** A client without credentials, which does not try again: a test sees each answer. */
export function clientOf(fake: FakeBigQuery): BigQuery {
  // The library's types of the client and of the class that its own pages name for this do not fit each other.
  const authClient = new PassThroughClient() as NonNullable<NonNullable<ConstructorParameters<typeof BigQuery>[0]>['authClient']>;
  return new BigQuery({ projectId: fake.projectId, apiEndpoint: fake.endpoint, authClient, autoRetry: false });
}

/** A fake with the dataset `d` in `location` and, in it, the empty table `t`. */
export async function openTable(options?: FakeBigQueryOptions, location = 'EU'): Promise<Opened & { readonly dataset: Dataset }> {
  const opened = await openFake(options);
  await opened.client.createDataset('d', { location });
  const dataset = opened.client.dataset('d', { location });
  await dataset.createTable('t', { schema: [...SCHEMA] });
  return { ...opened, dataset };
}

/** Loads `content` into the table `t` of `dataset` and waits for the job's end; rejects with what the client emits. */
export async function load(dataset: Dataset, content: string | Buffer | readonly unknown[], options: JobLoadMetadata & { readonly table?: string } = {}): Promise<Job> {
  const { table = 't', ...metadata } = options;
  const text = Array.isArray(content) ? content.map((row) => `${JSON.stringify(row)}\n`).join('') : (content as string | Buffer);
  const { promise, resolve, reject } = Promise.withResolvers<Job>();
  const stream = dataset.table(table).createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON', ...metadata });
  stream.on('complete', resolve).on('error', reject);
  Readable.from([text], { objectMode: false }).pipe(stream);
  return await promise;
}

/** What a promise rejects with, as the client's errors are: code, reasons, and the texts; throws where it does not. */
export async function refusalOf(promise: Promise<unknown>): Promise<{ readonly code: number | string | undefined; readonly reasons: readonly string[]; readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    const { code, errors = [], message } = error as Error & { code?: number | string; errors?: readonly { reason: string; message: string }[] };
    return { code, reasons: errors.map(({ reason }) => reason), message: [message, ...errors.map((each) => each.message)].join(' | ') };
  }
  throw new Error('it was not refused');
}
