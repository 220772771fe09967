import { queuedStatus, storedStatus } from '../monitor/status.ts';
import { secondsPerPoint } from '../monitor/watch.ts';
import { listenForStop } from '../runtime/signals.ts';
import type { Settings } from '../runtime/settings.ts';
import { control, type SeenWork } from '../slurm/controller.ts';
import type { LaunchOptions } from '../slurm/launch-options.ts';
import { readNodeCpus } from '../slurm/node-cpus.ts';
import { lockForLaunching } from '../store/lock.ts';
import type { Invocation } from './command.ts';
import { glanceAtBroker } from './glance.ts';
import type { Bounds } from './launch-options.ts';
import { openPlannedPoints } from './planned-points.ts';
import { readStored } from './read-stored.ts';

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
  output.line(`${table}: between ${min} and ${max} nodes for ${launch.time} each, as ${launch.name}, until it is complete; Ctrl-C leaves the nodes as they are`);
  const look = workOf({ ...settings, data }, table, launch.cpus ?? (await readNodeCpus(launch.partition)) ?? 1);
  const { isOver, submissions } = await control({ launch, min, max, look, say: (line) => output.line(line), stop: stop.signal });
  lock.release();
  const end = isOver ? 'nothing is left to compute, and nothing pending' : `its jobs go on; launch again to take them over, or \`npx sluice cancel ${table}\` ends them`;
  output.result({ table, name: launch.name, isOver, submissions }, [`${table}: ${end}`]);
  stop.settle();
}

/** How the work of `table` stands whenever it is asked; before consumers tell, a node has `cpus`, and points were never measured. */
function workOf(settings: Settings, table: string, cpus: number): () => Promise<SeenWork | undefined> {
  const planned = openPlannedPoints();
  let measured: number | null = null;
  let cpusPerNode = cpus;
  let wasPlanned = false;
  return async () => {
    const { seen } = await glanceAtBroker(settings, async (broker) => await queuedStatus(broker, table));
    if (seen === undefined) return undefined;
    const { points, stored, failed } = readStored(settings.data, (store) => storedStatus(store, table, planned(store, table)));
    measured = secondsPerPoint(seen) ?? measured;
    cpusPerNode = mean(seen.consumers.filter(({ alive, job }) => alive && job !== null).map(({ slots }) => slots)) ?? cpusPerNode;
    const missing = seen.waiting + seen.active;
    // An entry on its way settles a point.
    const unsettled = Math.max(missing, points - stored - failed - seen.streamEntries);
    const isSettled = points > 0 ? stored + failed >= points : wasPlanned;
    wasPlanned ||= points > 0;
    const jobs = new Set(seen.consumers.flatMap(({ job }) => job?.split('_')[0] ?? []));
    return { missing, unsettled, isOver: isSettled && missing === 0, secondsPerPoint: measured, cpusPerNode, jobs };
  };
}

/** Undefined of none. */
function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
