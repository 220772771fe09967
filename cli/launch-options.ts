import { z } from 'zod';
import { mistake } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import { elasticJobName, jobNameFor } from '../slurm/job-name.ts';
import {
  DEFAULT_NODES, DEFAULT_TASKS, DEFAULT_TIME, IDLE_EXIT_SECONDS, JITTER_SECONDS, WAYS,
  type LaunchOptions, type Places, type Way,
} from '../slurm/launch-options.ts';
import { tableNameSchema } from '../wire/names.ts';
import { numberOption, type Invocation } from './command.ts';
import { count, MOST_TASKS, requestOf } from './job-request.ts';

const atLeastNone = z.number().int('expected a whole number').min(0, 'at least 0').max(MOST_TASKS, `at most ${MOST_TASKS}`);
const secondsOf = z.number().min(0, 'at least 0');

/** The way that was typed first; a mistake, which names them, where there is none. */
export function wayOf([word, ...tables]: readonly string[]): { readonly way: Way; readonly tables: readonly string[] } {
  const way = WAYS.find((known) => known === word);
  if (way === undefined) throw mistake('bad-way', `${word === undefined ? 'launch needs a way' : `"${word}" is no way`} to get cores for consumers; there are ${WAYS.join(', ')}: see \`sluice launch --help\``);
  return { way, tables: tables.map(tableOf) };
}

/** Bounds of the nodes of an elastic launch. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** What an elastic launch was asked for: `launch cluster` without --nodes; undefined for any other. */
export function boundsOf(invocation: Invocation): Bounds | undefined {
  const [min, max] = [numberOption(invocation, 'min', '--min', atLeastNone), numberOption(invocation, 'max', '--max', count)];
  const { way } = wayOf(invocation.arguments);
  if (way !== 'cluster' || invocation.options['nodes'] !== undefined) {
    if (min === undefined && max === undefined) return undefined;
    throw mistake('bad-option', '--min and --max are bounds of `launch cluster` without --nodes, which asks for nodes as the work needs them');
  }
  const bounds = { min: min ?? 0, max: max ?? Math.max(DEFAULT_NODES, min ?? 0) };
  if (bounds.min > bounds.max) throw mistake('bad-option', `--min ${bounds.min} is more than --max ${bounds.max}`);
  return bounds;
}

/** What `sluice launch` was asked for, seen to be what sbatch can take, for the broker whose database is in `data`. */
export function launchOptionsOf(invocation: Invocation, settings: Settings, data: string, places: Places): LaunchOptions {
  const { way, tables: named } = wayOf(invocation.arguments);
  const bounds = boundsOf(invocation);
  const elastic = bounds === undefined ? undefined : oneTable(named, settings);
  const tables = elastic === undefined ? named : [elastic];
  const name = elastic === undefined ? jobNameFor(tables, data) : elasticJobName(elastic, data);
  return {
    ...requestOf(invocation, settings, { name, time: DEFAULT_TIME, cpus: way === 'array' ? 1 : undefined, mem: undefined }),
    way,
    tables,
    tasks: tasksOf(way, invocation, bounds),
    idleExitSeconds: numberOption(invocation, 'idleExit', '--idle-exit', secondsOf) ?? IDLE_EXIT_SECONDS,
    jitterSeconds: JITTER_SECONDS,
    graceSeconds: settings.grace,
    insecurePlain: settings.insecurePlain,
    places,
  };
}

/** Array tasks of the job: consumers of an array, whole nodes otherwise, of an elastic launch the most of them. */
function tasksOf(way: Way, invocation: Invocation, bounds: Bounds | undefined): number {
  const own = way === 'array' ? 'tasks' : 'nodes';
  const other = way === 'array' ? 'nodes' : 'tasks';
  if (invocation.options[other] !== undefined) {
    throw mistake('bad-option', `launch ${way} takes --${own}, not --${other}: ${way === 'array' ? 'its consumers go where CPUs are free' : 'it has one consumer a node'}`);
  }
  return bounds?.max ?? numberOption(invocation, own, `--${own}`, count) ?? { array: DEFAULT_TASKS, large: 1, cluster: DEFAULT_NODES }[way];
}

/** The table of an elastic launch: the one that is named, else that of the settings, as for `status`. */
function oneTable(named: readonly string[], settings: Settings): string {
  if (named.length <= 1) return named[0] ?? settings.table;
  throw mistake('bad-option', `launch cluster looks after one table until it is complete, and ${named.length} were named; name one, or ask for a fixed number of nodes with --nodes`);
}

function tableOf(name: string): string {
  const parsed = tableNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw mistake('bad-table', `"${name}" is no name of a table: ${parsed.error.issues[0]?.message ?? 'expected an identifier'}`);
}
