import { MEMORY_PER_CPU, type JobRequest, type LaunchOptions } from './launch-options.ts';
import { directiveWord, fileNamePattern } from './quote.ts';

/** Options of sbatch by their long names; `true` for one without a value, undefined for one that is not given. */
export type Flags = Readonly<Record<string, string | number | true | undefined>>;

/** The #SBATCH lines of flags, sorted by name, then those that were given to --sbatch. */
export function directives(flags: Flags, given: readonly string[]): string[] {
  const own = Object.entries(flags).filter(([, value]) => value !== undefined);
  const lines = own.sort(([a], [b]) => (a < b ? -1 : 1)).map(([flag, value]) => `--${flag}${value === true ? '' : `=${directiveWord(String(value))}`}`);
  return [...lines, ...given.map(givenFlag)].map((line) => `#SBATCH ${line}`);
}

/** What a launch of consumers asks for. */
export function launchFlags(options: LaunchOptions): Flags {
  const { tasks, cpus, places } = options;
  return {
    ...requestFlags(options),
    array: tasks === 1 ? '1' : `1-${tasks}`,
    exclusive: cpus === undefined ? true : undefined,
    output: logPattern(places?.logs, '%x-%A_%a.log'),
  };
}

/** What every job of ours asks for: one task that SLURM may start again, and warns before its end. */
export function requestFlags({ name, cpus, mem, time, partition, account, constraint, noticeSeconds }: JobRequest): Flags {
  return {
    account,
    constraint,
    'cpus-per-task': cpus,
    'job-name': name,
    mem: mem ?? (cpus === undefined ? '0' : undefined),
    'mem-per-cpu': mem === undefined && cpus !== undefined ? MEMORY_PER_CPU : undefined,
    nodes: 1,
    ntasks: 1,
    'open-mode': 'append',
    partition,
    requeue: true,
    signal: `B:USR1@${noticeSeconds}`,
    time,
  };
}

/** The log `file` (with sbatch's own patterns) in the folder `logs`; in the folder of submission where that is undefined. */
export function logPattern(logs: string | undefined, file: string): string {
  return `${logs === undefined ? '' : `${fileNamePattern(logs)}/`}${file}`;
}

/** An argument of --sbatch as it stands in a line: `--name`, `--name=value` or `-x...`. */
function givenFlag(given: string): string {
  const at = given.indexOf('=');
  return at < 0 ? directiveWord(given) : `${given.slice(0, at)}=${directiveWord(given.slice(at + 1))}`;
}
