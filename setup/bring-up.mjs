import { consumerStep } from './consumer.mjs';
import { linkStep } from './link.mjs';
import { withSetupLock } from './lock.mjs';
import { kernelStep } from './kernel.mjs';
import { pageStep } from './page.mjs';
import { packagesStep } from './packages.mjs';
import { redisStep } from './redis.mjs';

/**
 * What every step is given.
 *
 * @typedef {object} Setup
 * @property {string} root the checkout, absolute
 * @property {NodeJS.ProcessEnv} env read only
 * @property {import('./children.mjs').Children} children starts programs, and ends them on a signal
 * @property {(line: string) => void} say prints one line
 */

/**
 * One thing that a checkout needs.
 *
 * @typedef {object} Step
 * @property {(setup: Setup) => string | undefined} missing why it must be made, or undefined; reads only, in
 *   milliseconds
 * @property {string | undefined} announcement said before making, where making takes seconds
 * @property {(setup: Setup) => Promise<string>} make makes it whole or not at all; resolves to what was done
 *   ("kernel built")
 */

/** The steps in the order in which they need each other. @type {readonly Step[]} */
export const ALL_STEPS = [packagesStep, linkStep, kernelStep, consumerStep, pageStep, redisStep];

const INSTANT_MS = 500; // below this a duration tells the reader nothing

/**
 * Makes what is missing, one setup at a time per checkout; prints nothing when nothing is missing.
 *
 * @param {Setup} setup
 * @param {{ steps?: readonly Step[], force?: boolean }} [options] force makes the steps even when nothing is
 *   missing
 * @returns {Promise<void>}
 * @throws {import('./setup-error.mjs').SetupError} when a step fails; the steps before it stand
 */
export async function bringUp(setup, { steps = ALL_STEPS, force = false } = {}) {
  const due = () => steps.some((step) => step.missing(setup) !== undefined);
  if (!force && !due()) return;
  await withSetupLock(setup, async (locked) => {
    const done = [];
    try {
      for (const step of steps) {
        // Asked again inside the lock: the setup that was waited for may have made it.
        if (!force && step.missing(locked) === undefined) continue;
        if (step.announcement !== undefined) locked.say(`${step.announcement} ...`);
        const startedMs = Date.now();
        const what = await step.make(locked);
        done.push(withDuration(what, Date.now() - startedMs));
      }
    } finally {
      // Also when a later step fails: what was done stands.
      if (done.length > 0) locked.say(`${done.join(', ')}.`);
    }
  });
}

/** @param {string} what @param {number} durationMs */
function withDuration(what, durationMs) {
  return durationMs < INSTANT_MS ? what : `${what} (${Math.round(durationMs / 1000)} s)`;
}
