import { listenForStop } from '../runtime/signals.ts';
import type { Settings } from '../runtime/settings.ts';
import { control } from '../slurm/controller.ts';
import type { LaunchOptions } from '../slurm/launch-options.ts';
import { readNodeCpus } from '../slurm/node-cpus.ts';
import { walltimeText } from '../slurm/walltime.ts';
import { lockForLaunching } from '../store/lock.ts';
import type { Invocation } from './command.ts';
import type { Bounds } from './launch-options.ts';
import { openTableWork } from './table-work.ts';

/** What an elastic launch is about. */
interface Elastic extends Bounds {
  readonly launch: LaunchOptions;
  readonly table: string;
  /** The broker's data folder. */
  readonly data: string;
}

/** `sluice launch cluster` without --nodes: submits and lets go of nodes until the table is complete, or until a signal. */
export async function launchCluster({ output }: Invocation, settings: Settings, { launch, table, data, min, max }: Elastic): Promise<void> {
  using held = new DisposableStack();
  const lock = held.adopt(lockForLaunching(data, table), (one) => one.release());
  using stop = listenForStop();
  output.line(`${table}: between ${min} and ${max} nodes for ${walltimeText(launch.time)} each, as ${launch.name}, until it is complete; Ctrl-C leaves the nodes as they are`);
  const look = openTableWork({ ...settings, data }, table, launch.cpus ?? (await readNodeCpus(launch.partition)) ?? 1);
  const { isOver, submissions } = await control({ launch, min, max, look, say: (line) => output.line(line), stop: stop.signal });
  lock.release();
  const end = isOver ? 'nothing is left to compute, and nothing pending' : `its jobs go on; launch again to take them over, or \`npx sluice cancel ${table}\` ends them`;
  output.result({ table, name: launch.name, isOver, submissions }, [`${table}: ${end}`]);
  stop.settle();
}
