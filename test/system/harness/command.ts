import { spawn } from 'node:child_process';
import { sendSignal } from './processes.ts';

/** How a command ended, and all that it printed. */
export interface End {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that was started as a child process. */
export interface Command {
  readonly pid: number;
  /** What it printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has ended and its output is read; never rejects. */
  readonly ended: Promise<End>;
  /** Whether it has ended. */
  readonly gone: boolean;
  /** Sends a signal and resolves when the command has ended. */
  end(signal: NodeJS.Signals): Promise<End>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts `file` with `parameters` in `folder`; its standard input is empty. */
export function startCommand(file: string, parameters: readonly string[], folder: string, environment: NodeJS.ProcessEnv): Command {
  const child = spawn(file, parameters, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  let gone = false;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  child.once('exit', () => (gone = true));
  const ended = new Promise<End>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stdout: '', stderr: error.message }));
    child.once('close', (code, signal) => resolve({ code, signal, ...printed }));
  });
  // A command that could not be started has no number; it is gone, and no signal is sent.
  const pid = child.pid ?? 0;
  const signalIt = (signal: NodeJS.Signals): void => (gone || pid === 0 ? undefined : sendSignal(pid, signal));
  return {
    pid,
    get stdout() {
      return printed.stdout;
    },
    get stderr() {
      return printed.stderr;
    },
    ended,
    get gone() {
      return gone;
    },
    end: async (signal) => {
      signalIt(signal);
      return await ended;
    },
    signal: signalIt,
  };
}
