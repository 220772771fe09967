import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockForUploading } from '../../../store/lock.ts';
import { startFakeBigQuery, type FakeBigQuery, type FakeBigQueryOptions } from '../../fake-bigquery/server.ts';
import { everythingIn } from '../bad-input/refusal.ts';
import { clientOf, load } from '../fake-bigquery/open.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { readTable } from '../harness/table.ts';
import { until } from '../harness/until.ts';

const SMALL = ['--blocks', '30', '--nrow', '20', '--ncol', '12', '--threads', '1'];
const TABLE = 'svd_block';

async function openFake(options: FakeBigQueryOptions = {}): Promise<FakeBigQuery> {
  const fake = await startFakeBigQuery(options);
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  return fake;
}

/** The options that point a command at the fake. */
function at(fake: FakeBigQuery, dataset = 'EMS'): string[] {
  return ['--bigquery', `${fake.projectId}.${dataset}`, '--bigquery-endpoint', fake.endpoint];
}

/** Computes the 30 rows of a small table. */
async function compute(space: Workspace): Promise<void> {
  await space.json(['run', ...SMALL]);
}

test('upload brings a table to BigQuery with its columns in their order, says when it is complete, and again sends nothing', async () => {
  await using space = openWorkspace('upload');
  const fake = await openFake();
  await compute(space);
  expect(await space.json(['status'])).toMatchObject({ uploads: [] });
  expect(await space.json(['upload', '--verify', ...at(fake)])).toMatchObject({ target: 'fake-project.EMS.svd_block', stored: 30, behind: 0, complete: true, verified: true, there: 30 });
  const { schema } = fake.table('EMS', TABLE)!;
  expect(schema.map(({ name, type }) => `${name} ${type}`).slice(0, 6)).toEqual(['nrow INTEGER', 'ncol INTEGER', 'seed INTEGER', 'v_alignment FLOAT', 've000 FLOAT', 've001 FLOAT']);
  const uploads = (): number => fake.requests.filter(({ kind }) => kind === 'upload').length;
  const sent = uploads();
  expect(await space.json(['upload', ...at(fake)])).toMatchObject({ complete: true });
  expect(uploads()).toBe(sent);
  expect(await space.json(['status'])).toMatchObject({ uploads: [{ target: 'fake-project.EMS', uploaded: 30, behind: 0, error: null, nextTryAtMs: null }] });
  const told = await space.sluice('status').ended;
  expect(told.stdout).toContain('BigQuery fake-project.EMS: 30 rows there, complete');
});

test('rows and tables that were removed there: upload says so and what to type, which sends what is missing', async () => {
  await using space = openWorkspace('upload-again');
  const fake = await openFake();
  await compute(space);
  await space.json(['upload', ...at(fake)]);
  const rows = [...fake.table('EMS', TABLE)!.rows()];
  const dataset = clientOf(fake).dataset('EMS');
  await load(dataset, rows.slice(0, 20), { table: TABLE, writeDisposition: 'WRITE_TRUNCATE' });
  const told = await space.sluice('upload', '--verify', ...at(fake)).ended;
  expect(told.code).toBe(1);
  expect(told.stdout).toContain('fake-project.EMS.svd_block has 20 rows, and 30 were sent: rows were removed there; `npx sluice upload svd_block --again` sends those that are missing');
  expect(told.stdout).toContain('DIFFERENT: 20 rows there and 30 here');
  expect(await space.json(['upload', ...at(fake)], 1)).toMatchObject({ complete: false, removed: 10 });
  expect(await space.json(['upload', '--again', '--verify', ...at(fake)])).toMatchObject({ complete: true, removed: 0, verified: true, there: 30 });
  await dataset.table(TABLE).delete();
  const anew = await space.sluice('upload', '--verify', ...at(fake)).ended;
  expect(anew.stderr).toContain('the table that rows were sent to is not there any more; 30 rows are sent again');
  expect(anew.stdout).toContain('verified: the same 30 rows');
});

test('run --bigquery leaves its rows there as well, and a BigQuery that is away leaves the run as it is', async () => {
  await using space = openWorkspace('upload-run');
  const fake = await openFake();
  const end = await space.sluice('run', ...SMALL, ...at(fake)).ended;
  expect(end.code, end.stderr).toBe(0);
  expect(end.stdout).toContain('BigQuery has all 30 rows of svd_block');
  expect(fake.checksum('EMS', TABLE).rows).toBe(30);
  fake.faults.next({ kind: 'get-table' }, { status: 403, reason: 'accessDenied', message: 'Access Denied: no such luck' });
  const refused = await space.sluice('run', ...SMALL, '--blocks', '31', ...at(fake)).ended;
  expect(refused.code).toBe(0);
  expect(refused.stdout + refused.stderr).toMatch(/31 of 31 points stored|BigQuery has all 31/);
});

test('pull lets a new machine continue the table: only what is missing is computed, and nothing is sent twice', async () => {
  await using first = openWorkspace('pull-first');
  await using second = openWorkspace('pull-second');
  const fake = await openFake();
  await compute(first);
  await first.json(['upload', ...at(fake)]);
  expect(await second.json(['pull', ...at(fake)])).toMatchObject({ table: TABLE, experiment: 'svd-block', target: 'fake-project.EMS.svd_block', rows: 30, stored: 30, repeated: 0 });
  const [here, there] = [readTable(first.data, TABLE), readTable(second.data, TABLE)];
  expect(new Map(there.cells)).toEqual(new Map(here.cells));
  expect(await second.json(['run', ...SMALL, '--blocks', '35'])).toMatchObject({ points: 35, alreadyStored: 30, computed: 5 });
  expect(await second.json(['upload', '--verify', ...at(fake)])).toMatchObject({ stored: 35, verified: true });
  expect(fake.checksum('EMS', TABLE).rows).toBe(35);
  // The first machine computes some of them too: they are there, and are not sent again.
  await first.json(['run', ...SMALL, '--blocks', '37']);
  expect(await first.json(['upload', '--verify', ...at(fake)])).toMatchObject({ stored: 37, verified: true, there: 37 });
  expect(await first.json(['pull', ...at(fake)])).toMatchObject({ rows: 37, stored: 0, repeated: 37, conflicts: { count: 0 } });
});

/** A table there with these columns and rows, made by somebody else. */
async function makeThere(fake: FakeBigQuery, columns: Record<string, string>, rows: readonly object[]): Promise<void> {
  const client = clientOf(fake);
  await client.createDataset('EMS');
  await client.dataset('EMS').createTable(TABLE, { schema: Object.entries(columns).map(([name, type]) => ({ name, type })) });
  await load(client.dataset('EMS'), rows, { table: TABLE });
}

const COURSE = { nrow: 'INTEGER', ncol: 'INTEGER', seed: 'INTEGER', v_alignment: 'FLOAT', ve000: 'FLOAT', ve001: 'FLOAT' };
const courseRow = (seed: number, alignment = 0.5) => ({ nrow: 3, ncol: 2, seed, v_alignment: alignment, ve000: 0.6, ve001: 0.8 });

test('a row there that is none of the experiment leaves all of them out, and reduce gives no answer over a part', async () => {
  await using space = openWorkspace('pull-bad');
  const fake = await openFake();
  await makeThere(fake, COURSE, [courseRow(1), { ...courseRow(2), ve001: null }]);
  const bad = 'fake-project.EMS.svd_block at nrow=3, ncol=2, seed=2: svd-block: the vector ve has as many components as ncol says, 2, found 1';
  const pulled = await space.sluice('pull', ...at(fake)).ended;
  expect([pulled.code, pulled.stderr]).toEqual([1, `sluice: ${bad}\n`]);
  expect(existsSync(space.data)).toBe(false);
  const reduced = await space.sluice('reduce', '--from', 'bigquery', ...at(fake)).ended;
  expect([reduced.code, reduced.stderr]).toEqual([1, `sluice: there is no answer over all rows in BigQuery: ${bad}\n`]);
});

test('rows there that repeat collapse, and rows that say something else are told of, in no log; the stored one stays', async () => {
  await using space = openWorkspace('pull-conflict');
  const fake = await openFake();
  await makeThere(fake, COURSE, [courseRow(1), courseRow(1), courseRow(2), courseRow(2, 0.25), courseRow(3)]);
  const end = await space.sluice('pull', ...at(fake), '--json', '--log-level', 'debug').ended;
  expect(end.code).toBe(1);
  expect(everythingIn(space.folder)).toEqual(['data', 'data/sink.lock', 'data/sluice.db3', 'data/spool']);
  expect(JSON.parse(end.stdout)).toMatchObject({ rows: 5, stored: 3, repeated: 1, conflicts: { count: 1 }, refused: { count: 0 } });
  expect(end.stderr).toMatch(/^sluice: fake-project\.EMS\.svd_block at nrow=3, ncol=2, seed=2: v_alignment is 0\.(25|5) and not 0\.(25|5)\n$/);
  expect(readTable(space.data, TABLE)).toMatchObject({ rows: 3, distinctKeys: 3, deadLetters: 0 });
  // What is there is known, so that nothing is sent.
  expect(await space.json(['upload', ...at(fake)])).toMatchObject({ stored: 3, complete: true });
  expect(fake.checksum('EMS', TABLE).rows).toBe(5);
});

test('parameters of texts, numbers, true, null and nothing come back as they were: no point twice, and no row twice', async () => {
  await using first = openWorkspace('pull-mixed');
  await using second = openWorkspace('pull-mixed-second');
  await using third = openWorkspace('pull-mixed-third');
  const fake = await openFake();
  const params = [{ a: ['auto', 3, '3', '2020', 0.5], c: [null, 1] }, { a: [7], b: [true, 5] }];
  for (const space of [first, second, third]) {
    space.file('odd.mjs', `export const name = 'odd';\nexport const version = '1';\nexport const run = ({ a }) => ({ kind: typeof a, h1000: 1, h1001: 2 });\n`);
    space.file('spec.json', { experiment: './odd.mjs', params, table_name: TABLE });
  }
  const run = ['run', 'spec.json', '--threads', '1'];
  expect(await first.json(run)).toMatchObject({ points: 12, computed: 12 });
  expect(await first.json(['upload', '--verify', ...at(fake)])).toMatchObject({ complete: true, verified: true });
  // A machine that has the table by itself finds all of it there.
  await second.json(run);
  expect(await second.json(['upload', '--verify', ...at(fake)])).toMatchObject({ complete: true, verified: true, there: 12 });
  expect(await third.json(['pull', '--experiment', 'spec.json', ...at(fake)])).toMatchObject({ rows: 12, stored: 12 });
  expect(await third.json(run)).toMatchObject({ points: 12, alreadyStored: 12, computed: 0, pointSeconds: null });
  expect(await third.json(['upload', '--verify', ...at(fake)])).toMatchObject({ complete: true, verified: true, there: 12 });
});

test('reduce --from bigquery that is stopped leaves no folder behind', async () => {
  await using space = openWorkspace('reduce-stop');
  const fake = await openFake();
  const temporary = join(space.folder, 'tmp');
  mkdirSync(temporary);
  const folders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('sluice-rows-'));
  fake.faults.next({ kind: 'get-table' }, 'hang');
  const command = space.sluiceWith({ TMPDIR: temporary }, 'reduce', '--from', 'bigquery', ...at(fake));
  await until('it asks BigQuery', () => fake.requests.length > 0 && folders().length === 1);
  expect(await command.end('SIGINT')).toMatchObject({ signal: 'SIGINT' });
  expect(folders()).toEqual([]);
});

test('an integer there that would be rounded here is refused in one line', async () => {
  await using space = openWorkspace('pull-integer');
  const fake = await openFake();
  await makeThere(fake, { nrow: 'INTEGER', ncol: 'INTEGER', seed: 'INTEGER', count: 'INTEGER' }, [{ nrow: 20, ncol: 12, seed: 1, count: '9007199254740993' }]);
  const end = await space.sluice('pull', ...at(fake)).ended;
  expect(end.code).toBe(1);
  expect(end.stderr).toMatch(/^sluice: a row in BigQuery has an INT64 beyond 2\^53[^\n]+\n$/);
});

test('enqueue --known bigquery leaves out what BigQuery has, and reduce --from bigquery gives the same answer as the rows here', async () => {
  await using space = openWorkspace('known');
  await using other = openWorkspace('known-other');
  const fake = await openFake();
  await compute(space);
  await space.json(['upload', ...at(fake)]);
  const { table: _, ...answer } = await space.json(['reduce']);
  expect(await other.json(['reduce', '--from', 'bigquery', ...at(fake)])).toMatchObject(answer);
  expect(everythingIn(other.folder)).toEqual([]);
  const up = space.sluice('up', '--detach');
  expect((await up.ended).code).toBe(0);
  const broker = JSON.parse(readFileSync(join(space.data, 'broker.json'), 'utf8')) as { url: string };
  writeFileSync(join(other.folder, 'sluice.config.json'), JSON.stringify({ redis: broker.url }));
  const options = ['--nrow', '20', '--ncol', '12', '--table', TABLE, '--known', 'bigquery', ...at(fake)];
  expect(await other.json(['enqueue', '--blocks', '33', ...options])).toMatchObject({ knownElsewhere: 30, enqueued: 3 });
  await space.json(['down']);
});

test('upload says that another process uploads, and goes on itself once that one has ended', async () => {
  await using space = openWorkspace('upload-turn');
  const fake = await openFake();
  await compute(space);
  const other = lockForUploading(space.data);
  onTestFinished(() => other.release());
  const command = space.sluice('upload', ...at(fake));
  await until('it says that it waits', () => command.stderr.includes('another process uploads the rows already'));
  expect(fake.requests).toEqual([]);
  other.release();
  const end = await command.ended;
  expect(end.code, end.stderr).toBe(0);
  expect(fake.checksum('EMS', TABLE).rows).toBe(30);
});

test('a mistake is told in one line, before anything is sent', async () => {
  await using space = openWorkspace('upload-mistakes');
  const fake = await openFake();
  await compute(space);
  const key = space.file('key.json', '{"type": "service_account", "private_key": "SECRET"');
  const cases: [string[], RegExp, number][] = [
    [['upload'], /which BigQuery\? name it with --bigquery PROJECT.DATASET/, 2],
    [['upload', '--bigquery', 'no such'], /expected PROJECT.DATASET/, 2],
    [['upload', ...at(fake), '--bigquery-endpoint', 'http://example.com'], /expected https/, 2],
    [['upload', ...at(fake), '--credentials', 'absent.json'], /there is no key file absent.json here or in ~\/.config\/gcloud/, 1],
    [['upload', ...at(fake), '--credentials', key], /is no key file of Google Cloud/, 1],
    [['upload', 'unknown', ...at(fake)], /the database has no table unknown/, 1],
    [['pull', 'unknown', ...at(fake)], /there is no table unknown in fake-project.EMS/, 1],
    [['upload', '--bigquery', 'other-project', '--bigquery-endpoint', fake.endpoint], /the project refuses \(403 accessDenied\)/, 1],
  ];
  for (const [parameters, message, code] of cases) {
    const end = await space.sluice(...parameters).ended;
    expect(end.stderr).toMatch(message);
    expect(end.stderr).toMatch(/^sluice: [^\n]+\n$/);
    expect(end.stderr).not.toContain('SECRET');
    expect(end.code).toBe(code);
  }
  expect(fake.requests.filter(({ kind }) => kind === 'upload')).toEqual([]);
});

test('with a key, neither it nor a token nor a row is in any output, and one that others can read is told of', async () => {
  await using keys = openWorkspace('keys');
  const fake = await openFake({ auth: 'token' });
  const { keyFile, env } = await fake.credentials(keys.folder);
  await using space = openWorkspace('upload-secrets', { environment: env });
  await compute(space);
  chmodSync(keyFile, 0o644);
  fake.faults.next({ kind: 'upload' }, { status: 403, reason: 'rateLimitExceeded', message: 'slower' });
  fake.faults.next({ kind: 'upload' }, 'drop-after');
  fake.faults.next({ kind: 'get-job' }, { status: 500, reason: 'internalError', message: 'boom' });
  const open = await space.sluice('upload', ...at(fake), '--verify', '--log-level', 'debug').ended;
  expect(open.code, open.stderr).toBe(0);
  expect(open.stderr).toContain(`chmod 600 ${keyFile}`);
  chmodSync(keyFile, 0o600);
  // By its bare name, as the course's notebooks name it.
  space.file('.config/gcloud/mine.json', '');
  copyFileSync(keyFile, join(space.folder, '.config/gcloud/mine.json'));
  chmodSync(join(space.folder, '.config/gcloud/mine.json'), 0o600);
  const second = await space.sluice('upload', ...at(fake, 'other'), '--credentials', 'mine.json').ended;
  expect(second.code, second.stderr).toBe(0);
  const failed = await space.sluice('upload', ...at(fake, 'third'), '--credentials', join(space.folder, 'wrong.json'), '--json').ended;
  expect(failed.code).toBe(1);
  const { private_key: secret } = JSON.parse(readFileSync(keyFile, 'utf8')) as { private_key: string };
  const [line = ''] = secret.split('\n').filter((part) => part.length > 40);
  const value = String([...readTable(space.data, TABLE).cells.values()][0]?.at(-1));
  for (const { stdout, stderr } of [open, second, failed]) {
    for (const hidden of [line, value, 'ya29', 'Bearer ', 'eyJ']) expect(stdout + stderr).not.toContain(hidden);
  }
  for (const name of everythingIn(space.data)) {
    const path = join(space.data, name);
    if (statSync(path).isFile()) expect(readFileSync(path).includes(line)).toBe(false);
  }
});
