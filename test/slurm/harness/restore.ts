import { startController } from './cluster.ts';
import { bootNode, setLink } from './node.ts';
import { slurm, trySlurm } from './places.ts';
import { NODES, type Plan } from './plan.ts';
import { untilTold } from './until-told.ts';

/** Makes the cluster whole again after whatever a test did to it: controller, links, nodes, all idle. */
export async function restoreCluster(plan: Plan): Promise<void> {
  if ((await trySlurm(plan, 'scontrol', 'ping')).stdout.includes('DOWN')) await startController(plan);
  for (const node of NODES) await setLink(plan, node, 'up').catch(() => {});
  for (const node of NODES) await bootNode(plan, node);
  await trySlurm(plan, 'scancel', '--user=ada');
  await untilTold('all nodes are idle', async () => {
    const states = await slurm(plan, 'sinfo', '--noheader', '--Node', '--partition=batch', '--format=%t');
    return states.trim().split('\n').every((state) => state === 'idle');
  });
}
