import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openWorkspace } from '../harness/workspace.ts';
import { load, openTable, refusalOf } from './open.ts';

test('rows are stored to the last bit, and the job tells how many', async () => {
  const { fake, dataset } = await openTable();
  const job = await load(dataset, [{ id: 1, x: 0.1 + 0.2, s: 'é\n"' }, { id: 2 }, { id: 3, x: 5e-324, s: '' }]);
  expect(job.metadata).toMatchObject({ status: { state: 'DONE' }, statistics: { load: { outputRows: '3' } } });
  expect([...(fake.table('d', 't')?.rows() ?? [])]).toEqual([
    { id: 1, x: 0.1 + 0.2, s: 'é\n"' },
    { id: 2, x: null, s: null },
    { id: 3, x: 5e-324, s: '' },
  ]);
});

test.each([
  ['a column that there is not', { id: 2, nope: 1 }, 'No such field: nope.'],
  ['a column in another case', { ID: 2 }, 'No such field: ID.'],
  ['a REQUIRED column that is NULL', { id: null }, 'Missing required field: id.'],
  ['a REQUIRED column that is missing', { x: 1 }, 'Missing required field: id.'],
  ['an integer with a fraction', { id: 1.5 }, 'Could not convert value to integer'],
  ['an integer beyond 64 bits', { id: '9223372036854775808' }, 'Could not convert value to integer'],
  ['a bare integer beyond 2^53, which may have lost digits', { id: 2 ** 53 }, 'Could not convert value to integer'],
  ['a text where a double belongs', { id: 2, x: 'much' }, 'Could not convert value to double'],
  ['a number where a text belongs', { id: 2, s: 3 }, 'Could not convert value to string'],
  ['an array where a value belongs', { id: 2, x: [1] }, 'Could not convert value to double'],
  ['NaN, which is no JSON', '{"id":2,"x":NaN}', 'JSON parsing error'],
  ['a double beyond doubles', '{"id":2,"x":1e999}', 'Could not convert value to double'],
  ['a line that is cut off', '{"id":2,"x":1', 'JSON parsing error'],
  ['bytes that are no UTF-8', Buffer.from([...Buffer.from('{"id":2,"s":"'), 0xff, ...Buffer.from('"}')]), 'JSON parsing error'],
])('a load with %s fails as `invalid`, and none of its rows is stored', async (_, bad, why) => {
  const { fake, dataset } = await openTable();
  const line = typeof bad === 'string' || Buffer.isBuffer(bad) ? bad : JSON.stringify(bad);
  const refusal = await refusalOf(load(dataset, Buffer.concat([Buffer.from('{"id":1}\n'), Buffer.from(line), Buffer.from('\n')])));
  expect(refusal.reasons[0]).toBe('invalid');
  expect(refusal.message).toContain(why);
  expect(fake.table('d', 't')?.rowCount).toBe(0);
});

test('unknown columns are left out where the job says so; NaN and the infinities are taken as texts', async () => {
  const { fake, dataset } = await openTable();
  await load(dataset, [{ id: 1, x: 'NaN', nope: 1 }, { id: 2, x: '-Infinity' }, { id: '9223372036854775807', x: '1e3' }], { ignoreUnknownValues: true });
  expect([...(fake.table('d', 't')?.rows() ?? [])].map(({ id, x }) => [id, x])).toEqual([[1, Number.NaN], [2, -Infinity], ['9223372036854775807', 1000]]);
});

test('a row of more than 100 MB is refused', async () => {
  const { dataset } = await openTable();
  const row = Buffer.concat([Buffer.from('{"id":1,"s":"'), Buffer.alloc(100 * 1024 * 1024, 'a'), Buffer.from('"}\n')]);
  expect((await refusalOf(load(dataset, row))).message).toContain('Row size is larger than');
});

test('content packed with gzip is known by its first bytes, and refused where it is broken', async () => {
  const { fake, dataset } = await openTable();
  await using workspace = openWorkspace('fake-bigquery-gzip');
  const file = join(workspace.folder, 'rows.json.gz');
  const packed = gzipSync('{"id":1,"x":2.5}\n');
  await writeFile(file, packed);
  const [job] = await dataset.table('t').createLoadJob(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON', jobId: 'gz' });
  expect((await job.getMetadata())[0]).toMatchObject({ jobReference: { jobId: 'gz', location: 'EU' }, status: { state: 'DONE' } });
  expect(fake.table('d', 't')?.rowCount).toBe(1);
  expect((await refusalOf(load(dataset, packed.subarray(0, -9)))).message).toContain('decompress gzip');
});

test('a load makes its table where it may and has a schema, and a failed one makes none', async () => {
  const { fake, dataset } = await openTable();
  const schema = { fields: [{ name: 'a', type: 'FLOAT' }] };
  const missing = await refusalOf(load(dataset, [{ a: 1 }], { table: 'u', schema, createDisposition: 'CREATE_NEVER' }));
  expect(missing).toMatchObject({ code: undefined, reasons: ['notFound'] });
  expect((await refusalOf(load(dataset, [{ a: 1 }], { table: 'u' }))).message).toContain('No schema specified');
  expect((await refusalOf(load(dataset, [{ a: 'x' }], { table: 'u', schema }))).reasons[0]).toBe('invalid');
  expect(fake.table('d', 'u')).toBeUndefined();
  await load(dataset, [{ a: 1 }], { table: 'u', schema });
  expect(fake.table('d', 'u')?.rowCount).toBe(1);
});

test('columns are added by a load only with ALLOW_FIELD_ADDITION, and are NULL in older rows', async () => {
  const { fake, dataset } = await openTable();
  await load(dataset, [{ id: 1 }]);
  const fields = [...(fake.table('d', 't')?.schema ?? []), { name: 'y', type: 'FLOAT' }];
  expect((await refusalOf(load(dataset, [{ id: 2, y: 2 }], { schema: { fields } }))).message).toContain('Cannot add fields (field: y)');
  await load(dataset, [{ id: 2, y: 2 }], { schema: { fields }, schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] });
  expect([...(fake.table('d', 't')?.rows() ?? [])].map(({ y }) => y)).toEqual([null, 2]);
  expect((await refusalOf(load(dataset, [{ id: 3 }], { schema: { fields: fields.slice(0, 2) } }))).message).toContain('is missing in new schema');
});

test('WRITE_TRUNCATE replaces the rows, WRITE_EMPTY is refused where there are some', async () => {
  const { fake, dataset } = await openTable();
  await load(dataset, [{ id: 1 }, { id: 2 }]);
  await load(dataset, [{ id: 3 }], { writeDisposition: 'WRITE_TRUNCATE' });
  expect([...(fake.table('d', 't')?.rows() ?? [])].map(({ id }) => id)).toEqual([3]);
  expect((await refusalOf(load(dataset, [{ id: 4 }], { writeDisposition: 'WRITE_EMPTY' }))).reasons).toEqual(['duplicate']);
});

test('a resumable upload takes chunks in their order, and loads when the last is there', async () => {
  const { fake } = await openTable();
  const rows = Array.from({ length: 40_000 }, (_, id) => `{"id":${id},"x":${id / 7}}\n`).join('');
  const metadata = { jobReference: { jobId: 'slices', location: 'EU' }, configuration: { load: { destinationTable: { projectId: fake.projectId, datasetId: 'd', tableId: 't' }, sourceFormat: 'NEWLINE_DELIMITED_JSON' } } };
  const begun = await fetch(`${fake.endpoint}/upload/bigquery/v2/projects/${fake.projectId}/jobs?uploadType=resumable`, { method: 'POST', body: JSON.stringify(metadata) });
  const session = begun.headers.get('location') ?? '';
  const send = async (from: number, to: number, total: string): Promise<Response> =>
    await fetch(session, { method: 'PUT', headers: { 'content-range': `bytes ${from}-${to - 1}/${total}` }, body: rows.slice(from, to) });
  const chunk = 256 * 1024;
  const first = await send(0, chunk, '*');
  expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${chunk - 1}`]);
  expect((await send(0, chunk, '*')).status).toBe(400);
  expect((await send(chunk, chunk + 10, '*')).status).toBe(400);
  const asked = await fetch(session, { method: 'PUT', headers: { 'content-range': 'bytes */*' } });
  expect([asked.status, asked.headers.get('range')]).toEqual([308, `bytes=0-${chunk - 1}`]);
  const last = await send(chunk, rows.length, String(rows.length));
  expect([last.status, fake.table('d', 't')?.rowCount]).toEqual([200, 40_000]);
});
