import { createHash } from 'node:crypto';
import type { QueryRowsResponse } from '@google-cloud/bigquery';
import { expect, test } from 'vitest';
import { checksumQuery, readQuery, widenQuery } from '../../fake-bigquery/queries.ts';
import { load, openTable, refusalOf } from './open.ts';

const TABLE = 'fake-project.d.t';

test('count and checksum are those of the definition, by whatever route the rows came', async () => {
  const { fake, client, dataset } = await openTable();
  await load(dataset, [{ id: 1, x: 0.1, s: 'a' }, { id: 2, x: -0 }]);
  const texts = [
    `id=1\ns=${createHash('sha256').update('a').digest('hex')}\nx=1.0000000000000001e-01`,
    'id=2\nx=0.0000000000000000e+00',
  ];
  const hashes = texts.map((text) => createHash('sha256').update(text).digest('hex'));
  const sum = (from: number): string => String(hashes.reduce((total, hash) => total + Number.parseInt(hash.slice(from, from + 8), 16), 0));
  const query = checksumQuery(TABLE, fake.table('d', 't')?.schema ?? []);
  expect((await client.query(query))[0]).toEqual([{ row_count: 2, sum_1: sum(0), sum_2: sum(8) }]);
  expect(fake.checksum('d', 't')).toEqual({ rows: 2, sum1: BigInt(sum(0)), sum2: BigInt(sum(8)) });
});

test('the checksum does not depend on batches, their order, or a column that came later; it does on every value', async () => {
  const sums = async (...batches: readonly (readonly object[])[]): Promise<unknown> => {
    const { fake, dataset } = await openTable();
    for (const batch of batches) await load(dataset, batch);
    return fake.checksum('d', 't');
  };
  const one = { id: 1, x: 0.1 };
  const two = { id: 2, x: 0.2, s: 'b' };
  const whole = await sums([one, two]);
  expect(await sums([two], [one])).toEqual(whole);
  expect(await sums([{ ...one, x: 0.10000000000000002 }, two])).not.toEqual(whole);
  expect(await sums([{ id: 1, x: 0.2 }, { id: 2, x: 0.1, s: 'b' }])).not.toEqual(whole);
  expect(await sums([one, one])).not.toEqual(await sums([two, two]));
  const { fake, dataset } = await openTable();
  await load(dataset, [one, two]);
  await dataset.table('t').setMetadata({ schema: { fields: [...(fake.table('d', 't')?.schema ?? []), { name: 'late', type: 'FLOAT' }] } });
  expect(fake.checksum('d', 't')).toEqual(whole);
});

test('with digests alone, count and checksum are the same, and rows cannot be read', async () => {
  const rows = [{ id: 1, x: 1 / 3, s: 'é' }, { id: 2, x: 'NaN' }];
  const kept = await openTable();
  const digested = await openTable({ keepRows: 'digest' });
  for (const { dataset } of [kept, digested]) await load(dataset, rows);
  expect(digested.fake.checksum('d', 't')).toEqual(kept.fake.checksum('d', 't'));
  const query = checksumQuery(TABLE, kept.fake.table('d', 't')?.schema ?? []);
  expect((await digested.client.query(query))[0]).toEqual((await kept.client.query(query))[0]);
  expect(await refusalOf(digested.client.query(readQuery(TABLE)))).toMatchObject({ code: 501 });
});

test('rows are read in pages, all values to the last bit', async () => {
  const { client, dataset } = await openTable();
  const rows = Array.from({ length: 25 }, (_, id) => ({ id, x: id === 7 ? null : 1 / (id + 1) ** 9, s: id % 2 ? 'odd' : null }));
  await load(dataset, rows.slice(0, 10));
  await load(dataset, rows.slice(10));
  const [job] = await client.createQueryJob({ query: readQuery(TABLE, ['id', 'x', 's']), location: 'EU', jobId: 'read' });
  const pages: unknown[][] = [];
  for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
    const response: QueryRowsResponse = await job.getQueryResults({ maxResults: 10, autoPaginate: false, ...(pageToken !== '' && { pageToken }) });
    pages.push(response[0]);
    pageToken = response[1]?.pageToken;
  }
  expect([pages.map(({ length }) => length), pages.flat()]).toEqual([[10, 10, 5], rows]);
  expect((await job.getQueryResults())[0]).toEqual(rows);
});

test('a page has at most 10 MB, and the client reads on', async () => {
  const { fake, client, dataset } = await openTable();
  const rows = Array.from({ length: 25 }, (_, id) => ({ id, x: id, s: 's'.repeat(1_000_000) }));
  await load(dataset, rows);
  expect((await client.query(readQuery(TABLE)))[0]).toEqual(rows);
  expect(fake.requests.filter(({ kind }) => kind === 'get-query-results').length).toBeGreaterThanOrEqual(2);
});

test('conditions take named parameters: comparisons, lists, NULL', async () => {
  const { client, dataset } = await openTable();
  await load(dataset, [{ id: 1, x: 0.5, s: 'a' }, { id: 2, x: 1.5, s: 'b' }, { id: 3 }]);
  const ids = async (where: string, params: Record<string, unknown> = {}): Promise<unknown> =>
    (await client.query({ query: readQuery(TABLE, ['id'], where), params }))[0].map(({ id }: { id: number }) => id);
  expect(await ids('`id` = @a', { a: 2 })).toEqual([2]);
  expect(await ids('`x` >= @a AND `x` < @b', { a: 0.5, b: 1 })).toEqual([1]);
  expect(await ids('`id` IN UNNEST(@a)', { a: [1, 3, 9] })).toEqual([1, 3]);
  expect(await ids('`s` IS NULL')).toEqual([3]);
  expect(await ids('`s` IS NOT NULL AND `s` != @s', { s: 'a' })).toEqual([2]);
  expect(await refusalOf(ids('`x` = @a', { a: 'text' }))).toMatchObject({ code: 400, reasons: ['invalidQuery'] });
  expect(await refusalOf(ids('`id` = @b', { a: 1 }))).toMatchObject({ code: 400, reasons: ['invalidQuery'] });
});

test.each([
  ['another statement', `DELETE FROM \`${TABLE}\` WHERE true`],
  ['an expression', `SELECT 1 FROM \`${TABLE}\``],
  ['a column that there is not', readQuery(TABLE, ['nope'])],
  ['two statements', `${readQuery(TABLE)}; ${readQuery(TABLE)}`],
  ['a checksum of another form', checksumQuery(TABLE, [{ name: 'id', type: 'INTEGER' }]).replace('CAST(`id` AS STRING)', '`id`')],
  ['a checksum of the wrong type', checksumQuery(TABLE, [{ name: 'id', type: 'FLOAT' }])],
])('a query is refused as `invalidQuery` that has %s', async (_, query) => {
  const { client } = await openTable();
  expect(await refusalOf(client.query(query))).toMatchObject({ code: 400, reasons: ['invalidQuery'] });
});

test('queries of a missing table and in another location are refused, and a slow one is waited for', async () => {
  const { fake, client, dataset } = await openTable();
  expect(await refusalOf(client.query(readQuery('fake-project.d.none')))).toMatchObject({ code: 404, reasons: ['notFound'] });
  expect(await refusalOf(client.query({ query: readQuery(TABLE), location: 'US' }))).toMatchObject({ code: 404 });
  await load(dataset, [{ id: 1 }]);
  fake.faults.next({ kind: 'query' }, { slowJobMs: 500 });
  expect((await refusalOf(client.query({ query: readQuery(TABLE, ['id']) }, { timeoutMs: 1 }))).message).toContain('did not complete');
  fake.faults.next({ kind: 'query' }, { slowJobMs: 200 });
  expect((await client.query(readQuery(TABLE, ['id'])))[0]).toEqual([{ id: 1 }]);
});

test('a column of integers may become one of doubles, whose values stay; no other may, and the change counts as one', async () => {
  const { fake, client, dataset } = await openTable();
  await dataset.table('t').setMetadata({ schema: { fields: [...(fake.table('d', 't')?.schema ?? []), { name: 'n', type: 'INTEGER' }] } });
  await load(dataset, [{ id: 1, n: 3 }, { id: 2, n: '9007199254740993' }, { id: 3 }]);
  expect((await client.query(widenQuery(TABLE, 'n')))[0]).toEqual([]);
  expect(fake.table('d', 't')?.schema.at(-1)).toMatchObject({ name: 'n', type: 'FLOAT' });
  await load(dataset, [{ id: 4, n: 0.5 }]);
  expect((await client.query(readQuery(TABLE, ['n'])))[0]).toEqual([{ n: 3 }, { n: 2 ** 53 }, { n: null }, { n: 0.5 }]);
  expect(await refusalOf(client.query(widenQuery(TABLE, 's')))).toMatchObject({ code: 400, message: expect.stringContaining('(STRING) is assignable to the new type (FLOAT64)') as string });
  expect(await refusalOf(client.query(widenQuery(TABLE, 'none')))).toMatchObject({ code: 400 });
  for (let change = 0; change < 3; change += 1) await client.query(widenQuery(TABLE, 'n'));
  expect(await refusalOf(client.query(widenQuery(TABLE, 'n')))).toMatchObject({ code: 403 });
});
