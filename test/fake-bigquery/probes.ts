import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { BigQuery, Dataset } from '@google-cloud/bigquery';
import { checksumQuery, readQuery, widenQuery } from './queries.ts';

/** What BigQuery, or the fake, answered to each question: text that has to be the same from both. */
export type Answers = Readonly<Record<string, string>>;

const FIELDS = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'x', type: 'FLOAT' },
  { name: 's', type: 'STRING' },
  { name: 'n', type: 'INTEGER' },
];

/** Doubles on which two ways of writing or reading them could differ: ties of 17 digits, ends of the range, no numbers. */
const NASTY = [0.1, -0, 2 ** -25, 1_000_000_000_000_000.25, 5e-324, 1.7976931348623157e308, 'NaN', 'Infinity', '-Infinity', null];

/** Asks what Sluice relies on, in a dataset of its own which is gone in the end; 17 questions, about a minute. */
export async function probe(client: BigQuery, location: string): Promise<Answers> {
  const id = `sluice_check_${Date.now()}`;
  await client.createDataset(id, { location });
  const dataset = client.dataset(id, { location });
  try {
    return await ask(client, dataset, `${client.projectId}.${id}.t`);
  } finally {
    await dataset.delete({ force: true });
  }
}

async function ask(client: BigQuery, dataset: Dataset, name: string): Promise<Answers> {
  const table = dataset.table('t');
  const rows = lines(NASTY.map((x, id) => ({ id, x, s: `é\n${id}` })));
  const sum = async (): Promise<string> => JSON.stringify((await client.query(checksumQuery(name, FIELDS)))[0]);
  return {
    'a missing table': await said(table.getMetadata()),
    'a new table': await said(dataset.createTable('t', { schema: FIELDS })),
    'the types it answers': JSON.stringify((await table.getMetadata())[0].schema.fields),
    'a load': await said(load(dataset, rows, `${dataset.id}_a`)),
    'the same job id': await said(load(dataset, rows, `${dataset.id}_a`)),
    'a load packed with gzip': await said(load(dataset, gzipSync(lines([{ id: 10 }])), `${dataset.id}_b`)),
    'an unknown column': await said(load(dataset, lines([{ id: 11, nope: 1 }]), `${dataset.id}_c`)),
    'a failed job id again': await said(load(dataset, lines([{ id: 11 }]), `${dataset.id}_c`)),
    'REQUIRED and NULL': await said(load(dataset, lines([{ x: 1 }]), `${dataset.id}_d`)),
    'an integer beyond 2^53 as text': await said(load(dataset, lines([{ id: '9007199254740993' }]), `${dataset.id}_e`)),
    'a bare integer beyond 2^53': await said(load(dataset, '{"id":9007199254740993}\n', `${dataset.id}_f`)),
    'count and checksum': await sum(),
    'a new column': await said(table.setMetadata({ schema: { fields: [...FIELDS, { name: 'y', type: 'FLOAT' }] } })),
    'the checksum after it': await sum(),
    'a column of integers made one of doubles': await said(client.query(widenQuery(name, 'n'))),
    'a text made one of doubles': await said(client.query(widenQuery(name, 's'))),
    'all rows': JSON.stringify((await client.query({ query: readQuery(name), skipParsing: true }))[0].map((row: unknown) => JSON.stringify(row)).toSorted()),
  };
}

function lines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

async function load(dataset: Dataset, content: string | Buffer, jobId: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const stream = dataset.table('t').createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON', jobId });
  stream.on('complete', resolve).on('error', reject);
  Readable.from([content], { objectMode: false }).pipe(stream);
  await promise;
}

/** `done`, or what the client rejects with: its code and the first reason. */
async function said(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'done';
  } catch (error) {
    const { code, errors = [] } = error as { readonly code?: unknown; readonly errors?: readonly { readonly reason: string }[] };
    return `${String(code)} ${errors[0]?.reason}`;
  }
}
