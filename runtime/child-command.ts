import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Part } from './supervise.ts';
import { settledWithin } from './wait.ts';

/** Time a child command gets to end by itself before it is killed. */
const STOP_TIMEOUT_MS = 15_000;

const ENTRY = join(import.meta.dirname, '..', 'cli', 'sluice.mjs');

/**
 * Runs `sluice ARGUMENTS` as a child that logs to our standard error. A terminal's Ctrl-C does not reach it; the end of
 * its standard input tells it that we are gone, however we went.
 */
export function startCommand(commandArguments: readonly string[], environment: NodeJS.ProcessEnv): Part {
  const child = spawn(process.execPath, [ENTRY, ...commandArguments], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: environment,
    detached: true,
  });
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  return {
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      if (!(await settledWithin(ended, STOP_TIMEOUT_MS))) child.kill('SIGKILL');
      await ended;
    },
  };
}
