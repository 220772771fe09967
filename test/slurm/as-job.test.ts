import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { brokerFileIn, readBrokerFile, type BrokerFile } from '../../runtime/broker-file.ts';
import { processesIn } from '../system/harness/processes.ts';
import { until } from '../system/harness/until.ts';
import { setLink } from './harness/node.ts';
import { slurm } from './harness/places.ts';
import { homeOf, NODES, type NodeName } from './harness/plan.ts';
import { openProject, type Project } from './harness/project.ts';
import { consumersOf } from './harness/provenance.ts';
import { restoreCluster } from './harness/restore.ts';
import { enqueueSlow, expectComplete, SLOW, underway } from './harness/slow-points.ts';

const plan = inject('cluster');

const POINTS = 180;
const SECONDS = 0.5;
const MIDDLE = 40;

let project: Project;
let job: string;

const numbers = (function* count() {
  for (let number = 1; ; number += 1) yield number;
})();

beforeEach(async () => {
  project = await openProject(plan, `as-job-${numbers.next().value}`, ['--as-job', '--partition', 'service', '--time', '60']);
  job = fileNow()!.job!;
  await enqueueSlow(plan, project, POINTS, SECONDS);
});

afterEach(async () => {
  await restoreCluster(plan);
  await project[Symbol.asyncDispose]();
});

function fileNow(): BrokerFile | undefined {
  return readBrokerFile(brokerFileIn(project.data));
}

/** Consumers on all nodes in mid-table; resolves with their process numbers by host. */
async function inMiddle(): Promise<string[]> {
  await project.launch('cluster', NODES.length, SLOW, '--cpus', '2', '--mem', '1G');
  await underway(project, MIDDLE);
  return identities(await project.consumers());
}

const identities = (seen: readonly { host: string; pid: number }[]): string[] => seen.map(({ host, pid }) => `${host} ${pid}`).sort();

const includesAll = (all: readonly string[], some: readonly string[]): boolean => some.every((one) => all.includes(one));

/** Lets the requeued job start now, on another node than `node`: SLURM holds it back for two minutes. */
async function startElsewhere(node: string): Promise<void> {
  await until('the job is in the queue again', async () => (await slurm(plan, 'squeue', '--noheader', `--jobs=${job}`, '--format=%T')).trim() === 'PENDING', 60_000);
  await slurm(plan, 'scontrol', 'update', `jobid=${job}`, `ExcNodeList=${node}`, 'StartTime=now');
}

/** Resolves once a broker newer than `before` answers on another node, and the same consumers serve it. */
async function expectSuccessor(before: BrokerFile, consumers: readonly string[]): Promise<BrokerFile> {
  await until('a newer broker is there', () => (fileNow()?.generation ?? 0) > before.generation, 60_000);
  const after = fileNow()!;
  expect(after).toMatchObject({ job });
  expect(after.host).not.toBe(before.host);
  await until('its consumers have found it', async () => identities(await project.consumers()).join() === consumers.join(), 30_000);
  return after;
}

/** What keeps a broker up on a node: each has one Redis, which ends with it. */
const brokersOf = () => processesIn(project.folder).filter(({ command }) => command.includes('sluice.mjs up --in-job'));

describe('a broker that is a SLURM job goes to another node in mid-table, its consumers resume by themselves, and nothing is lost,', () => {
  test('where it is requeued; `down` on the login host ends it', async () => {
    const consumers = await inMiddle();
    const before = fileNow()!;
    expect([...NODES]).toContain(before.host);
    await slurm(plan, 'scontrol', 'requeue', job);
    await startElsewhere(before.host);
    const after = await expectSuccessor(before, consumers);
    await expectComplete(project, POINTS);
    expect(consumersOf(project.data, SLOW)).toHaveLength(NODES.length);
    expect(fileNow()).toEqual(after);
    expect(brokersOf()).toHaveLength(1);
    expect(await project.sluice('down')).toMatchObject({ stopped: true, job });
    expect(await slurm(plan, 'squeue', '--noheader', `--jobs=${job}`, '--states=PENDING,RUNNING')).toBe('');
    expect(fileNow()).toBeUndefined();
    expect(existsSync(join(homeOf(plan.homes, 'ada'), '.sluice', project.environment['SLUICE_NAMESPACE']!, 'broker.json'))).toBe(false);
    expect(processesIn(project.folder).filter(({ command }) => /redis-server|sluice\.mjs/.test(command))).toEqual([]);
  });

  test('where SLURM warns it of the end of its walltime: it goes back into the queue by itself', async () => {
    const consumers = await inMiddle();
    const before = fileNow()!;
    await slurm(plan, 'scancel', '--batch', '--signal=USR1', job);
    await startElsewhere(before.host);
    await expectSuccessor(before, consumers);
    await expectComplete(project, POINTS);
    expect(await slurm(plan, 'scontrol', 'show', 'job', job)).toMatch(/JobState=RUNNING[^]*Restarts=1/);
  });

  test('where its node is cut off, and heals when its successor is at work: one broker is left', async () => {
    const consumers = await inMiddle();
    const before = fileNow()!;
    await setLink(plan, before.host as NodeName, 'down');
    await startElsewhere(before.host);
    await until('a newer broker is there', () => (fileNow()?.generation ?? 0) > before.generation, 60_000);
    const after = fileNow()!;
    await until('the one that was cut off has ended', () => brokersOf().length === 1, 30_000);
    // SLURM ends the consumer of the node that was cut off; the others resume.
    const others = consumers.filter((one) => !one.startsWith(before.host));
    await until('the other consumers have found it', async () => includesAll(identities(await project.consumers()), others), 30_000);
    await setLink(plan, before.host as NodeName, 'up');
    await expectComplete(project, POINTS);
    expect(fileNow()).toEqual(after);
    expect(brokersOf()).toHaveLength(1);
  });
});

test('a second broker of the data folder is refused while the job keeps the first', async () => {
  const end = await project.run('sluice', 'up', '--as-job', '--partition', 'service');
  expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining('a broker of') as string });
});
