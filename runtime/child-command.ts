import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Part } from './supervise.ts';
import { settledWithin } from './wait.ts';

/** Time a child command gets to end by itself before it is killed. */
const STOP_TIMEOUT_MS = 15_000;

/** The file that Node runs as `sluice`. */
const ENTRY = join(import.meta.dirname, '..', 'cli', 'sluice.mjs');

/**
 * Runs `sluice ARGUMENTS` as a child that logs to our standard error. A terminal's Ctrl-C does not reach it; the end of
 * its standard input tells it that we are gone, however we went. `onLine` is told what it prints.
 */
export function startCommand(commandArguments: readonly string[], environment: NodeJS.ProcessEnv, onLine?: (line: string) => void): Part {
  const child = spawn(process.execPath, [ENTRY, ...commandArguments], {
    stdio: ['pipe', onLine === undefined ? 'ignore' : 'pipe', 'inherit'],
    env: environment,
    detached: true,
  });
  if (onLine !== undefined && child.stdout !== null) createInterface(child.stdout).on('line', onLine);
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

/** A command that goes on when we have ended. */
export interface BackgroundCommand {
  /** Resolves with the first document that it prints, or with what it printed before it ended without one. */
  readonly document: Promise<string>;
  /** Resolves with its exit code once it has ended; null where a signal ended it, or where it could not be started. */
  readonly exitCode: Promise<number | null>;
  /** Lets go of it, so that we can end. */
  release(): void;
}

/**
 * Starts `sluice ARGUMENTS --json` in a session of its own, so that it outlives us and our terminal; it logs to the file
 * descriptor `log`.
 */
export function startInBackground(commandArguments: readonly string[], environment: NodeJS.ProcessEnv, log: number): BackgroundCommand {
  const child = spawn(process.execPath, [ENTRY, ...commandArguments, '--json'], { stdio: ['ignore', 'pipe', log], env: environment, detached: true });
  const { stdout } = child;
  const exitCode = new Promise<number | null>((done) => {
    child.once('error', () => done(null));
    child.once('close', (code) => done(code));
  });
  const document = new Promise<string>((done) => {
    let printed = '';
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (/^\}\n|^\{.*\}\n/m.test(printed)) done(printed);
    });
    child.once('error', () => done(printed));
    child.once('close', () => done(printed));
  });
  return {
    document,
    exitCode,
    release: () => {
      stdout?.destroy();
      child.unref();
    },
  };
}
