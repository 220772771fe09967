import { slurm } from './places.ts';
import type { Plan } from './plan.ts';
import { untilTold } from './until-told.ts';

/** Longest wait for a job's end: a walltime of two minutes, and as long again. */
const JOB_MS = 240_000;

/** Resolves once no task of the job is in SLURM's queue. */
export async function jobEnded(plan: Plan, job: string): Promise<void> {
  await untilTold(`job ${job} has ended`, async () => (await slurm(plan, 'squeue', '--noheader', `--jobs=${job}`)).trim() === '', JOB_MS);
}

/** Resolves once SLURM says so of the node, as `sinfo` names states. */
export async function nodeIs(plan: Plan, node: string, state: RegExp): Promise<void> {
  await untilTold(`SLURM says ${state} of ${node}`, async () => state.test(await slurm(plan, 'sinfo', '--noheader', '--partition=batch', `--nodes=${node}`, '--format=%T')));
}
