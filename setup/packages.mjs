import fs from 'node:fs';
import path from 'node:path';
import { findNpm } from './find-npm.mjs';
import { linkNode } from './link-node.mjs';
import { projectNode } from './project-node.mjs';
import { SetupError } from './setup-error.mjs';

const SHOWN_LINES = 12; // the end of npm's complaint; all of it is in npm's own log file, which it names

/**
 * node_modules as package-lock.json wants it, by `npm ci`.
 *
 * npm records what it installed in node_modules/.package-lock.json, last of all. The two are compared package
 * by package, version and hash: no time stamp is trusted, and an interrupted installation has no record.
 *
 * @type {import('./bring-up.mjs').Step}
 */
export const packagesStep = {
  announcement: 'installing packages (about 15 s)',

  missing({ root }) {
    const wanted = readPackages(path.join(root, 'package-lock.json'));
    if (wanted === undefined) {
      throw new SetupError(
        'no-lock-file', `${root}/package-lock.json is missing or damaged: clone the repository again.`);
    }
    const found = readPackages(recordOf(root));
    if (found === undefined) return 'node_modules is missing or half-written';
    for (const [place, entry] of Object.entries(wanted)) {
      if (place === '' || entry.link === true) continue;
      const why = compare(root, place, entry, found[place]);
      if (why !== undefined) return why;
    }
    if (projectNode(root) === undefined) return 'the Node that Sluice runs on is missing';
    return undefined;
  },

  async make(setup) {
    const { root, children } = setup;
    // npm removes the record with the packages, in no stated order: interrupted, it might leave a record of
    // what is gone.
    fs.rmSync(recordOf(root), { force: true });
    const npm = findNpm(setup.env);
    const finished = await children.run(
      npm.command, [...npm.args, 'ci', ...NPM_OPTIONS], { cwd: root, env: setup.env });
    if (finished.code !== 0) {
      throw new SetupError('packages-failed',
        `npm ci failed (exit code ${finished.code}); check the network and npm's registry setting, ` +
        `then run this again. npm's last words:\n${relevantEnd(finished.log)}`);
    }
    linkNode(root);
    checkProjectNode(setup);
    const still = packagesStep.missing(setup);
    if (still !== undefined) {
      throw new SetupError(
        'packages-incomplete',
        `npm ci ended well, yet ${still}: run "npm ci" by hand and look at what it says.`);
    }
    return 'packages installed';
  },
};

/** Whatever the user's npm configuration or NODE_ENV says, the same packages are installed. */
const NPM_OPTIONS = [
  '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress',
  '--loglevel=error', '--engine-strict=false', '--dry-run=false', '--global=false',
];

/** @param {string} root */
function recordOf(root) {
  return path.join(root, 'node_modules', '.package-lock.json');
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} Entry
 * @param {string} file
 * @returns {Record<string, Entry> | undefined} the packages of a lock file by place, or undefined where there
 *   are none
 */
function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {string} place e.g. node_modules/zod
 * @param {Entry} wanted
 * @param {Entry | undefined} found
 * @returns {string | undefined} what is wrong
 */
function compare(root, place, wanted, found) {
  // npm leaves out optional packages that are for other platforms; which, is its business.
  if (found === undefined) return wanted.optional === true ? undefined : `${place} is missing`;
  const same = found.version === wanted.version && found.integrity === wanted.integrity;
  if (!same) return `${place} is not ${wanted.version}`;
  if (!fs.existsSync(path.join(root, place, 'package.json'))) return `${place} is missing`;
  return undefined;
}

/** @param {import('./bring-up.mjs').Setup} setup */
function checkProjectNode({ root }) {
  if (projectNode(root) !== undefined) return;
  throw new SetupError('no-project-node',
    `npm brought no Node for ${process.platform}-${process.arch}, and this one (${process.versions.node}) ` +
    'is too old. If there is one for this platform, the download failed: run this again. ' +
    'Else put Node 24 or newer on PATH.');
}

/**
 * @param {string} log
 * @returns {string} without what only alarms: warnings, and where npm keeps its own log
 */
function relevantEnd(log) {
  const lines = log.split('\n').filter(
    (line) => line.trim() !== '' && !/^npm (warn|notice)\b|^npm error\s+at /i.test(line));
  return lines.slice(-SHOWN_LINES).map((line) => `  ${line}`).join('\n');
}
