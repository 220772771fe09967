import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { processesIn, sendSignal } from '../system/harness/processes.ts';
import { until } from '../system/harness/until.ts';
import { callsOf } from './harness/calls.ts';
import { killController, startController } from './harness/cluster.ts';
import { consumersIn } from './harness/consumer-process.ts';
import { bootNode, crashNode, killSlurmd, setLink, startNode } from './harness/node.ts';
import { slurm } from './harness/places.ts';
import { NODES } from './harness/plan.ts';
import { openProject, type Project } from './harness/project.ts';
import { consumersOf } from './harness/provenance.ts';
import { restoreCluster } from './harness/restore.ts';
import { enqueueSlow, expectComplete, SLOW, underway } from './harness/slow-points.ts';

const plan = inject('cluster');

/** Points that wait and take no core: nine at once, three a node. */
const POINTS = 180;
const SECONDS = 0.5;
const AT_ONCE = ['--cpus', '3', '--mem', '1G'];

/** Rows after which a fault comes. */
const MIDDLE = 40;

/** Longest delay that the loss of a node may cause beyond its share of the work. */
const LOST_SECONDS = 15;

let project: Project;

/** Each test has a project of its own: a folder and a namespace. */
const numbers = (function* count() {
  for (let number = 1; ; number += 1) yield number;
})();

beforeEach(async () => {
  project = await openProject(plan, `fault-${numbers.next().value}`);
});

afterEach(async () => {
  await restoreCluster(plan);
  await project[Symbol.asyncDispose]();
});

/** Consumers on all nodes in mid-table; resolves with their job's number. */
async function inMiddle(...options: string[]): Promise<string> {
  await enqueueSlow(plan, project, POINTS, SECONDS);
  const job = await project.launch('cluster', NODES.length, SLOW, ...AT_ONCE, ...options);
  await underway(project, MIDDLE);
  return job;
}

/** The process of ada's whose command line fits, by its number in the whole machine. */
function processOf(pattern: RegExp): number {
  const found = processesIn(project.folder).find(({ command }) => pattern.test(command));
  if (found === undefined) throw new Error(`no process of ${project.folder} fits ${pattern}`);
  return found.pid;
}

/** Resolves once no task of the job is in SLURM's queue. */
async function jobEnded(job: string): Promise<void> {
  await until('the job has ended', async () => (await slurm(plan, 'squeue', '--noheader', `--jobs=${job}`)).trim() === '', 150_000);
}

/** Resolves once SLURM says so of the node, as `sinfo` names states. */
async function nodeIs(node: string, state: RegExp): Promise<void> {
  await until(`SLURM says ${state} of ${node}`, async () => state.test(await slurm(plan, 'sinfo', '--noheader', '--partition=batch', `--nodes=${node}`, '--format=%T')), 60_000);
}

describe('every point is one row at its first attempt', () => {
  test('where a node crashes, and its points run again within seconds', async () => {
    await inMiddle();
    const atMs = Date.now();
    await crashNode(plan, 'node2');
    await expectComplete(project, POINTS);
    // Two nodes of three do what three would have done.
    const left = ((POINTS - MIDDLE) * SECONDS) / 6;
    expect((Date.now() - atMs) / 1000).toBeLessThan(left + LOST_SECONDS);
  });

  test('where a node is cut off, its job starts anew elsewhere, and it heals: both may deliver', async () => {
    await inMiddle();
    await setLink(plan, 'node2', 'down');
    await nodeIs('node2', /^down/);
    // It lives, with points in hand that others are computing, too.
    expect(consumersIn(plan, 'node2')).not.toHaveLength(0);
    await setLink(plan, 'node2', 'up');
    await until('the consumer that was cut off has left', () => consumersIn(plan, 'node2').length === 0, 90_000);
    await expectComplete(project, POINTS);
  });

  test('where slurmd is killed: its consumer goes on, and then it is killed while another runs', async () => {
    await inMiddle();
    await killSlurmd(plan, 'node3');
    await nodeIs('node3', /^down/);
    await startNode(plan, 'node3');
    await expectComplete(project, POINTS);
  });

  test('where the job is preempted', async () => {
    const job = await inMiddle('--partition', 'scavenge');
    const urgent = await project.run('sbatch', '--parsable', '--partition=batch', '--array=1-3', '--nodes=1', '--exclusive', '--time=5', '--wrap', 'sleep 3');
    expect(urgent).toMatchObject({ code: 0, stderr: '' });
    await until('the urgent job has ended', async () => (await slurm(plan, 'squeue', '--noheader', `--jobs=${urgent.stdout.trim()}`)).trim() === '', 90_000);
    const restarts = /Restarts=(\d+)/g;
    const restarted = [...(await slurm(plan, 'scontrol', 'show', 'job', job)).matchAll(restarts)].map(([, count]) => Number(count));
    expect(Math.max(...restarted)).toBe(1);
    await startRequeued();
    await expectComplete(project, POINTS);
  });

  test('where a task of the job is requeued, and another is cancelled', async () => {
    const job = await inMiddle();
    await slurm(plan, 'scontrol', 'requeue', `${job}_1`);
    await slurm(plan, 'scancel', `${job}_2`);
    await expectComplete(project, POINTS);
  });

  test('where the walltime ends in mid-table: consumers leave before that, and the next ones go on', async () => {
    await enqueueSlow(plan, project, 100, 2);
    const job = await project.launch('cluster', 1, SLOW, '--nodes', '1', '--cpus', '2', '--mem', '1G', '--time', '1');
    await jobEnded(job);
    expect(await slurm(plan, 'scontrol', 'show', 'job', `${job}_1`)).toMatch(/JobState=COMPLETED[^]*ExitCode=0:0/);
    await project.launch('cluster', NODES.length, SLOW, ...AT_ONCE, '--cpus', '4');
    await expectComplete(project, 100);
    expect(consumersOf(project.data, SLOW).length).toBeGreaterThanOrEqual(2);
  });

  test("where SLURM's warning of the walltime's end comes while points run that end before it: they are finished", async () => {
    const note = join(project.folder, 'starts');
    // SLURM warns of an end in two minutes 30 s before it, and up to a minute earlier.
    await enqueueSlow(plan, project, 2, 88, note);
    const job = await project.launch('cluster', 1, SLOW, '--nodes', '1', '--cpus', '2', '--mem', '1G', '--time', '2');
    await jobEnded(job);
    expect(await slurm(plan, 'scontrol', 'show', 'job', `${job}_1`)).toMatch(/JobState=COMPLETED[^]*ExitCode=0:0/);
    await expectComplete(project, 2, 30_000);
    expect(readFileSync(note, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  test("where SLURM's controller stops in mid-table, and comes back", async () => {
    await inMiddle();
    await killController(plan);
    await underway(project, MIDDLE + 60);
    const askedMs = Date.now();
    const launching = project.sluice('launch', 'array', SLOW, '--tasks', '1');
    await until('launch has asked, and waits', () => callsOf(plan, 'sbatch', askedMs).length > 0);
    await startController(plan);
    expect(await launching).toMatchObject({ tasks: 1 });
    await expectComplete(project, POINTS);
  });

  test('where Redis is killed: it comes back at the same place', async () => {
    await inMiddle();
    sendSignal(processOf(/redis-server/), 'SIGKILL');
    await expectComplete(project, POINTS);
  });

  test('where `up` is killed and started again: its consumers find the new broker by themselves', async () => {
    await inMiddle();
    const before = readFileSync(join(project.data, 'broker.json'), 'utf8');
    sendSignal(processOf(/sluice\.mjs up/), 'SIGKILL');
    await until('the broker is gone', () => processesIn(project.folder).every(({ command }) => !/redis-server/.test(command)));
    await project.sluice('up', '--host', 'auto', '--detach');
    expect(readFileSync(join(project.data, 'broker.json'), 'utf8')).not.toBe(before);
    await expectComplete(project, POINTS);
    expect(consumersOf(project.data, SLOW)).toHaveLength(NODES.length);
  });

  test('where the sink is killed', async () => {
    await inMiddle();
    sendSignal(processOf(/sluice\.mjs sink|sink --supervised/), 'SIGKILL');
    await expectComplete(project, POINTS);
  });

  test('where a node reboots at once', async () => {
    await inMiddle();
    await crashNode(plan, 'node1');
    await bootNode(plan, 'node1');
    await expectComplete(project, POINTS);
  });
});

/** Lets requeued tasks start now: SLURM holds them back for two minutes. */
async function startRequeued(): Promise<void> {
  const held = (await slurm(plan, 'squeue', '--noheader', '--array', '--user=ada', '--states=PENDING', '--format=%i')).trim();
  for (const id of held.split('\n').filter((line) => line !== '')) await slurm(plan, 'scontrol', 'update', `jobid=${id}`, 'StartTime=now');
}
