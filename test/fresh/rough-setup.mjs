import fs from 'node:fs';
import path from 'node:path';
import { cloneFor } from './clone.mjs';

const SETUP_MS = 180_000;

/**
 * When a setup is disturbed: after it has said a line, and so much later. The whole takes some 15 s.
 *
 * @type {readonly { said: RegExp, laterMs: number }[]}
 */
const MOMENTS = [
  { said: /installing packages/, laterMs: 300 },
  { said: /installing packages/, laterMs: 3_000 },
  { said: /building the kernel/, laterMs: 200 },
  { said: /getting a Redis/, laterMs: 700 },
];

/**
 * Interrupts setups, kills them, and starts two at once; each time the next one must end with everything in
 * place.
 *
 * @param {object} given
 * @param {ReturnType<typeof import('./machine.mjs').openMachine>} given.machine
 * @param {import('./report.mjs').Report} given.report
 * @param {import('./machine.mjs').Newcomer} given.newcomer whose npm cache is filled already
 * @param {string} given.repository
 * @returns {Promise<void>}
 */
export async function disturbSetups({ machine, report, newcomer, repository }) {
  const clone = cloneFor(repository, newcomer, 'disturbed');
  const hide = /** @type {const} */ (['redis', 'compiler']);
  const options = { cwd: clone, as: newcomer, hide, timeoutMs: SETUP_MS };
  const setup = ['npm', 'run', 'setup'];

  for (const moment of MOMENTS) {
    const when = `${moment.laterMs} ms after "${moment.said.source}"`;
    const broken = await machine.run(setup, { ...options, onOutput: disturbAt(moment, 'SIGINT') });
    report.check(`Ctrl-C ${when} stops the setup`, broken.code !== 0 && !broken.timedOut, broken.output);
    report.check(`Ctrl-C ${when} leaves no process behind`, broken.left === '', broken.left);
    report.check(`Ctrl-C ${when} leaves no staging behind`, stagingOf(clone) === '', stagingOf(clone));
  }
  await checkWhole('after the interruptions');

  forgetAll(clone);
  // npm goes on writing for a while: the next setup must wait for it, in the same process namespace.
  const killed = await machine.run(['sh', '-c', KILLED_SETUP], options);
  report.check(
    'a setup that follows a killed one makes all that is missing', killed.code === 0 && isWhole(clone),
    killed.output);
  await checkWhole('after the kill');

  forgetAll(clone);
  const both = await machine.run(['sh', '-c', TWO_SETUPS], options);
  report.check(
    'two setups at once both end well',
    both.code === 0 && both.output.includes('waiting for another setup'), both.output);
  await checkWhole('after two at once');

  fs.rmSync(path.join(clone, 'node_modules', 'zod'), { recursive: true, force: true });
  fs.writeFileSync(path.join(clone, 'dist', 'kernel.wasm'), '');
  const mended = await machine.run(setup, options);
  report.check('a setup mends a removed package and an emptied kernel',
    mended.code === 0 && /packages installed.*kernel built/.test(mended.output) && isWhole(clone),
    mended.output);

  /** @param {string} when */
  async function checkWhole(when) {
    const outcome = await machine.run(setup, options);
    report.check(
      `${when}, one more setup completes it`, outcome.code === 0 && isWhole(clone), outcome.output);
    const again = await machine.run(setup, options);
    report.check(
      `${when}, the setup after that finds nothing to do`, !again.output.includes('Sluice setup:'),
      again.output);
  }
}

/**
 * SIGKILL for the setup alone (not npm, nor what npm installs with), as the kernel does when memory runs out.
 */
const KILLED_SETUP = `
  node setup/main.mjs & first=$!
  sleep 1.5
  kill -KILL $first
  wait $first
  node setup/main.mjs`;

const TWO_SETUPS = `
  node setup/main.mjs & first=$!
  node setup/main.mjs & second=$!
  wait $first && wait $second`;

/**
 * @param {{ said: RegExp, laterMs: number }} moment
 * @param {NodeJS.Signals} signal to the whole group, as a terminal does
 * @returns {NonNullable<import('./machine.mjs').RunOptions['onOutput']>}
 */
function disturbAt({ said, laterMs }, signal) {
  let seen = false;
  return (output, signalGroup) => {
    if (seen || !said.test(output)) return;
    seen = true;
    setTimeout(() => { signalGroup(signal); }, laterMs);
  };
}

/** @param {string} clone */
function forgetAll(clone) {
  for (const made of ['node_modules', 'dist', '.cache']) fs.rmSync(
    path.join(clone, made), { recursive: true, force: true });
}

/** @param {string} clone */
function isWhole(clone) {
  const made = ['node_modules/.package-lock.json', 'node_modules/.bin/node', 'node_modules/.bin/sluice',
    'node_modules/zod/package.json', 'dist/kernel.wasm', '.cache/redis'];
  return made.every((file) => fs.existsSync(path.join(clone, file))) && stagingOf(clone) === '' &&
    !fs.existsSync(path.join(clone, '.cache', 'setup.lock'));
}

/** @param {string} clone @returns {string} half-made things that lie about, one a line */
function stagingOf(clone) {
  const folders = ['dist', '.cache/redis'].map((folder) => path.join(clone, folder)).filter(
    (folder) => fs.existsSync(folder));
  const names = folders.flatMap((folder) => fs.readdirSync(folder));
  return names.filter((name) => /staging|\.wasm\.\d|\.json\.\d/.test(name)).join('\n');
}
