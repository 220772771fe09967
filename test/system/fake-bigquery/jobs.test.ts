import { expect, test } from 'vitest';
import { LOADS_PER_TABLE_AND_DAY } from '../../fake-bigquery/quotas.ts';
import { load, openTable, refusalOf } from './open.ts';

test('a job id is used once, whatever became of its job', async () => {
  const { fake, client, dataset } = await openTable();
  await load(dataset, [{ id: 1 }], { jobId: 'one' });
  const again = await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'one' }));
  expect(again).toMatchObject({ code: 409, reasons: ['duplicate'] });
  expect(again.message).toContain('Already Exists: Job fake-project:EU.one');
  await refusalOf(load(dataset, [{ id: 'x' }], { jobId: 'two' }));
  expect(await refusalOf(load(dataset, [{ id: 2 }], { jobId: 'two' }))).toMatchObject({ code: 409 });
  const [failed] = await client.job('two', { location: 'EU' }).get();
  expect(failed.metadata.status).toMatchObject({ state: 'DONE', errorResult: { reason: 'invalid' } });
  expect(fake.table('d', 't')?.rowCount).toBe(1);
  expect(await refusalOf(load(dataset, [{ id: 2 }], { jobId: 'no dots.' }))).toMatchObject({ code: 400, reasons: ['invalid'] });
});

test('a job is found in its own location alone, and without one only in US and EU', async () => {
  const { client, dataset } = await openTable({}, 'europe-west3');
  await load(dataset, [{ id: 1 }], { jobId: 'there' });
  expect(await client.job('there', { location: 'europe-west3' }).exists()).toEqual([true]);
  expect(await refusalOf(client.job('there', { location: 'US' }).getMetadata())).toMatchObject({ code: 404, reasons: ['notFound'] });
  expect(await refusalOf(client.job('there').getMetadata())).toMatchObject({ code: 404 });
  const elsewhere = client.dataset('d', { location: 'US' });
  expect((await refusalOf(load(elsewhere, [{ id: 1 }]))).message).toContain('was not found in location US');
  expect(await refusalOf(load(client.dataset('none'), [{ id: 1 }]))).toMatchObject({ code: 404, reasons: ['notFound'] });
});

test('a location in a load’s options, which the client puts where it has no effect, is refused', async () => {
  const { client } = await openTable();
  expect((await refusalOf(load(client.dataset('d'), [{ id: 1 }], { location: 'EU' }))).message).toContain('Unknown name "location"');
});

test('a slow job runs by the clock: its rows are seen at its end, all at once', async () => {
  const { fake, client, dataset } = await openTable();
  fake.faults.next({ kind: 'upload' }, { slowJobMs: 3_600_000 });
  const done = load(dataset, [{ id: 1 }, { id: 2 }], { jobId: 'slow' });
  await expect.poll(async () => (await client.job('slow', { location: 'EU' }).exists())[0]).toBe(true);
  expect((await client.job('slow', { location: 'EU' }).getMetadata())[0].status).toEqual({ state: 'RUNNING' });
  expect(fake.table('d', 't')?.rowCount).toBe(0);
  fake.clock.advance(3_600_000);
  await done;
  expect(fake.table('d', 't')?.rowCount).toBe(2);
});

test('a job that is ordered to fail uses its id up and stores nothing', async () => {
  const { fake, dataset } = await openTable();
  fake.faults.next({ kind: 'upload' }, { jobError: { reason: 'backendError', message: 'Retry the job.' } });
  expect(await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'bad' }))).toMatchObject({ code: undefined, reasons: ['backendError'] });
  expect(await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'bad' }))).toMatchObject({ code: 409 });
  expect(fake.table('d', 't')?.rowCount).toBe(0);
});

test('a table takes 1,500 loads a day, failed ones counted, and more when a day has passed', async () => {
  const { fake, dataset } = await openTable();
  const metadata = { configuration: { load: { destinationTable: { projectId: fake.projectId, datasetId: 'd', tableId: 't' }, sourceFormat: 'NEWLINE_DELIMITED_JSON' } } };
  const body = (row: string): string => `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(metadata)}\r\n--b\r\n\r\n${row}\r\n--b--`;
  const post = async (row: string): Promise<number> => {
    const address = `${fake.endpoint}/upload/bigquery/v2/projects/${fake.projectId}/jobs?uploadType=multipart`;
    const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'multipart/related; boundary=b' }, body: body(row) });
    await answer.arrayBuffer();
    return answer.status;
  };
  for (let i = 0; i < LOADS_PER_TABLE_AND_DAY; i++) expect(await post(i % 2 === 0 ? `{"id":${i}}` : '{"id":"x"}')).toBe(200);
  expect([fake.loadJobs('d', 't'), fake.table('d', 't')?.rowCount]).toEqual([1500, 750]);
  expect(await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'late' }))).toMatchObject({ code: 403, reasons: ['quotaExceeded'] });
  fake.clock.advance(86_400_000);
  await load(dataset, [{ id: 1 }], { jobId: 'late' });
  expect(fake.loadJobs('d', 't')).toBe(1);
});
