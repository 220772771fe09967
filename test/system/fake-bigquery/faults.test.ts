import { expect, test } from 'vitest';
import { load, openTable, refusalOf } from './open.ts';

test.each([
  [403, 'rateLimitExceeded', 'PERMISSION_DENIED'],
  [403, 'accessDenied', 'PERMISSION_DENIED'],
  [503, 'backendError', 'UNAVAILABLE'],
])('any answer can be ordered: %i %s, once, in Google’s form and without an effect', async (status, reason, word) => {
  const { fake, client, dataset } = await openTable();
  fake.faults.next({ kind: 'upload' }, { status, reason, message: 'as ordered', headers: { 'retry-after': '7' } }, 2);
  expect(await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'one' }))).toMatchObject({ code: status, reasons: [reason] });
  const raw = await fetch(`${fake.endpoint}/upload/bigquery/v2/projects/${fake.projectId}/jobs`, { method: 'POST' });
  expect([raw.status, raw.headers.get('retry-after')]).toEqual([status, '7']);
  expect(await raw.json()).toEqual({ error: { code: status, message: 'as ordered', errors: [{ message: 'as ordered', domain: 'global', reason }], status: word } });
  expect([fake.faults.pending, await client.job('one', { location: 'EU' }).exists()]).toEqual([0, [false]]);
  await load(dataset, [{ id: 1 }], { jobId: 'one' });
});

test('a connection dropped before the effect leaves nothing; one dropped after it leaves the job', async () => {
  const { fake, client, dataset } = await openTable();
  fake.faults.next({ kind: 'upload' }, 'drop-before');
  expect((await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'one' }))).message).toMatch(/socket hang up|ECONNRESET|EPIPE/);
  expect(await client.job('one', { location: 'EU' }).exists()).toEqual([false]);
  fake.faults.next({ kind: 'upload' }, 'drop-after');
  expect((await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'one' }))).message).toMatch(/socket hang up|ECONNRESET/);
  expect(await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'one' }))).toMatchObject({ code: 409 });
  expect(fake.table('d', 't')?.rowCount).toBe(1);
  expect(fake.requests.filter(({ kind }) => kind === 'upload').map(({ outcome }) => outcome)).toEqual(['dropped', 'dropped', 409]);
});

test('a fault waits for the request that it is meant for, by kind, method and path', async () => {
  const { fake, dataset } = await openTable();
  fake.faults.next({ kind: 'get-table', path: /tables\/other$/ }, { status: 503, reason: 'backendError', message: 'no' });
  fake.faults.next({ method: 'PATCH' }, { status: 500, reason: 'internalError', message: 'no' });
  await dataset.table('t').getMetadata();
  expect(fake.faults.pending).toBe(2);
  expect(await refusalOf(dataset.table('other').getMetadata())).toMatchObject({ code: 503 });
  expect(await refusalOf(dataset.table('t').setMetadata({ description: '' }))).toMatchObject({ code: 500 });
  fake.faults.next({ kind: 'upload' }, { slowJobMs: 1 });
  fake.faults.clear();
  expect(fake.faults.pending).toBe(0);
});

test('what hangs is never answered, and ends when the fake does', async () => {
  const { fake, dataset } = await openTable();
  fake.faults.next({ kind: 'get-table' }, 'hang');
  const waiting = refusalOf(dataset.table('t').getMetadata());
  await expect.poll(() => fake.requests.at(-1)?.outcome).toBe('hung');
  await fake.stop();
  expect((await waiting).message).toMatch(/socket hang up|ECONNRESET/);
});

test('an hour without internet: nobody listens, then the same port has what was stored', async () => {
  const { fake, dataset } = await openTable();
  await load(dataset, [{ id: 1 }], { jobId: 'one' });
  await fake.stop();
  await fake.stop();
  // The client has a connection left of before, and finds out only when it uses it.
  await refusalOf(dataset.table('t').getMetadata());
  expect((await refusalOf(dataset.table('t').getMetadata())).message).toContain('ECONNREFUSED');
  fake.clock.advance(3_600_000);
  await fake.start();
  expect((await dataset.table('t').getMetadata())[0].numRows).toBe('1');
  expect(await refusalOf(load(dataset, [{ id: 1 }], { jobId: 'one' }))).toMatchObject({ code: 409 });
});
