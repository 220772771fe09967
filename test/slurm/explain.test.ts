import { afterEach, expect, inject, test } from 'vitest';
import { brokerFileIn, readBrokerFile } from '../../runtime/broker-file.ts';
import { until } from '../system/harness/until.ts';
import { crashNode } from './harness/node.ts';
import { slurm } from './harness/places.ts';
import { openProject, type Project } from './harness/project.ts';
import { restoreCluster } from './harness/restore.ts';
import { enqueueSlow, SLOW, underway } from './harness/slow-points.ts';

const plan = inject('cluster');

let project: Project;

afterEach(async () => {
  await restoreCluster(plan);
  await project[Symbol.asyncDispose]();
});

/** What `explain` says of the table now, a line a reason. */
async function explained(): Promise<string> {
  const { reasons } = (await project.sluice('explain', SLOW)) as { reasons: readonly { text: string }[] };
  return reasons.map(({ text }) => text).join('\n');
}

/** Resolves once `explain` says so: SLURM's queue is asked every 30 s at most. */
async function untilExplained(says: RegExp): Promise<void> {
  let last = '';
  await until(`explain says ${says}`, async () => says.test((last = await explained())), 70_000).catch((cause: unknown) => {
    throw new Error(`explain says: ${last}`, { cause });
  });
}

test('explain tells that nobody was launched, of tasks that wait and why, of a node that is down, and of a broker whose job waits', async () => {
  project = await openProject(plan, 'explain', ['--as-job', '--partition', 'service', '--time', '60']);
  await enqueueSlow(plan, project, 400, 1);
  expect(await explained()).toMatch(/^there is no consumer/m);

  // Three nodes of four CPUs, two of them the broker's: a whole node more is not to be had.
  await project.launch('cluster', 2, SLOW, '--nodes', '3');
  await untilExplained(/^1 array task pending \((Resources|Priority)/m);

  await underway(project, 20);
  const { consumers } = (await project.sluice('status', SLOW)) as { consumers: readonly { host: string }[] };
  const lost = consumers[0]!.host as 'node1' | 'node2' | 'node3';
  await crashNode(plan, lost);
  await until('SLURM has noticed', async () => (await slurm(plan, 'sinfo', '--noheader', '--partition=batch', `--nodes=${lost}`, '--format=%T')).startsWith('down'), 60_000);
  await untilExplained(new RegExp(`^the consumer on ${lost} was last seen \\d+ s ago; the node is down`, 'm'));

  const { job = '' } = readBrokerFile(brokerFileIn(project.data)) ?? {};
  await slurm(plan, 'scontrol', 'requeue', job);
  await untilExplained(new RegExp(`^the broker's job ${job} is pending \\(BeginTime`, 'm'));
});
