import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFakeBigQuery, type FakeBigQuery } from '../../fake-bigquery/server.ts';
import { clientOf, load } from '../fake-bigquery/open.ts';
import { startCommand, type End } from '../harness/command.ts';
import { processesIn, sendSignal } from '../harness/processes.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { everythingIn, expectRefusal } from './refusal.ts';

const SMALL = ['--blocks', '5', '--nrow', '4', '--ncol', '3', '--threads', '1'];
const TABLE = 'svd_block';
const SQL = ["x'; DROP TABLE t; --", 'x`; DROP TABLE t; --', 'a.b', 'sluice_rows', '../t'];
const SLUICE = join(import.meta.dirname, '..', '..', '..', 'cli', 'sluice.mjs');

async function openFake(): Promise<FakeBigQuery> {
  const fake = await startFakeBigQuery();
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  return fake;
}

function at(fake: FakeBigQuery): string[] {
  return ['--bigquery', fake.projectId, '--bigquery-endpoint', fake.endpoint];
}

/** What the database and the folder hold: every file but those that come and go with a process. */
function stateOf(space: Workspace): unknown {
  const names = everythingIn(space.folder).filter((name) => !name.endsWith('.lock'));
  return [names, readFileSync(join(space.data, 'sluice.db3')).toString('base64')];
}

describe.concurrent('a request of upload or pull that is a mistake', () => {
  test.each(['upload', 'pull'])('SQL, and other names that are no tables, to %s: refused in one line, nothing asked of BigQuery', async (command) => {
    await using space = openWorkspace('cloud-sql');
    const fake = await openFake();
    for (const name of SQL) {
      expectRefusal(await space.sluice(command, name, '--json', ...at(fake)).ended, { exit: 2, code: 'bad-setting', says: /no value for it/ });
    }
    expect(fake.requests).toEqual([]);
    expect(everythingIn(space.folder)).toEqual([]);
  });
});

test('a table there that is of something else is neither pulled nor added to, and nothing changes on either side', async () => {
  await using space = openWorkspace('cloud-other');
  const fake = await openFake();
  const client = clientOf(fake);
  await client.createDataset('EMS');
  const dataset = client.dataset('EMS');
  await dataset.createTable(TABLE, { schema: [{ name: 'city', type: 'STRING' }, { name: 'people', type: 'INTEGER' }] });
  await dataset.createTable('typed', { schema: [...['nrow', 'ncol', 'seed'].map((name) => ({ name, type: 'INTEGER' })), { name: 'v_alignment', type: 'STRING' }] });
  await load(dataset, [{ city: 'Ulm', people: 126000 }], { table: TABLE });
  await space.json(['run', ...SMALL]);
  await space.json(['run', ...SMALL, '--table', 'typed']);
  const before = fake.checksum('EMS', TABLE);
  const pulled = await space.sluice('pull', '--json', ...at(fake)).ended;
  expectRefusal(pulled, { exit: 1, code: 'bad-file', says: /EMS\.svd_block: expected the parameters nrow, ncol, seed, found "city", "people"/ });
  const sent = await space.sluice('upload', '--json', ...at(fake)).ended;
  expectRefusal(sent, { exit: 1, code: 'upload-refused', says: /EMS\.svd_block cannot take the rows: it has 1 rows and no column nrow/ });
  const typed = await space.sluice('upload', 'typed', '--json', ...at(fake)).ended;
  expectRefusal(typed, { exit: 1, code: 'upload-refused', says: /EMS\.typed cannot take the rows: its column v_alignment is STRING, and ours is FLOAT64/ });
  expect(fake.checksum('EMS', TABLE)).toEqual(before);
  expect(fake.requests.filter(({ kind }) => kind === 'upload' || kind === 'patch-table')).toHaveLength(1);
  for (const table of [TABLE, 'typed']) expect(await space.json(['status', table])).toMatchObject({ stored: 5, deadLetters: 0, uploads: [{ uploaded: 0, behind: 5 }] });
});

/** A read-only mount of one's own needs util-linux's unshare and a kernel that allows user namespaces (or root). */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

/** Runs `sluice PARAMETERS` where `what` of the workspace is read-only, for root too. */
async function withReadOnly(space: Workspace, what: string, parameters: readonly string[]): Promise<End> {
  onTestFinished(() => processesIn(space.folder).forEach(({ pid }) => sendSignal(pid, 'SIGKILL')));
  const environment = { ...process.env, HOME: join(space.folder, 'home'), WHAT: what, NODE: process.execPath, ENTRY: SLUICE, CI: '' };
  const mounted = 'mount --bind "$WHAT" "$WHAT" && mount -o remount,bind,ro "$WHAT" && "$NODE" "$ENTRY" "$@" --json';
  return await startCommand('unshare', ['-rm', 'sh', '-c', mounted, 'sh', ...parameters], space.folder, environment).ended;
}

describe.skipIf(!canMount && process.env['CI'] === undefined)('what cannot be written (needs unshare -rm)', () => {
  test.each(['data', 'data/sluice.db3'])('%s: upload, pull and gather say so in one line, and nothing is sent, brought in or left', async (what) => {
    await using space = openWorkspace('cloud-read-only');
    const fake = await openFake();
    await space.json(['run', ...SMALL]);
    const dataset = (await clientOf(fake).createDataset('EMS'))[0];
    const columns = ['v_alignment', 've000', 've001', 've002'].map((name) => ({ name, type: 'FLOAT' }));
    await dataset.createTable(TABLE, { schema: [...['nrow', 'ncol', 'seed'].map((name) => ({ name, type: 'INTEGER' })), ...columns] });
    await load(dataset, [{ nrow: 4, ncol: 3, seed: 99, v_alignment: 0.5, ve000: 1, ve001: 0, ve002: 0 }], { table: TABLE });
    mkdirSync(join(space.folder, 'home'));
    space.file('a.csv', 'nrow,ncol,seed,v_alignment,ve000,ve001,ve002\n4,3,77,0.5,1,0,0\n');
    const before = stateOf(space);
    const loads = (): number => fake.requests.filter(({ kind }) => kind === 'upload').length;
    const sent = loads();
    for (const line of [['upload', ...at(fake)], ['pull', ...at(fake)], ['gather', TABLE, 'a.csv']]) {
      const end = await withReadOnly(space, what, line);
      // An upload finds out when it has something to note: the request itself was none that could not be met.
      const isLate = what !== 'data' && line[0] === 'upload';
      expectRefusal(end, { exit: isLate ? 1 : 2, code: isLate ? 'upload-refused' : 'data-folder', says: /read-?only/i });
      expect(stateOf(space), line[0]).toEqual(before);
    }
    expect(loads()).toBe(sent);
    expect(await space.json(['upload', ...at(fake)])).toMatchObject({ stored: 5, complete: true });
  });
});
