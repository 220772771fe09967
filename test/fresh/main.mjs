// `npm run test:fresh`: what a newcomer does, in fresh clones, as root and as an ordinary user, with no Redis
// in sight.
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openMachine } from './machine.mjs';
import { followReadme, setUpWithoutLists } from './newcomer.mjs';
import { createReport } from './report.mjs';
import { disturbSetups } from './rough-setup.mjs';

const USAGE = `npm run test:fresh -- [options]
  --no-suite         leave out npm test as an ordinary user
  --no-rough         leave out the interrupted, killed and simultaneous setups
  --setup-only       only the setups: what can be tried before the rest works
  --repository DIR   clone this repository's HEAD (default: the one this file is in)

Tests what is committed. Hides Redis and compilers in namespaces of its own, which takes root; without root
only the part that needs none is run.
`;

/** @param {string} line */
const say = (line) => { process.stdout.write(`${line}\n`); };

const { values } = parseArgs({
  allowNegative: true,
  options: {
    suite: { type: 'boolean', default: true },
    rough: { type: 'boolean', default: true },
    'setup-only': { type: 'boolean', default: false },
    repository: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  process.exitCode = await testFreshClones();
}

/** @returns {Promise<number>} the exit code */
async function testFreshClones() {
  const repository = path.resolve(values.repository);
  const report = createReport(say);
  const machine = openMachine(say);
  const stop = () => {
    machine.close();
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  try {
    sayWhatIsTested(repository, machine.canHide);
    const myself = machine.self(machine.canHide ? 'root' : 'this user');
    const given = { machine, report, repository };
    if (!values['setup-only']) {
      await followReadme({ ...given, newcomer: myself, hide: ['redis'], suite: false });
    }
    if (values.rough && machine.canHide) await disturbSetups({ ...given, newcomer: myself });
    if (machine.canHide) await asOrdinaryUser(given);
    else report.skip(
      'an ordinary user', 'making and being another user takes root, and unshare that may make namespaces');
  } catch (error) {
    report.check(
      'the test itself runs to its end', false, error instanceof Error ? error.stack : String(error));
  } finally {
    machine.close();
  }
  const { passed, failed, skipped } = report.counts();
  say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 ? 0 : 1;
}

/**
 * @param {{ machine: ReturnType<typeof openMachine>, report: import('./report.mjs').Report, repository:
 *   string }} given
 */
async function asOrdinaryUser(given) {
  const newcomer = given.machine.ordinaryUser('ordinary user');
  if (values['setup-only']) {
    await disturbSetups({ ...given, newcomer });
    return;
  }
  const clone = await followReadme({ ...given, newcomer, hide: ['redis', 'compiler'], suite: values.suite });
  await setUpWithoutLists({ ...given, newcomer, clone });
}

/** @param {string} repository @param {boolean} canHide */
function sayWhatIsTested(repository, canHide) {
  /** @param {readonly string[]} args */
  const git = (args) => execFileSync(
    'git', ['-c', 'safe.directory=*', '-C', repository, ...args], { encoding: 'utf8' }).trim();
  say(`testing commit ${git(['rev-parse', '--short', 'HEAD'])} with Node ${process.versions.node}`);
  if (git(['status', '--porcelain']) !== '') say('note: changes that are not committed are not tested');
  if (!canHide) say(
    'note: Redis cannot be hidden without root and namespaces: the one of this machine is used, if any');
}
