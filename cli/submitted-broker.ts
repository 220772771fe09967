import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file in the data folder that tells which SLURM job was submitted for its broker; it says nothing of whether that lives. */
const FILE = 'broker.job';

/** Notes that `job` was submitted to keep the broker of `data`. */
export function noteSubmitted(data: string, job: string): void {
  writeFileSync(join(data, FILE), job, { mode: 0o600 });
}

/** The job that was last submitted for the broker of `data`, and was not ended by `sluice down`. */
export function submittedBroker(data: string): string | undefined {
  try {
    return readFileSync(join(data, FILE), 'utf8');
  } catch {
    return undefined;
  }
}

/** Forgets it. */
export function forgetSubmitted(data: string): void {
  rmSync(join(data, FILE), { force: true });
}
