import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Facts } from '../monitor/facts.ts';
import type { SeenConsumer } from '../runtime/presence.ts';
import { latestLogOf, logFileOf, logFolderIn } from '../slurm/job-name.ts';
import { readNodeStates } from '../slurm/node-states.ts';
import { readSlurmTasks } from './slurm-tasks.ts';

/** What SLURM and its logs tell of a table of the database in `folder` whose consumers are seen. */
export async function slurmFacts(
  table: string,
  folder: string,
  consumers: readonly SeenConsumer[],
): Promise<Pick<Facts, 'tasks' | 'brokerTask' | 'slurmTrouble' | 'nodeStates' | 'logOf' | 'newestLog'>> {
  const data = resolve(folder);
  const { tasks, broker, trouble } = await readSlurmTasks(table, data);
  const lostHosts = new Set(consumers.flatMap(({ alive, job, host }) => (alive || job === null ? [] : [host])));
  return {
    tasks,
    brokerTask: broker,
    slurmTrouble: trouble ?? null,
    nodeStates: await readNodeStates([...lostHosts]),
    logOf: ({ name, id }) => logFileOf(data, name, id),
    newestLog: latestLogOf(table, data, filesIn(logFolderIn(data))),
  };
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
