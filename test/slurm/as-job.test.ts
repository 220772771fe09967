import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokerFileIn, readBrokerFile, type BrokerFile } from '../../runtime/broker-file.ts';
import { processesIn } from '../system/harness/processes.ts';
import { until } from '../system/harness/until.ts';
import { inMiddle, POINTS } from './harness/mid-table.ts';
import { setLink } from './harness/node.ts';
import { ownCluster } from './harness/own-cluster.ts';
import { slurm } from './harness/places.ts';
import { homeOf, NODES, type NodeName } from './harness/plan.ts';
import { projectOfEach } from './harness/project-of-each.ts';
import { consumersOf } from './harness/provenance.ts';
import { expectComplete, SLOW } from './harness/slow-points.ts';
import { untilTold } from './harness/until-told.ts';

const plan = ownCluster();
const project = projectOfEach(plan, 'as-job', ['--as-job', '--partition', 'service', '--time', '60']);

/** A consumer of two slots on a node: it leaves room for the broker's job. */
const TWO_SLOTS = ['--cpus', '2', '--mem', '1G'];

/** Longest wait for a broker on another node: SLURM's schedule and the start of a node's first `sluice`. */
const SUCCESSOR_MS = 150_000;

/** The connection file, where there is one. */
function fileNow(): BrokerFile | undefined {
  return readBrokerFile(brokerFileIn(project().data));
}

/** The broker that is there, which is a job. */
function brokerNow(): BrokerFile & { readonly job: string } {
  const file = fileNow();
  if (file?.job === undefined) throw new Error(`expected a broker that is a job, found ${JSON.stringify(file?.host)}`);
  return { ...file, job: file.job };
}

/** Consumers on all nodes in mid-table, by host and process number. */
async function consumersInMiddle(): Promise<string[]> {
  await inMiddle(plan, project(), ...TWO_SLOTS);
  return identities(await project().consumers());
}

const identities = (seen: readonly { host: string; pid: number }[]): string[] => seen.map(({ host, pid }) => `${host} ${pid}`).sort();

const includesAll = (all: readonly string[], some: readonly string[]): boolean => some.every((one) => all.includes(one));

/** Lets the requeued job start now, on another node than its last: SLURM holds it back for two minutes. */
async function startElsewhere({ job, host }: { readonly job: string; readonly host: string }): Promise<void> {
  await untilTold('the job is in the queue again', async () => (await slurm(plan, 'squeue', '--noheader', `--jobs=${job}`, '--format=%T')).trim() === 'PENDING');
  await slurm(plan, 'scontrol', 'update', `jobid=${job}`, `ExcNodeList=${host}`, 'StartTime=now');
}

/** The connection file of a broker newer than `before`, once there is one. */
async function newerThan(before: BrokerFile): Promise<BrokerFile> {
  await until('a newer broker is there', () => (fileNow()?.generation ?? 0) > before.generation, SUCCESSOR_MS);
  return brokerNow();
}

/** Resolves once a broker newer than `before` answers on another node, and the same consumers serve it. */
async function expectSuccessor(before: BrokerFile, consumers: readonly string[]): Promise<BrokerFile> {
  const after = await newerThan(before);
  expect(after).toMatchObject({ job: before.job });
  expect(after.host).not.toBe(before.host);
  await untilTold('its consumers have found it', async () => identities(await project().consumers()).join() === consumers.join());
  return after;
}

/** What keeps a broker up on a node: each has one Redis, which ends with it. */
const brokersOf = () => processesIn(project().folder).filter(({ command }) => command.includes('sluice.mjs up --in-job'));

describe('a broker that is a SLURM job goes to another node in mid-table, its consumers resume by themselves, and nothing is lost,', () => {
  test('where it is requeued; `down` on the login host ends it', async () => {
    const consumers = await consumersInMiddle();
    const before = brokerNow();
    expect([...NODES]).toContain(before.host);
    await slurm(plan, 'scontrol', 'requeue', before.job);
    await startElsewhere(before);
    const after = await expectSuccessor(before, consumers);
    await expectComplete(project(), POINTS);
    expect(consumersOf(project().data, SLOW)).toHaveLength(NODES.length);
    expect(fileNow()).toEqual(after);
    expect(brokersOf()).toHaveLength(1);
    expect(await project().sluice('down')).toMatchObject({ stopped: true, job: before.job });
    expect(await slurm(plan, 'squeue', '--noheader', `--jobs=${before.job}`, '--states=PENDING,RUNNING')).toBe('');
    expect(fileNow()).toBeUndefined();
    expect(existsSync(join(homeOf(plan.homes, 'ada'), '.sluice', project().environment['SLUICE_NAMESPACE']!, 'broker.json'))).toBe(false);
    expect(processesIn(project().folder).filter(({ command }) => /redis-server|sluice\.mjs/.test(command))).toEqual([]);
  });

  test('where SLURM warns it of the end of its walltime: it goes back into the queue by itself', async () => {
    const consumers = await consumersInMiddle();
    const before = brokerNow();
    await slurm(plan, 'scancel', '--batch', '--signal=USR1', before.job);
    await startElsewhere(before);
    await expectSuccessor(before, consumers);
    await expectComplete(project(), POINTS);
    expect(await slurm(plan, 'scontrol', 'show', 'job', before.job)).toMatch(/JobState=RUNNING[^]*Restarts=1/);
  });

  test('where its node is cut off, and heals when its successor is at work: one broker is left', async () => {
    const consumers = await consumersInMiddle();
    const before = brokerNow();
    await setLink(plan, before.host as NodeName, 'down');
    await startElsewhere(before);
    const after = await newerThan(before);
    await until('the one that was cut off has ended', () => brokersOf().length === 1, SUCCESSOR_MS);
    // SLURM ends the consumer of the node that was cut off; the others resume.
    const others = consumers.filter((one) => !one.startsWith(before.host));
    await untilTold('the other consumers have found it', async () => includesAll(identities(await project().consumers()), others));
    await setLink(plan, before.host as NodeName, 'up');
    await expectComplete(project(), POINTS);
    expect(fileNow()).toEqual(after);
    expect(brokersOf()).toHaveLength(1);
  });
});

test('a second broker of the data folder is refused while the job keeps the first', async () => {
  const end = await project().run('sluice', 'up', '--as-job', '--partition', 'service');
  expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining('a broker of') as string });
});
