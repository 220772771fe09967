import { queuedStatus, storedStatus, type StoredStatus } from '../monitor/status.ts';
import { secondsPerPoint } from '../monitor/watch.ts';
import { SluiceError } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import type { SeenWork } from '../slurm/controller.ts';
import { glanceAtBroker } from './glance.ts';
import { openPlannedPoints } from '../monitor/planned-points.ts';
import { readStored } from './read-stored.ts';

/**
 * How the work of `table` stands whenever it is asked, undefined while no broker answers; before consumers tell, a node has
 * `cpus`, and points were never measured. Where the database cannot be read, its counts stay what they were.
 */
export function openTableWork(settings: Settings, table: string, cpus: number): () => Promise<SeenWork | undefined> {
  const readTable = openStoredStatus(settings.data, table);
  let measured: number | null = null;
  let cpusPerNode = cpus;
  let wasPlanned = false;
  return async () => {
    const { seen } = await glanceAtBroker(settings, async (broker) => await queuedStatus(broker, table));
    if (seen === undefined) return undefined;
    const { points, stored, failed, trouble } = readTable();
    measured = secondsPerPoint(seen) ?? measured;
    cpusPerNode = mean(seen.consumers.filter(({ alive, job }) => alive && job !== null).map(({ slots }) => slots)) ?? cpusPerNode;
    const missing = seen.waiting + seen.active;
    // An entry on its way settles a point.
    const unsettled = Math.max(missing, points - stored - failed - seen.streamEntries);
    const isSettled = points > 0 ? stored + failed >= points : wasPlanned;
    wasPlanned ||= points > 0;
    const jobs = new Set(seen.consumers.flatMap(({ job }) => job?.split('_')[0] ?? []));
    return { missing, unsettled, isOver: isSettled && missing === 0, secondsPerPoint: measured, cpusPerNode, jobs, trouble };
  };
}

/** The counts of the table at each call, and why they are older ones, where they are. */
function openStoredStatus(data: string, table: string): () => StoredStatus & { readonly trouble?: string } {
  const planned = openPlannedPoints();
  let last = storedStatus(undefined, table, 0);
  return () => {
    try {
      return (last = readStored(data, (store) => storedStatus(store, table, planned(store, table))));
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      return { ...last, trouble: error.message };
    }
  };
}

/** Undefined of none. */
function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
