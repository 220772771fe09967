import type { TaskFact } from '../monitor/task-fact.ts';
import { brokerJobName, servesTable } from '../slurm/job-name.ts';
import { readSlurmQueue } from '../slurm/queue.ts';

/** The tasks that serve a table in SLURM's queue, by its last answer, and why there is no newer one. */
export interface SlurmTasks {
  /** Null where there is no SLURM here, or where it has never answered. */
  readonly tasks: readonly TaskFact[] | null;
  /** The job that keeps the broker; null where none is known. */
  readonly broker: TaskFact | null;
  readonly trouble: string | undefined;
}

/** What SLURM knows of the consumers of `table` of the database in `data`, and of its broker's job; costs a call of squeue at most every 30 s. */
export async function readSlurmTasks(table: string, data: string): Promise<SlurmTasks> {
  const known = await readSlurmQueue();
  const all = known?.answer?.tasks;
  const tasks = all?.filter(({ name }) => servesTable(name, table, data)) ?? null;
  const broker = all?.find(({ name }) => name === brokerJobName(data)) ?? null;
  return { tasks, broker, trouble: known?.error };
}
