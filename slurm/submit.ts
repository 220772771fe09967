import { SluiceError } from '../runtime/errors.ts';
import { pause } from '../runtime/wait.ts';
import { askSlurm } from './command.ts';
import type { LaunchOptions } from './launch-options.ts';
import { batchScript } from './script.ts';
import { isSettling } from './settling.ts';

/** Time for one call of sbatch: busy controllers take tens of seconds, and a call that is killed may have submitted. */
const TIMEOUT_MS = 90_000;

/** Time that a controller gets to come back while a person waits. */
const PATIENCE_MS = 120_000;

/** Pause before a controller whose nodes are registering is asked again. */
const SETTLING_MS = 1_000;

/** The script of a launch, to be submitted. */
export function launchedScript(options: LaunchOptions): string {
  return batchScript(options, [`Written by \`sluice launch ${options.way}\`.`]);
}

/**
 * Asks SLURM whether it would take the job, submitting nothing; throws its refusal in one line. That no node would do is
 * believed of a controller only once its nodes have registered.
 */
export async function testSubmission(script: string): Promise<void> {
  const untilMs = Date.now() + PATIENCE_MS;
  // Nodes may have registered between a refusal and the question: a refusal counts where that was answered before it.
  let haveRegistered = false;
  for (;;) {
    try {
      await askSlurm('sbatch', ['--test-only'], { timeoutMs: TIMEOUT_MS, patienceMs: PATIENCE_MS, input: script });
      return;
    } catch (error) {
      const lacksNodes = error instanceof SluiceError && error.code === 'slurm-resources';
      if (!lacksNodes || haveRegistered || Date.now() > untilMs) throw error;
    }
    haveRegistered = !(await isSettling());
    if (!haveRegistered) await pause(SETTLING_MS);
  }
}

/**
 * Submits the job of `script` with one call of sbatch, and returns its id. A controller that does not answer is
 * waited for up to `patienceMs` where the call cannot have reached it; else the error is `slurm-unreachable`, and the job
 * may be there: it is found by its name.
 */
export async function submit(script: string, { patienceMs = PATIENCE_MS, signal }: { patienceMs?: number; signal?: AbortSignal } = {}): Promise<string> {
  const { stdout } = await askSlurm('sbatch', ['--parsable'], { timeoutMs: TIMEOUT_MS, patienceMs, input: script, ...(signal === undefined ? {} : { signal }) });
  // With several clusters it is "123;cluster".
  const job = /^(\d+)(;|$)/m.exec(stdout)?.[1];
  if (job === undefined) throw new SluiceError('slurm-refuses', `sbatch was expected to print a job's number, and printed "${stdout.trim()}"; see \`squeue --me\``);
  return job;
}
