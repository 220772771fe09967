import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokerFileIn, readBrokerFile, type BrokerFile } from '../../../runtime/broker-file.ts';
import { readGeneration } from '../../../runtime/generation.ts';
import type { Command } from '../harness/command.ts';
import { processesIn, sendSignal } from '../harness/processes.ts';
import { isPlanned, readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

const POINTS = 200;
const SMALL = ['--blocks', String(POINTS), '--nrow', '30', '--ncol', '20'];

/** Begins what the script of `up --as-job` begins on a node, whose place an address of this machine takes. */
function startInJob(space: Workspace, job: string, host: string): Command {
  return space.sluiceWith({ SLURM_JOB_ID: job, TMPDIR: space.folder }, 'up', '--in-job', '--host', host);
}

/** The names of the folders in which brokers of a job keep Redis's files. */
const brokerFolders = (space: Workspace) => readdirSync(space.folder).filter((name) => name.startsWith('sluice-broker-'));

/** A process number that no process has: beyond what Linux gives. */
const NOBODY = 2 ** 22 + 1;

/** The connection file once a broker of `job` has written it. */
async function brokerOf(space: Workspace, job: string): Promise<BrokerFile> {
  let file: BrokerFile | undefined;
  await until(`the broker of job ${job} is up`, () => (file = readBrokerFile(brokerFileIn(space.data)))?.job === job);
  return file!;
}

const processesOf = (space: Workspace, pattern: RegExp) => processesIn(space.folder).filter(({ command }) => pattern.test(command));

test('a broker that runs as a job takes the place of the one before it, whose consumers follow, and nothing is lost', async () => {
  await using space = openWorkspace('succession');
  const first = startInJob(space, '7', '127.0.0.2');
  const before = await brokerOf(space, '7');
  await space.json(['enqueue', ...SMALL]);
  const consumer = space.sluice('consume', '--idle-exit', '2', '--threads', '1');
  await until('rows are stored', () => storedRows(space.data, 'svd_block') > 10);
  const second = startInJob(space, '8', '127.0.0.3');
  expect(await first.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/a newer broker \(generation \d+, this is \d+\) has taken over/) as string });
  const after = await brokerOf(space, '8');
  expect(after.generation).toBeGreaterThan(before.generation);
  expect(await consumer.ended).toMatchObject({ code: 0 });
  expect(readTable(space.data, 'svd_block')).toMatchObject({ rows: POINTS, distinctKeys: POINTS, failures: 0, deadLetters: 0, attempts: 1 });
  expect(processesOf(space, /^\S*(redis|valkey)-server /)).toHaveLength(1);
  await second.end('SIGTERM');
  expect(readBrokerFile(brokerFileIn(space.data))).toMatchObject({ job: '8' });
  await until('nothing is left', () => processesIn(space.folder).length === 0);
});

test('a broker removes what killed ones left of their files, and nothing of one that waits for its place', async () => {
  await using space = openWorkspace('succession-left');
  const first = startInJob(space, '7', '127.0.0.2');
  await brokerOf(space, '7');
  const [own = ''] = brokerFolders(space);
  const nameFor = (pid: number): string => own.replace(/-\d+-[^-]*$/, `-${pid}-aaaaaa`);
  for (const pid of [process.pid, NOBODY]) mkdirSync(join(space.folder, nameFor(pid)));
  const second = startInJob(space, '8', '127.0.0.3');
  await brokerOf(space, '8');
  await first.ended;
  expect(brokerFolders(space)).toContain(nameFor(process.pid));
  expect(brokerFolders(space)).not.toContain(nameFor(NOBODY));
  await second.end('SIGTERM');
  expect(brokerFolders(space)).toEqual([nameFor(process.pid)]);
});

test('what its sink has not committed goes to the spool, and its successor commits it', async () => {
  await using space = openWorkspace('handed-over');
  const first = startInJob(space, '7', '127.0.0.2');
  await brokerOf(space, '7');
  await space.json(['enqueue', ...SMALL]);
  // A sink that is stopped commits nothing, and is killed at the end.
  await until('the sink is there', () => processesOf(space, /sink --supervised/).length === 1);
  await until('the plan is committed', () => isPlanned(space.data, 'svd_block'));
  sendSignal(processesOf(space, /sink --supervised/)[0]!.pid, 'SIGSTOP');
  expect(await space.json(['consume', '--idle-exit', '0.5'])).toMatchObject({ rows: POINTS });
  // SLURM's TERM goes to every process of the job.
  for (const { pid } of processesIn(space.folder)) sendSignal(pid, 'SIGTERM');
  expect(await first.ended).toMatchObject({ signal: 'SIGTERM' });
  expect(storedRows(space.data, 'svd_block')).toBeLessThan(POINTS);
  expect(readdirSync(`${space.data}/spool`)).not.toEqual([]);
  expect(brokerFolders(space)).toEqual([]);

  const second = startInJob(space, '7', '127.0.0.3');
  await until('all rows are stored', () => storedRows(space.data, 'svd_block') === POINTS);
  await second.end('SIGTERM');
  expect(readTable(space.data, 'svd_block')).toMatchObject({ rows: POINTS, distinctKeys: POINTS, failures: 0, deadLetters: 0 });
});

test('a predecessor that sleeps holds its successor back; when it wakes it finds the generation raised, ends, and its rows come by the spool', async () => {
  await using space = openWorkspace('succession-asleep');
  const first = startInJob(space, '7', '127.0.0.2');
  await brokerOf(space, '7');
  await space.json(['enqueue', ...SMALL]);
  await until('the plan is committed', () => isPlanned(space.data, 'svd_block'));
  sendSignal(processesOf(space, /sink --supervised/)[0]!.pid, 'SIGSTOP');
  expect(await space.json(['consume', '--idle-exit', '0.5'])).toMatchObject({ rows: POINTS });
  const asleep = processesIn(space.folder);
  for (const { pid } of asleep) sendSignal(pid, 'SIGSTOP');
  const second = startInJob(space, '8', '127.0.0.3');
  await until('it waits', () => second.stdout.includes('waiting for a predecessor to end') || second.stderr.includes('waiting for a predecessor to end'));
  expect(readBrokerFile(brokerFileIn(space.data))).toMatchObject({ job: '7' });
  for (const { pid } of asleep) sendSignal(pid, 'SIGCONT');
  expect(await first.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('has taken over') as string });
  await brokerOf(space, '8');
  await until('all rows are stored', () => storedRows(space.data, 'svd_block') === POINTS);
  expect(readTable(space.data, 'svd_block')).toMatchObject({ rows: POINTS, distinctKeys: POINTS, failures: 0, deadLetters: 0, attempts: 1 });
  await second.end('SIGTERM');
});

test('of brokers that begin at once one is left, the newest', async () => {
  await using space = openWorkspace('succession-at-once');
  const started = ['127.0.0.2', '127.0.0.3', '127.0.0.4'].map((host, index) => startInJob(space, String(index), host));
  await until('one is left', () => started.filter(({ gone }) => !gone).length === 1);
  const newest = await readGeneration(space.data);
  await until('the newest is up', () => readBrokerFile(brokerFileIn(space.data))?.generation === newest);
  expect(processesOf(space, /^\S*(redis|valkey)-server /)).toHaveLength(1);
  const file = readBrokerFile(brokerFileIn(space.data))!;
  expect(await space.json(['status'])).toMatchObject({ broker: true });
  const left = started[Number(file.job)]!;
  expect(left.gone).toBe(false);
  await left.end('SIGTERM');
});

test('--in-job outside of a job is refused', async () => {
  await using space = openWorkspace('no-job');
  expect(await space.json(['up', '--in-job'], 2)).toMatchObject({ error: { code: 'bad-option' } });
});

test('an option of the job without --as-job, and an address with it, are refused before anything is made', async () => {
  await using space = openWorkspace('job-options');
  expect(await space.json(['up', '--time', '5'], 2)).toMatchObject({ error: { code: 'bad-option', message: expect.stringContaining('--as-job') as string } });
  expect(await space.json(['up', '--dry-run'], 2)).toMatchObject({ error: { code: 'bad-option' } });
  expect(await space.json(['up', '--as-job', '--host', '127.0.0.2'], 2)).toMatchObject({ error: { code: 'bad-host' } });
  expect(readdirSync(space.folder)).toEqual([]);
});
