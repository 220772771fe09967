import type { TaskFact } from '../monitor/task-fact.ts';
import { servesTable } from '../slurm/job-name.ts';
import { readSlurmQueue } from '../slurm/queue.ts';

/** The tasks that serve a table in SLURM's queue, by its last answer, and why there is no newer one. */
export interface SlurmTasks {
  /** Null where there is no SLURM here, or where it has never answered. */
  readonly tasks: readonly TaskFact[] | null;
  readonly trouble: string | undefined;
}

/** What SLURM knows of the consumers of `table` of the database in `data`; costs a call of squeue at most every 30 s. */
export async function readSlurmTasks(table: string, data: string): Promise<SlurmTasks> {
  const known = await readSlurmQueue();
  const tasks = known?.answer?.tasks.filter(({ name }) => servesTable(name, table, data)) ?? null;
  return { tasks, trouble: known?.error };
}
