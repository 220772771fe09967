import { userInfo } from 'node:os';
import { SluiceError } from '../runtime/errors.ts';
import { askSlurm } from './command.ts';

/** Time for one call of scancel, which asks the controller for the user's jobs first. */
const TIMEOUT_MS = 60_000;

/** Time that a controller gets to come back while a person waits. */
const PATIENCE_MS = 20_000;

/**
 * Has SLURM end every job of this user that is called `name`: pending ones go, running ones get TERM, and their consumers
 * hand back what they have. Returns false where this machine has no SLURM; throws a SluiceError where SLURM did not hear it.
 */
export async function cancelLaunched(name: string): Promise<boolean> {
  try {
    await askSlurm('scancel', [`--user=${userInfo().username}`, `--name=${name}`], { timeoutMs: TIMEOUT_MS, patienceMs: PATIENCE_MS });
    return true;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'no-slurm') return false;
    throw error;
  }
}
