import { spawn } from 'node:child_process';

/** How a command of SLURM ended. */
export interface SlurmAnswer {
  /** Exit code; null where it was killed, by us after the time-out or by another. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of SLURM, without a shell; rejects where there is no such program on PATH. */
export async function runSlurm(program: string, parameters: readonly string[], options: { timeoutMs: number }): Promise<SlurmAnswer> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'], timeout: options.timeoutMs, killSignal: 'SIGKILL' });
    const printed = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...printed }));
  });
}
