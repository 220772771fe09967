import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { SetupError } from './setup-error.mjs';

const KILL_AFTER_MS = 5_000; // npm and make clear up within a second; a process that does not is killed
const KEPT_OUTPUT_CHARS = 200_000; // the end of a failed program's output is what explains it

/**
 * @typedef {object} Finished
 * @property {number | null} code exit code; null when a signal ended it
 * @property {string} output standard output only
 * @property {string} log standard output and standard error as they came, the last 200,000 characters
 */

/**
 * @typedef {object} Children
 * @property {(command: string, args: readonly string[], options?: RunOptions) => Promise<Finished>} run
 *   runs a program to its end, its output kept off the screen; rejects with SetupError 'stopped' after
 *   stop(), and with 'cannot-start' when the program cannot be started at all
 * @property {(durationMs: number) => Promise<void>} pause waits; rejects with SetupError 'stopped' after
 *   stop()
 * @property {() => void} stop ends all that runs (SIGTERM, SIGKILL after 5 s) and refuses to start more
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(pid: number) => void} [onStart] is told the process group's id
 */

/**
 * Starts programs, each in a process group of its own: a Ctrl-C then reaches this process alone, which ends
 * the whole group and waits for it, so that nothing still writes when the setup has left.
 *
 * @returns {Children}
 */
export function createChildren() {
  /** @type {Set<import('node:child_process').ChildProcess>} */
  const running = new Set();
  let stopped = false;

  /** @type {Children['run']} */
  function run(command, args, options = {}) {
    if (stopped) return Promise.reject(stoppedError());
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      let log = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        log = (log + text).slice(-KEPT_OUTPUT_CHARS);
      });
      child.stderr.setEncoding('utf8').on(
        'data', (text) => { log = (log + text).slice(-KEPT_OUTPUT_CHARS); });
      child.once('error', (cause) => {
        running.delete(child);
        reject(new SetupError('cannot-start', `cannot start ${command}: ${cause.message}`, { cause }));
      });
      child.once('close', (code) => {
        running.delete(child);
        if (stopped) reject(stoppedError());
        else resolve({ code, output, log });
      });
      if (child.pid !== undefined) {
        running.add(child);
        options.onStart?.(child.pid);
      }
    });
  }

  /** @type {Children['pause']} */
  async function pause(durationMs) {
    await setTimeout(durationMs);
    if (stopped) throw stoppedError();
  }

  function stop() {
    stopped = true;
    for (const child of running) {
      signalGroup(child.pid, 'SIGTERM');
      const kill = () => { if (running.has(child)) signalGroup(child.pid, 'SIGKILL'); };
      void setTimeout(KILL_AFTER_MS, undefined, { ref: false }).then(kill);
    }
  }

  return { run, pause, stop };
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

function stoppedError() {
  return new SetupError('stopped', 'stopped by a signal');
}
