import { z } from 'zod';
import { mistake } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import { jobNameFor } from '../slurm/job-name.ts';
import {
  DEFAULT_NODES, DEFAULT_TASKS, DEFAULT_TIME, IDLE_EXIT_SECONDS, JITTER_SECONDS, noticeFor, WAYS,
  type LaunchOptions, type Places, type Way,
} from '../slurm/launch-options.ts';
import { walltimeSeconds } from '../slurm/walltime.ts';
import { tableNameSchema } from '../wire/names.ts';
import { numberOption, type Invocation } from './command.ts';

/** Array tasks of one job: SLURM's own default limit (MaxArraySize) is 1,001. */
const MOST_TASKS = 100_000;

const count = z.number().int('expected a whole number').min(1, 'at least 1').max(MOST_TASKS, `at most ${MOST_TASKS}`);
const secondsOf = z.number().min(0, 'at least 0');

/** The way that was typed first; a mistake where it is none. */
export function wayOf([word, ...tables]: readonly string[]): { readonly way: Way; readonly tables: readonly string[] } {
  const way = WAYS.find((known) => known === word);
  if (way === undefined) throw mistake('bad-way', `"${word ?? ''}" is no way to launch consumers; there are ${WAYS.join(', ')}`);
  return { way, tables: tables.map(tableOf) };
}

/** What `sluice launch` was asked for, seen to be what sbatch can take, for the broker whose database is in `data`. */
export function launchOptionsOf(invocation: Invocation, settings: Settings, data: string, places: Places): LaunchOptions {
  const { way, tables } = wayOf(invocation.arguments);
  const text = (name: string, flag: string): string | undefined => lineOption(invocation, name, flag);
  const time = text('time', '--time') ?? DEFAULT_TIME;
  const walltime = walltimeSeconds(time);
  if (walltime === undefined) throw mistake('bad-option', `--time "${time}": expected minutes, hours:minutes:seconds or days-hours, as in 30, 02:00:00 or 1-12`);
  const mem = text('mem', '--mem');
  if (mem !== undefined && !/^\d+[KMGT]?$/i.test(mem)) throw mistake('bad-option', `--mem "${mem}": expected a size such as 4G, or 0 for all of a node's`);
  return {
    way,
    name: jobNameFor(tables, data),
    tables,
    tasks: tasksOf(way, invocation),
    cpus: numberOption(invocation, 'cpus', '--cpus', count) ?? (way === 'array' ? 1 : undefined),
    mem,
    time,
    partition: text('partition', '--partition'),
    account: text('account', '--account'),
    constraint: text('constraint', '--constraint'),
    setup: invocation.options['setup'] as string | undefined,
    sbatch: ((invocation.options['sbatch'] as string[] | undefined) ?? []).map(sbatchOption),
    idleExitSeconds: numberOption(invocation, 'idleExit', '--idle-exit', secondsOf) ?? IDLE_EXIT_SECONDS,
    jitterSeconds: JITTER_SECONDS,
    graceSeconds: settings.grace,
    noticeSeconds: noticeFor(walltime),
    insecurePlain: settings.insecurePlain,
    places,
  };
}

/** Array tasks of the job: consumers of an array, whole nodes otherwise. */
function tasksOf(way: Way, invocation: Invocation): number {
  const own = way === 'array' ? 'tasks' : 'nodes';
  const other = way === 'array' ? 'nodes' : 'tasks';
  if (invocation.options[other] !== undefined) {
    throw mistake('bad-option', `launch ${way} takes --${own}, not --${other}: ${way === 'array' ? 'its consumers go where CPUs are free' : 'it has one consumer a node'}`);
  }
  return numberOption(invocation, own, `--${own}`, count) ?? { array: DEFAULT_TASKS, large: 1, cluster: DEFAULT_NODES }[way];
}

function tableOf(name: string): string {
  const parsed = tableNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw mistake('bad-table', `"${name}" is no name of a table: ${parsed.error.issues[0]?.message ?? 'expected an identifier'}`);
}

/** An option whose value becomes part of one line of the script. */
function lineOption(invocation: Invocation, name: string, flag: string): string | undefined {
  const value = invocation.options[name];
  if (value === undefined) return undefined;
  const given = typeof value === 'string' ? value.trim() : '';
  if (given === '' || /[\n\r\0]/.test(given)) throw mistake('bad-option', `${flag}: expected a value of one line`);
  return given;
}

function sbatchOption(given: string): string {
  if (/^--?[A-Za-z][^\n\r\0]*$/.test(given)) return given;
  throw mistake('bad-option', `--sbatch "${given}": expected an option of sbatch in one word, as in --sbatch=--qos=high`);
}
