import fs from 'node:fs';
import path from 'node:path';
import { cloneFor, countRows } from './clone.mjs';

const BLOCKS = 1_000; // what `npm start` computes
const FIRST_START_MS = 300_000; // installing 15 s, Redis 5 s, a thousand blocks 15 to 60 s on two cores
const SECOND_START_MS = 60_000;
// "Says so within seconds": 1.2 s on a quiet machine of two cores, 13.6 s at a load of ten.
const SECONDS_WHEN_STORED = 15;
const SUITE_MS = 600_000; // the README promises ten minutes
const COMMAND_MS = 60_000;

/**
 * What `npm start` ends with. Words that carry meaning only, so that a better sentence does not fail the
 * test.
 *
 * @type {readonly [string, RegExp][]}
 */
const ANSWER = [
  ['the reduced answer', /combined/i],
  ['the path of the database', /data\/sluice\.db3/],
  ['what to type next', /npx sluice \w+/],
];

/**
 * Follows the README's first minutes in a fresh clone: npm start, npm start again, npx, and npm test.
 *
 * @param {object} given
 * @param {ReturnType<typeof import('./machine.mjs').openMachine>} given.machine
 * @param {import('./report.mjs').Report} given.report
 * @param {import('./machine.mjs').Newcomer} given.newcomer
 * @param {string} given.repository
 * @param {readonly ('redis' | 'compiler' | 'lists')[]} given.hide
 * @param {boolean} given.suite whether npm test is run
 * @returns {Promise<string>} the clone
 */
export async function followReadme({ machine, report, newcomer, repository, hide, suite }) {
  const { name } = newcomer;
  const clone = cloneFor(repository, newcomer, 'sluice clone'); // a space in the path must not matter
  /** @param {number} timeoutMs */
  const options = (timeoutMs) => ({ cwd: clone, as: newcomer, hide, timeoutMs });

  const first = await machine.run(['npm', 'start'], options(FIRST_START_MS));
  report.check(`${name}: npm start ends well (${first.seconds.toFixed(1)} s)`, first.code === 0, tail(first));
  for (const [what, pattern] of ANSWER) {
    report.check(`${name}: npm start prints ${what}`, pattern.test(first.output), tail(first));
  }
  report.check(
    `${name}: npm start shows none of npm's own warnings`, !/EBADENGINE|npm warn/i.test(first.output),
    tail(first));
  report.check(`${name}: npm start leaves no process behind`, first.left === '', first.left);
  checkRows(report, name, clone);

  const second = await machine.run(['npm', 'start'], options(SECOND_START_MS));
  report.check(`${name}: a second npm start ends well`, second.code === 0, tail(second));
  report.check(
    `${name}: a second npm start takes seconds (${second.seconds.toFixed(1)} s)`,
    second.seconds < SECONDS_WHEN_STORED);
  report.check(
    `${name}: a second npm start says that all is stored`, /stored/i.test(second.output), tail(second));
  report.check(
    `${name}: a second npm start has nothing to set up`, !second.output.includes('Sluice setup:'),
    tail(second));
  checkRows(report, name, clone);

  for (const command of [['npx', 'sluice', '--help'], ['npm', 'exec', '--', 'sluice', '--help']]) {
    const help = await machine.run(command, options(COMMAND_MS));
    report.check(
      `${name}: ${command.join(' ')} shows the commands`, help.code === 0 && /enqueue/.test(help.output),
      tail(help));
  }

  if (suite) {
    const tested = await machine.run(['npm', 'test'], options(SUITE_MS));
    report.check(
      `${name}: npm test passes (${tested.seconds.toFixed(0)} s)`, tested.code === 0, tail(tested));
    report.check(`${name}: npm test leaves no process behind`, tested.left === '', tested.left);
  }
  return clone;
}

/**
 * Gets the Redis server again where the system's package lists are missing, as they are in fresh containers.
 *
 * @param {object} given
 * @param {ReturnType<typeof import('./machine.mjs').openMachine>} given.machine
 * @param {import('./report.mjs').Report} given.report
 * @param {import('./machine.mjs').Newcomer} given.newcomer
 * @param {string} given.clone already set up
 * @returns {Promise<void>}
 */
export async function setUpWithoutLists({ machine, report, newcomer, clone }) {
  fs.rmSync(path.join(clone, '.cache'), { recursive: true, force: true });
  const outcome = await machine.run(['npm', 'run', 'setup'],
    { cwd: clone, as: newcomer, hide: ['redis', 'compiler', 'lists'], timeoutMs: FIRST_START_MS });
  report.check(`${newcomer.name}: setup gets a Redis server without the system's package lists`,
    outcome.code === 0 && /redis-server \d\S* unpacked/.test(outcome.output), tail(outcome));
}

/** @param {import('./report.mjs').Report} report @param {string} name @param {string} clone */
function checkRows(report, name, clone) {
  let found = 'no database';
  try {
    const { rows, seeds } = countRows(clone);
    found = `${rows} rows, ${seeds} seeds`;
  } catch (error) {
    found = String(error);
  }
  report.check(
    `${name}: the database holds ${BLOCKS} rows, each of its own seed`,
    found === `${BLOCKS} rows, ${BLOCKS} seeds`, found);
}

/** @param {import('./machine.mjs').Outcome} outcome */
function tail({ output, code, timedOut }) {
  const lines = output.trimEnd().split('\n').slice(-40).join('\n');
  return `${lines}\n(${timedOut ? 'killed: it took too long' : `exit code ${code}`})`;
}
