import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processesIn, sendSignal } from '../../system/harness/processes.ts';
import { until } from '../../system/harness/until.ts';
import { callsOf } from '../harness/calls.ts';
import { killController, startController } from '../harness/cluster.ts';
import { inMiddle, MIDDLE, POINTS, THREE_SLOTS } from '../harness/mid-table.ts';
import { ownCluster } from '../harness/own-cluster.ts';
import { NODES } from '../harness/plan.ts';
import { projectOfEach } from '../harness/project-of-each.ts';
import { consumersOf } from '../harness/provenance.ts';
import { expectComplete, SLOW, underway } from '../harness/slow-points.ts';

const plan = ownCluster();
const project = projectOfEach(plan, 'services');

/** The process of ada's whose command line fits, by its number in the whole machine. */
function processOf(pattern: RegExp): number {
  const found = processesIn(project().folder).find(({ command }) => pattern.test(command));
  if (found === undefined) throw new Error(`no process of ${project().folder} fits ${pattern}`);
  return found.pid;
}

describe('every point is one row at its first attempt', () => {
  test("where SLURM's controller stops in mid-table, and comes back", async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    await killController(plan);
    await underway(project(), MIDDLE + 60);
    const askedMs = Date.now();
    const launching = project().sluice('launch', 'array', SLOW, '--tasks', '1');
    await until('launch has asked, and waits', () => callsOf(plan, 'sbatch', askedMs).length > 0, 120_000);
    await startController(plan);
    expect(await launching).toMatchObject({ tasks: 1 });
    await expectComplete(project(), POINTS);
  });

  test('where Redis is killed: it comes back at the same place', async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    sendSignal(processOf(/redis-server/), 'SIGKILL');
    await expectComplete(project(), POINTS);
  });

  test('where `up` is killed and started again: its consumers find the new broker by themselves', async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    const before = readFileSync(join(project().data, 'broker.json'), 'utf8');
    sendSignal(processOf(/sluice\.mjs up/), 'SIGKILL');
    await until('the broker is gone', () => processesIn(project().folder).every(({ command }) => !/redis-server/.test(command)), 120_000);
    await project().sluice('up', '--host', 'auto', '--detach');
    expect(readFileSync(join(project().data, 'broker.json'), 'utf8')).not.toBe(before);
    await expectComplete(project(), POINTS);
    expect(consumersOf(project().data, SLOW)).toHaveLength(NODES.length);
  });

  test('where the sink is killed', async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    sendSignal(processOf(/sluice\.mjs sink|sink --supervised/), 'SIGKILL');
    await expectComplete(project(), POINTS);
  });
});
