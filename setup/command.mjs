import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChildren } from './children.mjs';
import { bringUp } from './bring-up.mjs';
import { SetupError } from './setup-error.mjs';

/** The folder that holds package.json, whatever the current folder is. */
export const CHECKOUT = path.resolve(fileURLToPath(import.meta.url), '..', '..');

/** @typedef {'SIGINT' | 'SIGTERM' | 'SIGHUP'} Signal */

/** @type {readonly Signal[]} */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs the setup (or the given steps of it) as a command: prints, ends its children on a signal, sets the
 * exit code. A signal is raised again once everything is put away, so that the parent sees the truth.
 *
 * @param {{ steps?: readonly import('./bring-up.mjs').Step[], force?: boolean }} [options]
 * @returns {Promise<void>} settles when done; process.exitCode is 1 after an error
 */
export async function runSetupCommand(options = {}) {
  const children = createChildren();
  /** @type {Signal | undefined} */
  let stoppedBy;
  /** @param {Signal} signal */
  const onSignal = (signal) => {
    stoppedBy ??= signal;
    children.stop();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  try {
    await bringUp({ root: CHECKOUT, env: process.env, children, say: sayOnStdout }, options);
  } catch (error) {
    process.exitCode = 1;
    if (stoppedBy === undefined) process.stderr.write(`Sluice setup: ${describe(error)}\n`);
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  }
  if (stoppedBy !== undefined) process.kill(process.pid, stoppedBy);
}

/** @param {string} line */
function sayOnStdout(line) {
  process.stdout.write(`Sluice setup: ${line}\n`);
}

/** @param {unknown} error */
function describe(error) {
  if (error instanceof SetupError) return error.message;
  return error instanceof Error ? `unexpected: ${error.stack ?? error.message}` : String(error);
}
