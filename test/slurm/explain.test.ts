import { expect, test } from 'vitest';
import { brokerFileIn, readBrokerFile } from '../../runtime/broker-file.ts';
import { crashNode } from './harness/node.ts';
import { ownCluster } from './harness/own-cluster.ts';
import { slurm } from './harness/places.ts';
import type { NodeName } from './harness/plan.ts';
import { projectOfEach } from './harness/project-of-each.ts';
import { nodeIs } from './harness/slurm-says.ts';
import { enqueueSlow, SLOW, underway } from './harness/slow-points.ts';
import { untilTold } from './harness/until-told.ts';

const plan = ownCluster();
const project = projectOfEach(plan, 'explain', ['--as-job', '--partition', 'service', '--time', '60']);

/** What `explain` says of the table now, a line a reason. */
async function explained(): Promise<string> {
  const { reasons } = (await project().sluice('explain', SLOW)) as { reasons: readonly { text: string }[] };
  return reasons.map(({ text }) => text).join('\n');
}

/** Resolves once `explain` says so: SLURM's queue is asked every 30 s at most. */
async function untilExplained(says: RegExp): Promise<void> {
  let last = '';
  await untilTold(`explain says ${says}`, async () => says.test((last = await explained())), 150_000).catch((cause: unknown) => {
    throw new Error(`explain says: ${last}`, { cause });
  });
}

test('explain tells that nobody was launched, of tasks that wait and why, of a node that is down, and of a broker whose job waits', async () => {
  await enqueueSlow(plan, project(), 400, 1);
  expect(await explained()).toMatch(/^there is no consumer/m);

  // Three nodes of four CPUs, two of them the broker's: a whole node more is not to be had.
  await project().launch('cluster', 2, SLOW, '--nodes', '3');
  await untilExplained(/^1 array task pending \((Resources|Priority)/m);

  await underway(project(), 20);
  const { consumers } = (await project().sluice('status', SLOW)) as { consumers: readonly { host: string }[] };
  const lost = consumers[0]!.host as NodeName;
  await crashNode(plan, lost);
  await nodeIs(plan, lost, /^down/);
  await untilExplained(new RegExp(`^the consumer on ${lost} was last seen \\d+ s ago; the node is down`, 'm'));

  const { job = '' } = readBrokerFile(brokerFileIn(project().data)) ?? {};
  await slurm(plan, 'scontrol', 'requeue', job);
  await untilExplained(new RegExp(`^the broker's job ${job} is pending \\(BeginTime`, 'm'));
});
