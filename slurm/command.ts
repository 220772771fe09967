import { spawn } from 'node:child_process';
import { SluiceError } from '../runtime/errors.ts';
import { pause } from '../runtime/wait.ts';
import { refusalOf, wasNotHeard } from './refusals.ts';
import { slurmEnvironment } from './slurm-environment.ts';

/** How a command of SLURM ended. */
export interface SlurmAnswer {
  /** Exit code; null where it was killed, by us after the time-out or by another. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command of SLURM is run. */
export interface SlurmCall {
  /** Time after which it is killed; SLURM's own patience with its controller varies by site. */
  readonly timeoutMs: number;
  /** What it reads on standard input: for sbatch, the script. */
  readonly input?: string;
  /** Variables besides those of this process, as in { SLURM_TIME_FORMAT: '%s' }. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Pauses before a command is tried again: the first, and the longest; each is twice the one before. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Runs a command of SLURM, without a shell and without our secrets in its environment; rejects with the system's error
 * where there is no such program on PATH.
 */
export async function runSlurm(program: string, parameters: readonly string[], call: SlurmCall): Promise<SlurmAnswer> {
  return await new Promise((resolve, reject) => {
    const env = { ...slurmEnvironment(process.env, call.input), ...call.environment };
    const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', 'pipe'], timeout: call.timeoutMs, killSignal: 'SIGKILL', env });
    const printed = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...printed }));
    // A command that ends without reading it is none the worse for it.
    child.stdin.on('error', () => {});
    child.stdin.end(call.input ?? '');
  });
}

/**
 * The answer of a command of SLURM that succeeded. A controller that did not hear it is waited for up to `patienceMs`;
 * a command that it may have heard is not sent again. Throws SluiceErrors of one line: `no-slurm`, `slurm-unreachable`,
 * and those of refusals.ts.
 */
export async function askSlurm(program: string, parameters: readonly string[], call: SlurmCall & { patienceMs: number; signal?: AbortSignal }): Promise<SlurmAnswer> {
  const untilMs = Date.now() + call.patienceMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const answer = await runSlurm(program, parameters, call).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? noSlurm(program) : error;
    });
    if (answer.code === 0) return answer;
    const isLast = !wasNotHeard(answer) || Date.now() + pauseMs > untilMs || call.signal?.aborted === true;
    if (isLast) throw refusalOf(program, answer);
    await pause(pauseMs, call.signal);
  }
}

function noSlurm(program: string): SluiceError {
  return new SluiceError('no-slurm', `there is no ${program} on this machine; type this on a login host of the cluster, where SLURM's commands are on PATH`);
}
