import { expect, test } from 'vitest';
import { SCHEMA, openFake, openTable, refusalOf } from './open.ts';

test('a dataset is missing until it is made, and is made once', async () => {
  const { client } = await openFake();
  expect(await client.dataset('d').exists()).toEqual([false]);
  expect(await refusalOf(client.dataset('d').getMetadata())).toMatchObject({ code: 404, reasons: ['notFound'] });
  const [dataset] = await client.createDataset('d', { location: 'EU' });
  expect((await dataset.getMetadata())[0]).toMatchObject({ location: 'EU', id: 'fake-project:d' });
  const again = await refusalOf(client.createDataset('d'));
  expect(again).toMatchObject({ code: 409, reasons: ['duplicate'] });
  expect(again.message).toContain('Already Exists: Dataset fake-project:d');
});

test('a table is made once, and answers with the older names of types and a mode for each', async () => {
  const { dataset } = await openTable();
  const [created] = await dataset.createTable('u', { schema: [{ name: 'a', type: 'INT64' }, { name: 'b', type: 'FLOAT64', mode: 'REPEATED' }, { name: 'c', type: 'BOOL' }] });
  expect(created.metadata.schema.fields).toEqual([
    { name: 'a', type: 'INTEGER', mode: 'NULLABLE' },
    { name: 'b', type: 'FLOAT', mode: 'REPEATED' },
    { name: 'c', type: 'BOOLEAN', mode: 'NULLABLE' },
  ]);
  expect(await refusalOf(dataset.createTable('t', { schema: [...SCHEMA] }))).toMatchObject({ code: 409, reasons: ['duplicate'] });
  expect(await refusalOf(dataset.table('none').getMetadata())).toMatchObject({ code: 404, reasons: ['notFound'] });
  expect((await refusalOf(openMissing(dataset))).message).toContain('Not found: Dataset fake-project:none');
});

test.each([
  ['starts with a digit', '1a'],
  ['has a dash', 'a-b'],
  ['has a letter beyond ASCII', 'straße'],
  ['is longer than 300', 'a'.repeat(301)],
  ['begins as BigQuery’s own do', '_PARTITIONTIME'],
])('a column is refused whose name %s', async (_, name) => {
  const { dataset } = await openTable();
  expect(await refusalOf(dataset.createTable('u', { schema: [{ name, type: 'FLOAT' }] }))).toMatchObject({ code: 400, reasons: ['invalid'] });
  await dataset.createTable('u', { schema: [{ name: 'a'.repeat(300), type: 'FLOAT' }] });
});

test('columns that differ by case alone, and more than 10,000 of them, are refused', async () => {
  const { dataset } = await openTable();
  expect((await refusalOf(dataset.createTable('u', { schema: [{ name: 'a', type: 'FLOAT' }, { name: 'A', type: 'FLOAT' }] }))).message).toMatch(/duplicate field name/i);
  const wide = (columns: number): { name: string; type: string }[] => Array.from({ length: columns }, (_, i) => ({ name: `c${i}`, type: 'FLOAT' }));
  expect((await refusalOf(dataset.createTable('u', { schema: wide(10_001) }))).message).toMatch('Too many columns');
  await dataset.createTable('u', { schema: wide(10_000) });
});

test('columns are added by setMetadata, all named, and none is taken away, retyped or added as REQUIRED', async () => {
  const { fake, dataset } = await openTable();
  const table = dataset.table('t');
  const [metadata] = await table.getMetadata();
  const fields = metadata.schema.fields as { name: string; type: string; mode?: string }[];
  const change = async (next: readonly object[]): Promise<unknown> => await table.setMetadata({ schema: { fields: [...next] } });
  expect((await refusalOf(change(fields.slice(1)))).message).toContain('Field id is missing in new schema');
  expect((await refusalOf(change([...fields, { name: 'y', type: 'FLOAT', mode: 'REQUIRED' }]))).message).toContain('Cannot add required fields');
  expect((await refusalOf(change(fields.map((field) => ({ ...field, type: 'STRING' }))))).message).toContain('has changed type');
  await table.setMetadata({ ...metadata, schema: { fields: [...fields, { name: 'y', type: 'FLOAT64' }] } });
  expect(fake.table('d', 't')?.schema.map(({ name }) => name)).toEqual(['id', 'x', 's', 'y']);
  expect(await refusalOf(table.setMetadata({ ...metadata }))).toMatchObject({ code: 412, reasons: ['conditionNotMet'] });
});

test('a sixth change of a table within ten seconds is refused, and taken when they have passed', async () => {
  const { fake, dataset } = await openTable();
  const change = async (): Promise<unknown> => await dataset.table('t').setMetadata({ description: 'again' });
  for (let i = 0; i < 5; i++) await change();
  expect(await refusalOf(change())).toMatchObject({ code: 403, reasons: ['rateLimitExceeded'] });
  fake.clock.advance(10_001);
  await change();
});

test('fields that the REST interface does not have, other projects and other addresses are refused', async () => {
  const { fake, client, dataset } = await openTable();
  expect((await refusalOf(dataset.table('t').setMetadata(JSON.parse('{"descripton":"no"}') as object))).message).toContain('Unknown name "descripton"');
  expect(await refusalOf(client.dataset('d', { projectId: 'other' }).getMetadata())).toMatchObject({ code: 403, reasons: ['accessDenied'] });
  const other = await fetch(`${fake.endpoint}/bigquery/v2/projects/fake-project/datasets/d/models`);
  expect([other.status, other.headers.get('server')]).toEqual([501, fake.name]);
  expect(await other.json()).toMatchObject({ error: { code: 501, status: 'UNIMPLEMENTED', errors: [{ domain: 'global', reason: 'notImplemented' }] } });
  expect(fake.name).toMatch(/fake.*not Google/);
});

async function openMissing(dataset: { readonly bigQuery: { dataset(id: string): { table(id: string): { getMetadata(): Promise<unknown> } } } }): Promise<unknown> {
  return await dataset.bigQuery.dataset('none').table('t').getMetadata();
}
