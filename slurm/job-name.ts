import { createHash } from 'node:crypto';
import { WAYS, type Way } from './launch-options.ts';

/** Hex digits of the data folder in a name: enough to tell a user's own folders apart. */
const FOLDER_DIGITS = 6;

/** The name of the SLURM job that keeps the broker of the database in `data` (absolute); no table's jobs are called so. */
export function brokerJobName(data: string): string {
  return `sluice.broker-${folderDigits(data)}`;
}

/**
 * The name of the SLURM jobs that were launched for `tables` of the database in `data` (absolute): how Sluice finds them
 * again. One name for all jobs that serve several tables, or all, which no table's jobs are called.
 */
export function jobNameFor(tables: readonly string[], data: string): string {
  return `${tables.length === 1 ? `sluice-${tables[0]}` : 'sluice.all'}-${folderDigits(data)}`;
}

/** The name of the jobs of an elastic launch for `table`: it counts and lets go of its own alone, not of those of another way. */
export function elasticJobName(table: string, data: string): string {
  return `sluice.elastic-${table}-${folderDigits(data)}`;
}

/** The names of all jobs that were launched for `table` alone. */
export function jobNamesOf(table: string, data: string): readonly string[] {
  return [jobNameFor([table], data), elasticJobName(table, data)];
}

function folderDigits(data: string): string {
  return createHash('sha256').update(data).digest('hex').slice(0, FOLDER_DIGITS);
}

/** Whether a job called `name` serves `table` of the database in `data`: launched for it, for several, or from slurm/*.sbatch. */
export function servesTable(name: string, table: string, data: string): boolean {
  return [...jobNamesOf(table, data), jobNameFor([], data), ...STANDING_NAMES].includes(name);
}

/** The name of the jobs of slurm/WAY.sbatch as it stands. */
export function standingName(way: Way): string {
  return `sluice-${way}`;
}

const STANDING_NAMES: readonly string[] = WAYS.map(standingName);

/** The folder of the logs of launched consumers, below the data folder. */
export function logFolderIn(data: string): string {
  return `${data}/logs`;
}

/**
 * The log of an array task, `task` as squeue prints it (`123_4`), of a job called `name`; undefined for one of slurm/*.sbatch,
 * whose log is in the folder where that was typed.
 */
export function logFileOf(data: string, name: string, task: string): string | undefined {
  if (STANDING_NAMES.includes(name)) return undefined;
  return `${logFolderIn(data)}/${name}-${task}.log`;
}

/** The log of the latest array task that was launched for `table`, for several tables or for all, among `files` of the folder of the logs. */
export function latestLogOf(table: string, data: string, files: readonly string[]): string | undefined {
  const names = [...jobNamesOf(table, data), jobNameFor([], data)];
  const logs = files.flatMap((file) => {
    const [, name = '', job, task] = /^(.*)-(\d+)_(\d+)\.log$/.exec(file) ?? [];
    return names.includes(name) ? [{ file, job: Number(job), task: Number(task) }] : [];
  });
  const latest = logs.sort((a, b) => a.job - b.job || a.task - b.task).at(-1);
  return latest === undefined ? undefined : `${logFolderIn(data)}/${latest.file}`;
}
