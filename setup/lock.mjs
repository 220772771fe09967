import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { SetupError } from './setup-error.mjs';

const HEARTBEAT_MS = 2_000;
const STALE_ELSEWHERE_MS = 60_000; // 30 heartbeats: a shared file system may show another host's touch late
// a living process of this host: suspended perhaps, or another one under a reused id
const STALE_HERE_MS = 600_000;
const POLL_MS = 200;

/**
 * Who holds the lock. A program that outlives its killed setup still writes to the checkout: it holds the
 * lock too.
 *
 * @typedef {{ token: string, host: string, pid: number, childPid?: number }} Holder
 */

/**
 * Runs the work while this process alone may change what setup makes in the checkout.
 *
 * The lock is a file, .cache/setup.lock, created exclusively and touched every two seconds. It is stale when
 * its holder died on this host, or when it was not touched for a minute (another host's holder) or ten (this
 * host's).
 *
 * @template T
 * @param {import('./bring-up.mjs').Setup} setup
 * @param {(setup: import('./bring-up.mjs').Setup) => Promise<T>} work is given a setup whose children hold
 *   the lock too
 * @returns {Promise<T>}
 * @throws {SetupError} 'not-writable' when the checkout cannot be written
 */
export async function withSetupLock(setup, work) {
  const file = path.join(setup.root, '.cache', 'setup.lock');
  const holder = { token: randomUUID(), host: thisHost(), pid: process.pid };
  await acquire(file, holder, setup);
  const heartbeat = setInterval(() => { touch(file); }, HEARTBEAT_MS);
  /** @type {import('./children.mjs').Children['run']} */
  const run = (command, args, options) => setup.children.run(command, args, {
    ...options,
    onStart: (childPid) => { fs.writeFileSync(file, JSON.stringify({ ...holder, childPid })); },
  });
  try {
    return await work({ ...setup, children: { ...setup.children, run } });
  } finally {
    clearInterval(heartbeat);
    if (readHolder(file)?.token === holder.token) fs.rmSync(file, { force: true });
  }
}

/** @param {string} file @param {Holder} holder @param {import('./bring-up.mjs').Setup} setup */
async function acquire(file, holder, setup) {
  let told = false;
  while (!create(file, holder)) {
    const other = readHolder(file);
    if (isStale(file, other)) {
      takeAway(file, other);
      continue;
    }
    if (!told && other !== undefined) {
      setup.say(`waiting for another setup of this checkout (process ${other.pid}) ...`);
      told = true;
    }
    await setup.children.pause(POLL_MS);
  }
}

/** @param {string} file @param {Holder} holder */
function create(file, holder) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw new SetupError('not-writable', `cannot write ${file} (${/** @type {Error} */ (error).message}). ` +
      'Something is missing in this checkout, and this user cannot add it: ' +
      'let its owner run "npm run setup" once.');
  }
}

/** @param {string} file @returns {Holder | undefined} */
function readHolder(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined; // gone, or caught between creation and writing
  }
}

/** @param {string} file @param {Holder | undefined} holder */
function isStale(file, holder) {
  const touchedMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (touchedMs === undefined) return false; // released meanwhile
  const untouchedMs = Date.now() - touchedMs;
  if (holder?.host !== thisHost()) return untouchedMs > STALE_ELSEWHERE_MS;
  const alive = isAlive(holder.pid) || (holder.childPid !== undefined && isAlive(holder.childPid));
  return !alive || untouchedMs > STALE_HERE_MS;
}

/**
 * @returns {string} where process ids mean the same: containers may share a host name and still not see each
 *   other
 */
function thisHost() {
  try {
    return `${os.hostname()} ${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return os.hostname(); // no Linux
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Removes a stale lock, and no other: two waiters may judge the same one stale, and the slower must not take
 * away the lock that the faster has made since.
 *
 * @param {string} file
 * @param {Holder | undefined} judged
 */
function takeAway(file, judged) {
  const aside = `${file}.${randomUUID()}`;
  try {
    fs.renameSync(file, aside);
    if (readHolder(aside)?.token !== judged?.token) fs.linkSync(aside, file);
  } catch {
    // Another waiter was faster, or a new holder has come: the next round sees what stands.
  }
  fs.rmSync(aside, { force: true });
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  fs.utimes(file, now, now, () => {});
}
