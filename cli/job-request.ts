import { z } from 'zod';
import { mistake } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import { noticeFor, type JobRequest } from '../slurm/launch-options.ts';
import { walltimeSeconds } from '../slurm/walltime.ts';
import { numberOption, type Invocation } from './command.ts';

/** Array tasks of one job, and CPUs of a task: SLURM's own default limit of tasks (MaxArraySize) is 1,001. */
export const MOST_TASKS = 100_000;

/** A number of tasks, nodes or CPUs. */
export const count = z.number().int('expected a whole number').min(1, 'at least 1').max(MOST_TASKS, `at most ${MOST_TASKS}`);

/** What is asked of SLURM, seen to be what sbatch can take; `unless` holds what is asked where nothing was typed. */
export function requestOf(invocation: Invocation, { partition, account }: Settings, unless: Pick<JobRequest, 'name' | 'time' | 'cpus' | 'mem'>): JobRequest {
  const text = (name: string, flag: string): string | undefined => lineOption(invocation, name, flag);
  const time = text('time', '--time') ?? unless.time;
  const walltime = walltimeSeconds(time);
  if (walltime === undefined) throw mistake('bad-option', `--time "${time}": expected minutes, hours:minutes:seconds, days-hours or unlimited, as in 30, 02:00:00 or 1-12`);
  const mem = text('mem', '--mem') ?? unless.mem;
  if (mem !== undefined && !/^\d+[KMGT]?$/i.test(mem)) throw mistake('bad-option', `--mem "${mem}": expected a size such as 4G, or 0 for all of a node's`);
  return {
    name: unless.name,
    cpus: numberOption(invocation, 'cpus', '--cpus', count) ?? unless.cpus,
    mem,
    time,
    partition,
    account,
    constraint: text('constraint', '--constraint'),
    setup: invocation.options['setup'] as string | undefined,
    sbatch: ((invocation.options['sbatch'] as string[] | undefined) ?? []).map(sbatchOption),
    noticeSeconds: noticeFor(walltime),
  };
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
  if (/^(-J|--job-name\b)/.test(given)) throw mistake('bad-option', `--sbatch ${given}: Sluice finds its jobs by their names, which are its own`);
  if (/^--?[A-Za-z][A-Za-z-]*(=[^\n\r\0]*)?$|^-[A-Za-z][^\s\0]*$/.test(given)) return given;
  throw mistake('bad-option', `--sbatch "${given}": expected an option of sbatch in one word, as in --sbatch=--qos=high`);
}
