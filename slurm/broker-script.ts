import { ALLOCATION_END, LEFT_AS_ASKED, requireFile, runInBackground, TRAPS, WAS_WARNED } from './batch-shell.ts';
import { directives, logPattern, requestFlags } from './directives.ts';
import type { Checkout, JobRequest } from './launch-options.ts';
import { shellWord } from './quote.ts';

/** CPUs of a broker's job: Redis, the sink, and those who watch over both. */
export const BROKER_CPUS = 2;

/** Memory of a broker's job: 256 MiB of rows and 100,000 jobs in Redis, once more while it rewrites its file, and two Nodes. */
export const BROKER_MEMORY = '2G';

/** Walltime of a broker's job: each end costs its consumers the two minutes in which SLURM holds a requeued job back. */
export const BROKER_TIME = '1-00:00:00';

const ENTRY = 'cli/sluice.mjs';

/** What the job of `sluice up --as-job` asks for. */
export interface BrokerJobOptions extends JobRequest {
  readonly places: Checkout;
  /** The connection file of its data folder. */
  readonly connection: string;
  /** The options of `sluice up` in the job, as words. */
  readonly up: readonly string[];
}

/**
 * The batch script of a broker: one job of its name at a time, which keeps a broker up on whatever node it is given, and
 * goes back into SLURM's queue when its walltime ends, and when its process was killed. It holds no secret.
 */
export function brokerScript(options: BrokerJobOptions): string {
  const { places, setup, connection, up } = options;
  const flags = { ...requestFlags(options), dependency: 'singleton', output: logPattern(places.logs, '%x-%j.log') };
  return [
    '#!/bin/bash',
    '# Written by `sluice up --as-job`.',
    ...directives(flags, options.sbatch),
    '',
    ...(setup === undefined ? [] : [setup, '']),
    'set -u',
    `checkout=${shellWord(places.checkout)}`,
    `node=${shellWord(places.node)}`,
    `connection=${shellWord(connection)}`,
    '',
    requireFile(ENTRY),
    '',
    TRAPS,
    '',
    ALLOCATION_END,
    '',
    runInBackground(ENTRY, ['up', '--in-job', ...up]),
    REQUEUE,
    'exit "$code"',
    '',
  ].join('\n');
}

const REQUEUE = `# A successor goes on after the end of the walltime, and after a kill that nobody asked for; not after 'sluice down', which
# takes the connection file away first, nor after an error of its own.
is_over() { [[ -n \${SLURM_JOB_END_TIME:-} && $(date +%s) -ge $((SLURM_JOB_END_TIME - 5)) ]]; }
if [[ -e $connection ]] && { [[ ${WAS_WARNED} && ${LEFT_AS_ASKED} || -z $came && $code -gt 128 ]] || is_over; }; then
  # It ends this shell too, soon after it was heard; a controller that is away is asked again.
  for _ in {1..60}; do scontrol requeue "$SLURM_JOB_ID" && sleep 60; sleep 5; done
fi`;
