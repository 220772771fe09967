import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checksumOf } from '../../../sink/upload/checksum.ts';
import { jobIdOf } from '../../../sink/upload/job-id.ts';
import { parseTarget } from '../../../sink/upload/target.ts';
import { openStore } from '../../../store/store.ts';
import { DATABASE_FILE } from '../../../store/open.ts';
import type { Entry } from '../../../wire/entry.ts';
import { pointKey, type Point } from '../../../wire/point.ts';
import type { FakeBigQuery } from '../../fake-bigquery/server.ts';
import { clientOf, load } from '../fake-bigquery/open.ts';
import { FAULTS } from './faults.ts';
import { TABLE, WALK, openFake, openTrial, rowOf, seedsThere, temporaryFolder } from './trial.ts';

/** Seeds from `first` to `last`, as rows. */
function rows(first: number, last: number) {
  return Array.from({ length: last - first + 1 }, (_, index) => rowOf(first + index));
}

/** How often each seed is over there, by seed. */
function sortedSeeds(fake: FakeBigQuery): [seed: number, times: number][] {
  return [...seedsThere(fake)].toSorted(([a], [b]) => a - b);
}

/** The columns over there, with BigQuery's older names of their types. */
function columnsThere(fake: FakeBigQuery): string[] {
  return fake.table('EMS', TABLE)!.schema.map(({ name, type }) => `${name} ${type}`);
}

test.each(FAULTS)('$name: the rows are there once, and nothing else is left of it', async (fault) => {
  const fake = await openFake();
  const trial = openTrial(fake, temporaryFolder());
  trial.put(...rows(1, 5));
  await trial.settle();
  trial.put(...rows(6, 9));
  await fault.order(fake);
  await trial.settle();
  expect(fake.faults.pending).toBe(0);
  expect(sortedSeeds(fake)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => [seed, 1]));
  const store = openStore(trial.data);
  expect(store.outbox(TABLE)?.standing('fake-project.EMS')).toMatchObject({ open: undefined, behind: 0, error: null });
  store.close();
});

test('what was sent before a death and not marked is found there by whoever comes next', async () => {
  const fake = await openFake();
  const data = temporaryFolder();
  const first = openTrial(fake, data);
  first.put(...rows(1, 5));
  await first.settle();
  first.put(...rows(6, 9));
  // The batch is recorded and its job made; the answer never comes, and the process with it.
  fake.faults.next({ kind: 'upload' }, 'drop-after');
  expect(await first.uploader.attempt(TABLE, true)).toMatchObject({ kind: 'fault', action: 'wait' });
  first.close();
  const uploads = fake.requests.filter(({ kind }) => kind === 'upload').length;
  const second = openTrial(fake, data);
  await second.settle();
  expect(fake.requests.filter(({ kind }) => kind === 'upload').length).toBe(uploads);
  expect([...seedsThere(fake).values()]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
});

test('two machines with copies of one database never load a row twice, whoever is first and whatever they have computed', async () => {
  const fake = await openFake();
  const [here, there] = [temporaryFolder(), temporaryFolder()];
  const first = openTrial(fake, here);
  first.put(...rows(1, 10));
  await first.settle();
  first.put(...rows(11, 15));
  first.close();
  // Five rows are stored and not uploaded when it is copied.
  copyFileSync(join(here, DATABASE_FILE), join(there, DATABASE_FILE));
  const [one, other] = [openTrial(fake, here), openTrial(fake, there)];
  one.put(...rows(16, 20));
  await one.settle();
  other.put(...rows(18, 25));
  await other.settle();
  one.put(...rows(21, 30));
  await Promise.all([one.settle(), other.settle()]);
  expect(sortedSeeds(fake).map(([seed]) => seed)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  expect(new Set(seedsThere(fake).values())).toEqual(new Set([1]));
});

test("a job without our label at our position is another's, and our rows are sent behind it", async () => {
  const fake = await openFake();
  const trial = openTrial(fake, temporaryFolder());
  trial.put(...rows(1, 5));
  await trial.settle();
  const store = openStore(trial.data);
  const { log } = store.outbox(TABLE)!.standing('fake-project.EMS');
  store.close();
  const jobId = jobIdOf(parseTarget(fake.projectId), TABLE, log!, 1);
  await load(clientOf(fake).dataset('EMS'), [{ nrow: 4, seed: 6, root: Math.sqrt(6) }], { table: TABLE, jobId });
  trial.put(...rows(6, 8));
  await trial.settle();
  expect(sortedSeeds(fake)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => [seed, 1]));
});

test('a new database whose table is in the cloud already sends only what is missing there', async () => {
  const fake = await openFake();
  const first = openTrial(fake, temporaryFolder());
  first.put(...rows(1, 10));
  await first.settle();
  const second = openTrial(fake, temporaryFolder());
  second.put(...rows(6, 12));
  await second.settle();
  expect(sortedSeeds(fake)).toEqual(Array.from({ length: 12 }, (_, index) => [index + 1, 1]));
});

test('rows with columns that the table there lacks bring them along, and a value that a column cannot take is told of', async () => {
  const fake = await openFake();
  const trial = openTrial(fake, temporaryFolder());
  trial.put(rowOf(1, { count: 3 }));
  await trial.settle();
  trial.put(rowOf(2, { count: 4, note: 'new', ve: Float64Array.of(1, 2) }));
  await trial.settle();
  expect(columnsThere(fake)).toEqual(['nrow INTEGER', 'seed INTEGER', 'count FLOAT', 'note STRING', 've000 FLOAT', 've001 FLOAT']);
  trial.put(rowOf(3, { count: 4.5 }));
  await trial.settle();
  expect(seedsThere(fake).size).toBe(3);
  trial.put(rowOf(4, { count: 'many' }));
  const came = await trial.uploader.attempt(TABLE, true);
  expect(came).toMatchObject({ kind: 'fault', action: 'person' });
  expect(came.kind === 'fault' && came.line).toMatch(/its column count is FLOAT64, and ours is STRING; choose another dataset/);
});

test('a parameter of whole numbers is INT64, and FLOAT64 once a spec has others; nobody has to do anything', async () => {
  const fake = await openFake();
  const trial = openTrial(fake, temporaryFolder(), { definition: WALK });
  const row = (values: Point) => ({ ...rowOf(0), key: pointKey('walk', values), row: { ...values, end: 1 }, parameters: 3 });
  const plan = (grid: object): Entry => ({ kind: 'plan', table: TABLE, definition: WALK, spec: JSON.stringify({ experiment: 'walk', params: [grid] }) });
  trial.put(plan({ steps: { range: [0, 3] }, drift: [1, 0.5], law: ['flat', 2] }), row({ steps: 1, drift: 1, law: 2 }));
  await trial.settle();
  // Those of the plan count, not what has come so far; a result may be anything.
  expect(columnsThere(fake)).toEqual(['steps INTEGER', 'drift FLOAT', 'law STRING', 'end FLOAT']);
  trial.put(plan({ steps: [7.5], drift: [1], law: ['flat'] }), row({ steps: 7.5, drift: 1, law: 'flat' }));
  fake.faults.next({ kind: 'insert-job' }, { status: 403, reason: 'rateLimitExceeded', message: 'slower' });
  await trial.settle();
  expect(columnsThere(fake)[0]).toBe('steps FLOAT');
  expect([...fake.table('EMS', TABLE)!.rows()]).toEqual([{ steps: 1, drift: 1, law: '2', end: 1 }, { steps: 7.5, drift: 1, law: 'flat', end: 1 }]);
  const store = openStore(trial.data);
  const { schema } = fake.table('EMS', TABLE)!;
  expect(checksumOf(store.outbox(TABLE)!.rows('', 1, 2), schema)).toEqual(fake.checksum('EMS', TABLE));
  store.close();
});

test('a dataset that is not there is made where that is allowed, and told of where it is not', async () => {
  const fake = await openFake();
  const trial = openTrial(fake, temporaryFolder());
  trial.put(...rows(1, 2));
  fake.faults.next({ kind: 'insert-dataset' }, { status: 403, reason: 'accessDenied', message: 'Access Denied: User does not have bigquery.datasets.create permission' });
  expect(await trial.uploader.attempt(TABLE, true)).toMatchObject({
    kind: 'fault',
    action: 'person',
    line: 'the project refuses (403 accessDenied): Access Denied, bigquery.datasets.create',
  });
  await trial.settle();
  expect(seedsThere(fake).size).toBe(2);
});

test('a table that is deleted there is made anew with all rows', async () => {
  const fake = await openFake();
  const trial = openTrial(fake, temporaryFolder());
  trial.put(...rows(1, 4));
  await trial.settle();
  const url = `${fake.endpoint}/bigquery/v2/projects/${fake.projectId}/datasets/EMS/tables/${TABLE}`;
  expect((await fetch(url, { method: 'DELETE' })).ok).toBe(true);
  trial.advance(1_000);
  trial.put(...rows(5, 6));
  await trial.settle();
  expect(sortedSeeds(fake)).toEqual([1, 2, 3, 4, 5, 6].map((seed) => [seed, 1]));
});

/** Deletes the table over there, and makes another of its name. */
async function makeAnew(fake: FakeBigQuery): Promise<void> {
  const { schema } = fake.table('EMS', TABLE)!;
  const dataset = clientOf(fake).dataset('EMS');
  await dataset.table(TABLE).delete();
  fake.clock.advance(1_000);
  await dataset.createTable(TABLE, { schema: { fields: [...schema] } });
}

test('a table that is deleted there and made anew while a job is pending, which then loads into the new one, gets every row once', async () => {
  const fake = await openFake();
  let isDue = false;
  const onPause = async (): Promise<void> => {
    if (isDue) await makeAnew(fake);
    isDue = false;
  };
  const trial = openTrial(fake, temporaryFolder(), { onPause });
  trial.put(...rows(1, 5));
  await trial.settle();
  trial.put(...rows(6, 9));
  fake.faults.next({ kind: 'upload' }, { slowJobMs: 60_000 });
  isDue = true;
  await trial.settle();
  expect(isDue).toBe(false);
  expect(sortedSeeds(fake)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => [seed, 1]));
});

test('so it does where the process that sent the job has died, and where the job is of another machine', async () => {
  const fake = await openFake();
  const [here, there] = [temporaryFolder(), temporaryFolder()];
  const first = openTrial(fake, here);
  first.put(...rows(1, 5));
  await first.settle();
  first.close();
  copyFileSync(join(here, DATABASE_FILE), join(there, DATABASE_FILE));
  const dying = openTrial(fake, here);
  dying.put(...rows(6, 9));
  // Its job runs for a minute, and it does not see the answer.
  fake.faults.next({ kind: 'upload' }, { slowJobMs: 60_000 });
  fake.faults.next({ kind: 'get-job', path: /_1$/ }, { status: 404, reason: 'notFound', message: 'Not found: Job' });
  fake.faults.next({ kind: 'get-job', path: /_1$/ }, 'drop-before');
  expect(await dying.uploader.attempt(TABLE, true)).toMatchObject({ kind: 'fault', action: 'wait' });
  expect(fake.faults.pending).toBe(0);
  dying.close();
  await makeAnew(fake);
  const other = openTrial(fake, there);
  other.put(...rows(7, 10));
  await other.settle();
  const again = openTrial(fake, here);
  await again.settle();
  // Whatever was pending has ended by now.
  fake.clock.advance(120_000);
  expect(sortedSeeds(fake)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((seed) => [seed, 1]));
});

test('a vector too long for columns is one repeated column', async () => {
  const fake = await openFake();
  const trial = openTrial(fake, temporaryFolder());
  trial.put(rowOf(1, { ve: new Float64Array(2_500).fill(0.5) }));
  await trial.settle();
  expect(fake.table('EMS', TABLE)?.schema.at(-1)).toMatchObject({ name: 've', type: 'FLOAT', mode: 'REPEATED' });
  const [row] = [...fake.table('EMS', TABLE)!.rows()];
  expect(row?.['ve']).toHaveLength(2_500);
});
