import { openProject } from '../../test/slurm/harness/project.ts';
import { until } from '../../test/system/harness/until.ts';
import { openWorkspace } from '../../test/system/harness/workspace.ts';
import type { Plan } from '../../test/slurm/harness/plan.ts';
import { inFolder, tryRun, type RunTrial } from '../run/trial.ts';
import { CONSUMERS, tryServed, type ServedTrial } from './served.ts';

/** A name for each project: its folder stays until the cluster goes. */
const numbers = (function* count() {
  for (let number = 1; ; number += 1) yield number;
})();

/** One process on this machine, with as many threads as the others have consumers. */
export async function tryLocal(blocks: number): Promise<RunTrial> {
  return await inFolder((directory) => tryRun(blocks, directory, CONSUMERS));
}

/** `up`, `enqueue` and three `consume` on this machine: what dividing the work among processes costs. */
export async function tryServices(blocks: number): Promise<ServedTrial> {
  await using workspace = openWorkspace('bench-services');
  const up = workspace.sluice('up', '--json');
  await until('up is up', () => up.stdout.endsWith('}\n'));
  return await tryServed(blocks, {
    folder: workspace.folder,
    data: workspace.data,
    sluice: async (...parameters) => await workspace.json(parameters),
    start: async () => Array.from({ length: CONSUMERS }, () => workspace.sluice('consume', '--threads', '1')),
    hosts: 1,
  });
}

/** The same by `launch cluster` on three whole nodes of the cluster: through SLURM, their network and TLS. */
export async function tryNodes(blocks: number, plan: Plan): Promise<ServedTrial> {
  await using project = await openProject(plan, `bench-${numbers.next().value}`);
  const launch = ['launch', 'cluster', '--nodes', String(CONSUMERS), '--setup', 'export SLUICE_THREADS=1'];
  return await tryServed(blocks, { ...project, start: async () => await project.sluice(...launch), hosts: CONSUMERS });
}
