import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockForUploading, lockUnlessHeld } from '../../../store/lock.ts';
import type { Fault } from '../../fake-bigquery/faults.ts';
import { startFakeBigQuery, type FakeBigQuery } from '../../fake-bigquery/server.ts';
import { everythingIn } from '../bad-input/refusal.ts';
import type { End } from '../harness/command.ts';
import { HAS_PROC, processesIn, sendSignal } from '../harness/processes.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

const POINTS = 12;

/** Time for a test of seventeen commands, one after the other, on a machine that has much else to do. */
const MANY_COMMANDS_MS = 300_000;

/** A module whose rows are known wherever they turn up. */
const MODULE = `export const name = 'walk';
export const version = '1';
export const run = ({ seed }) => ({ label: 'row-mark-' + seed, y: 73511234.5 + seed, ve: Float64Array.of(seed + 0.7351123, 7351.123) });
`;

/** What a row holds, in texts, decimals and exponents. */
const ROW = /row-mark|7351\.?123|0\.7351/;

/** What the fake gives for a key: a token; and what is sent for one: a signed assertion. */
const TOKEN = /fake-[0-9a-f]{32}|ya29\.|eyJ[\w-]{8}/;

/** An answer in whose words stand a row and the token that the request was sent with, as BigQuery's may quote what it got. */
const ECHO = 'Error while reading data: Could not parse row-mark-3 as INT64 for field y, row {"y": 73511237.5}; Authorization: {authorization}; Access Denied: row-mark-3';

/** Nothing of a data folder that holds rows by its purpose: the database, and the files of Redis. */
const HOLDERS = /^(in\/|data\/sluice\.db3|data\/broker\/|other\/sluice\.db3)/;

interface Ground {
  readonly space: Workspace;
  readonly fake: FakeBigQuery;
  /** The options that point a command at the fake. */
  readonly at: readonly string[];
  /** Which secrets stand in the text, by name. */
  readonly secretsIn: (text: string) => string[];
  /** Expects that no file of the workspace but those that hold rows has a secret. */
  readonly expectCleanFiles: () => void;
}

/** A workspace with the module and its spec, and a fake that takes its own tokens alone. */
async function open(name: string): Promise<Ground & AsyncDisposable> {
  const held = new AsyncDisposableStack();
  const keys = held.use(openWorkspace('keys'));
  const fake = held.use(await startFakeBigQuery({ auth: 'token' }));
  const { keyFile, env } = await fake.credentials(keys.folder);
  const space = held.use(openWorkspace(name, { environment: env }));
  space.file('in/walk.mjs', MODULE);
  space.file('in/spec.json', { experiment: './walk.mjs', params: [{ seed: Array.from({ length: POINTS }, (_, seed) => seed) }], table_name: 'walk' });
  const { private_key: key } = JSON.parse(readFileSync(keyFile, 'utf8')) as { private_key: string };
  const lines = key.split('\n').filter((line) => line.length > 40);
  const secretsIn = (text: string): string[] => [
    ...(lines.some((line) => text.includes(line)) || text.includes('PRIVATE KEY') ? ['key'] : []),
    ...(TOKEN.test(text) ? ['token'] : []),
    ...(ROW.test(text) ? ['row'] : []),
  ];
  const expectCleanFiles = (): void => {
    const files = everythingIn(space.folder).filter((file) => !HOLDERS.test(file) && statSync(join(space.folder, file)).isFile());
    for (const file of files) expect(secretsIn(readFileSync(join(space.folder, file), 'latin1')), file).toEqual([]);
  };
  const at = ['--bigquery', fake.projectId, '--bigquery-endpoint', fake.endpoint];
  return { space, fake, at, secretsIn, expectCleanFiles, [Symbol.asyncDispose]: async () => await held.disposeAsync() };
}

/** What every process of the folder shows to others, collected while the test runs: arguments and, to its user, environment. */
function watchProcesses(folder: string): { readonly seen: ReadonlyMap<string, string> } {
  const seen = new Map<string, string>();
  const look = (): void => {
    for (const { pid, command } of processesIn(folder)) {
      try {
        seen.set(command, readFileSync(`/proc/${pid}/environ`, 'utf8'));
      } catch {
        // it has ended meanwhile
      }
    }
  };
  const timer = setInterval(look, 40);
  onTestFinished(() => clearInterval(timer));
  return { seen };
}

const refusal = (status: number, reason: string): Fault => ({ status, reason, message: ECHO });
const jobError = (reason: string): Fault => ({ jobError: { reason, message: ECHO } });

test('the searches find a key, a token and a row where they are', async () => {
  await using ground = await open('privacy-search');
  const { space, secretsIn } = ground;
  await space.json(['run', 'in/spec.json']);
  expect(secretsIn((await space.sluice('export', 'walk', '--to', 'rows.csv').ended).stdout)).toEqual([]);
  expect(secretsIn(readFileSync(join(space.folder, 'rows.csv'), 'utf8'))).toEqual(['row']);
  expect(() => ground.expectCleanFiles()).toThrow('rows.csv');
  expect(secretsIn(`Bearer fake-${'0'.repeat(32)} -----BEGIN PRIVATE KEY-----`)).toEqual(['key', 'token']);
});

test('services that upload tell no key, no token and no row: logs, processes, answers that quote them, a diagnostic report, a sink that dies', async () => {
  await using ground = await open('privacy-up');
  const { space, fake, at, secretsIn } = ground;
  const reports = join(space.folder, 'reports');
  mkdirSync(reports);
  const environment = { NODE_OPTIONS: `--report-on-signal --report-on-fatalerror --report-uncaught-exception --report-directory=${reports}` };
  const { seen } = watchProcesses(space.folder);
  fake.faults.next({ kind: 'get-table' }, refusal(500, 'internalError'));
  fake.faults.next({ kind: 'upload' }, jobError('backendError'));
  fake.faults.next({ kind: 'get-job' }, refusal(503, 'backendError'));
  fake.faults.next({ kind: 'upload' }, jobError('invalid'));
  // Computed before: the processes of a run, too, are looked at.
  const run = await space.sluice('run', 'in/spec.json', '--threads', '1', '--log-level', 'debug').ended;
  expect(run.code, run.stderr).toBe(0);
  const up = space.sluiceWith(environment, 'up', '--json', '--log-level', 'debug', ...at);
  await until('up is up', () => up.stdout.endsWith('}\n'));
  await until('its sink has the right to upload', () => {
    const lock = lockUnlessHeld(() => lockForUploading(space.data), 'upload-running');
    lock?.release();
    return lock === undefined;
  });
  const asked = space.sluice('upload', 'walk', '--log-level', 'debug', ...at);
  await until('the upload cannot go on', () => up.stderr.includes('BigQuery cannot load these rows (invalid)'), 60_000);
  const status = await space.sluice('status', 'walk').ended;
  const explained = await space.sluice('explain', 'walk').ended;
  expect(status.stdout).toContain('BigQuery cannot load these rows (invalid)');
  const sinkOf = (): number | undefined => processesIn(space.folder).find(({ command }) => / sink /.test(command))?.pid;
  const [first = 0] = [sinkOf()];
  sendSignal(first, 'SIGUSR2');
  await until('the sink has written a diagnostic report', () => readdirSync(reports).length > 0);
  sendSignal(first, 'SIGSEGV');
  await until('another sink is there', () => ![undefined, first].includes(sinkOf()));
  const ends = [run, status, explained, await asked.end('SIGTERM'), await up.end('SIGTERM')];
  expect(fake.faults.pending).toBe(0);
  for (const { stdout, stderr } of ends) expect(secretsIn(stdout + stderr)).toEqual([]);
  ground.expectCleanFiles();
  if (!HAS_PROC) return;
  expect([...seen.keys()].some((command) => / sink .*--bigquery /.test(command))).toBe(true);
  for (const [command, variables] of seen) {
    expect(secretsIn(command + variables), command).toEqual([]);
    // Where the key is concerns those alone who may need it: neither Redis nor what computes.
    if (variables.includes('GOOGLE_APPLICATION_CREDENTIALS')) expect(command).toMatch(/cli\/sluice\.mjs (run|up|sink|status|upload|explain) /);
  }
});

test('upload, its comparison, pull and reduce that fail by an answer which quotes a row and the token tell neither', async () => {
  await using ground = await open('privacy-commands');
  const { space, fake, at, secretsIn } = ground;
  await space.json(['run', 'in/spec.json']);
  const upload = ['upload', 'walk', '--log-level', 'debug'];
  const pull = ['pull', 'walk', '--data', 'other', '--experiment', './in/walk.mjs', '--parameters', 'seed', '--log-level', 'debug'];
  const reduce = ['reduce', 'walk', '--from', 'bigquery'];
  const failures: [line: string[], on: Parameters<FakeBigQuery['faults']['next']>[0], fault: Fault][] = [
    [upload, { kind: 'token' }, refusal(400, 'invalid')],
    [upload, { kind: 'get-table' }, refusal(403, 'accessDenied')],
    [upload, { kind: 'insert-table' }, refusal(400, 'invalid')],
    [upload, { kind: 'upload' }, refusal(401, 'authError')],
    [upload, { kind: 'upload' }, refusal(403, 'billingNotEnabled')],
    [upload, { kind: 'upload' }, jobError('invalid')],
    [upload, { kind: 'upload' }, jobError('accessDenied')],
    [upload, {}, 'drop-after'],
    [[...upload, '--verify'], { kind: 'insert-job' }, refusal(400, 'invalidQuery')],
    [[...upload, '--verify'], { kind: 'get-query-results' }, refusal(500, 'internalError')],
    [pull, { kind: 'get-table' }, refusal(403, 'accessDenied')],
    [pull, { kind: 'insert-job' }, jobError('invalidQuery')],
    [pull, { kind: 'get-query-results' }, refusal(503, 'backendError')],
    [reduce, { kind: 'insert-job' }, refusal(403, 'accessDenied')],
  ];
  const ends: End[] = [];
  for (const [line, on, fault] of failures) {
    fake.faults.next(on, fault);
    const end = await space.sluice(...line, ...at).ended;
    ends.push(end);
    expect(fake.faults.pending, `${line[0]}: ${JSON.stringify(fault)}`).toBe(0);
    // The connection that was lost is tried again.
    expect(end.code, `${line.join(' ')}: ${end.stderr}`).toBe(fault === 'drop-after' ? 0 : 1);
  }
  for (const line of [[...upload, '--verify'], pull]) ends.push(await space.sluice(...line, ...at).ended);
  expect(ends.slice(-2).map(({ code }) => code)).toEqual([0, 0]);
  for (const { stdout, stderr } of ends) expect(secretsIn(stdout + stderr), stderr).toEqual([]);
  ground.expectCleanFiles();
}, MANY_COMMANDS_MS);

test('gather tells of a bad line and of a conflict the one column in question, and logs no row', async () => {
  await using ground = await open('privacy-gather');
  const { space, secretsIn } = ground;
  await space.json(['run', 'in/spec.json']);
  space.file('in/bad.csv', 'seed,label,y,ve000,ve001\n90,row-mark-90,73511234.5,0.7351123,7351.123\n91,row-mark-91,oops,0.7351123,7351.123\n');
  space.file('in/other.csv', 'seed,label,y,ve000,ve001\n3,row-mark-3,1,3.7351123,7351.123\n');
  const end = await space.sluice('gather', 'walk', 'in/bad.csv', 'in/other.csv', '--log-level', 'debug').ended;
  const [bad = '', other = ''] = end.stderr.trimEnd().split('\n').filter((line) => line.startsWith('sluice: '));
  expect(end.code).toBe(1);
  expect(bad).toContain('in/bad.csv:3: column "y": expected a number as in the table, found "oops"');
  expect(other).toBe('sluice: in/other.csv:2: y is 1 and not 73511237.5');
  expect(secretsIn(end.stdout + end.stderr.replace(other, ''))).toEqual([]);
  ground.expectCleanFiles();
});

test('an exception that nobody catches and that carries a request is told without what it carries', async () => {
  await using ground = await open('privacy-crash');
  const { space, fake, at, secretsIn } = ground;
  await space.json(['run', 'in/spec.json']);
  const token = `fake-${'0a'.repeat(16)}`;
  const crash = space.file('in/crash.mjs', `process.on('SIGUSR2', () => {
  const config = { headers: { authorization: 'Bearer ${token}' }, body: 'row-mark-1' };
  throw Object.assign(new Error('400: row-mark-1 with Bearer ${token}'), { config, response: { data: 'row-mark-1' } });
});
`);
  fake.faults.next({ kind: 'get-table' }, 'hang');
  const command = space.sluiceWith({ NODE_OPTIONS: `--import=${crash}` }, 'upload', 'walk', '--json', ...at);
  await until('it asks BigQuery', () => fake.requests.some(({ kind }) => kind === 'get-table'));
  const end = await command.end('SIGUSR2');
  expect(end).toMatchObject({ code: 1, signal: null });
  expect(end.stderr).toMatch(/^sluice: unexpected: Error of a request\n\s+at /);
  expect(secretsIn(end.stdout + end.stderr)).toEqual([]);
  ground.expectCleanFiles();
});
