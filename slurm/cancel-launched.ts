import { userInfo } from 'node:os';
import { SluiceError } from '../runtime/errors.ts';
import { askSlurm } from './command.ts';

/** Time for one call of scancel, which asks the controller for the user's jobs first. */
const TIMEOUT_MS = 60_000;

/** Time that a controller gets to come back while a person waits. */
const PATIENCE_MS = 20_000;

/** Most tasks in one call of scancel: far below what a command line may be long. */
const TASKS_PER_CALL = 1_000;

/**
 * Has SLURM end every job of this user that is called `name`: pending ones go, running ones get TERM, and their consumers
 * hand back what they have. Returns false where this machine has no SLURM; throws a SluiceError where SLURM did not hear it.
 */
export async function cancelLaunched(name: string): Promise<boolean> {
  try {
    await scancel(named(name));
    return true;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'no-slurm') return false;
    throw error;
  }
}

/** As cancelLaunched, but only what waits for a node; throws also where there is no SLURM, and at once where `signal` aborts. */
export async function cancelWaiting(name: string, signal: AbortSignal): Promise<void> {
  await scancel(['--state=PENDING', ...named(name)], signal);
}

/**
 * Has SLURM end those of `tasks` (`123_4`) that still wait for a node, the first TASKS_PER_CALL of them; one that has
 * started meanwhile goes on.
 */
export async function cancelTasks(tasks: readonly string[]): Promise<void> {
  await scancel(['--state=PENDING', ...tasks.slice(0, TASKS_PER_CALL)]);
}

function named(name: string): string[] {
  return [`--user=${userInfo().username}`, `--name=${name}`];
}

async function scancel(parameters: readonly string[], signal?: AbortSignal): Promise<void> {
  await askSlurm('scancel', parameters, { timeoutMs: TIMEOUT_MS, patienceMs: PATIENCE_MS, ...(signal === undefined ? {} : { signal }) });
}
