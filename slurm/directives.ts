import { MEMORY_PER_CPU, type LaunchOptions } from './launch-options.ts';
import { directiveWord, fileNamePattern } from './quote.ts';

/** The #SBATCH lines of a launch: flags sorted by name, then those that were given to --sbatch. */
export function directives(options: LaunchOptions): string[] {
  const flags = Object.entries(flagsOf(options)).filter(([, value]) => value !== undefined);
  const own = flags.sort(([a], [b]) => (a < b ? -1 : 1)).map(([flag, value]) => `--${flag}${value === true ? '' : `=${directiveWord(String(value))}`}`);
  return [...own, ...options.sbatch.map(givenFlag)].map((line) => `#SBATCH ${line}`);
}

/** Options of sbatch by their long names; `true` for one without a value. */
function flagsOf(options: LaunchOptions): Readonly<Record<string, string | number | true | undefined>> {
  const { cpus, places } = options;
  return {
    account: options.account,
    array: options.tasks === 1 ? '1' : `1-${options.tasks}`,
    constraint: options.constraint,
    'cpus-per-task': cpus,
    exclusive: cpus === undefined ? true : undefined,
    'job-name': options.name,
    mem: options.mem ?? (cpus === undefined ? '0' : undefined),
    'mem-per-cpu': options.mem === undefined && cpus !== undefined ? MEMORY_PER_CPU : undefined,
    nodes: 1,
    ntasks: 1,
    'open-mode': 'append',
    output: `${places === undefined ? '' : `${fileNamePattern(places.logs)}/`}%x-%A_%a.log`,
    partition: options.partition,
    requeue: true,
    signal: `B:USR1@${options.noticeSeconds}`,
    time: options.time,
  };
}

/** An argument of --sbatch as it stands in a line: `--name`, `--name=value` or `-x...`. */
function givenFlag(given: string): string {
  const at = given.indexOf('=');
  return at < 0 ? directiveWord(given) : `${given.slice(0, at)}=${directiveWord(given.slice(at + 1))}`;
}
