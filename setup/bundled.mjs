import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { projectNode } from './project-node.mjs';
import { SetupError } from './setup-error.mjs';

const LOCK_FILE = 'package-lock.json';
const SHOWN_CHARS = 4_000; // rolldown quotes the source of every error: enough for the first dozen

/**
 * What a bundle is made of and called.
 *
 * @typedef {object} Bundle
 * @property {string} what as a person calls it: `the bundled consumer`
 * @property {string} done said when it is made: `consumer bundled`
 * @property {string} code of the error where it cannot be made
 * @property {string} recipe `node RECIPE PATH` writes it to PATH and prints, as JSON, the files that it is made of
 * @property {string} built the file, or the folder of files, that it is
 * @property {readonly string[]} files of which it consists: `built`, or those in it
 * @property {string} stamp
 */

/**
 * The step that makes a bundle of sources and packages by rolldown.
 *
 * Beside it lies a stamp: the sources it was made of as its recipe tells them, the hash of these, of the recipe and of
 * package-lock.json, which stands for the packages, and the bundle's own hash. All must fit, so neither an edit, nor a
 * checkout of older sources, nor an interrupted build is taken for current.
 *
 * @param {Bundle} bundle
 * @returns {import('./bring-up.mjs').Step}
 */
export function bundledStep({ what, done, code, recipe, built, files, stamp: stampFile }) {
  return {
    announcement: undefined, // takes less than a second

    missing({ root }) {
      const stamp = readStamp(root, stampFile);
      if (stamp === undefined) return `${what} is not built`;
      if (stamp.bundle !== hashOf(root, files)) return `${built} is missing or damaged`;
      if (stamp.made === hashOf(root, [recipe, LOCK_FILE, ...stamp.sources])) return undefined;
      return `${what} is older than its sources`;
    },

    async make({ root, env, children }) {
      const node = projectNode(root);
      if (node === undefined || !fs.existsSync(path.join(root, 'node_modules/rolldown/package.json'))) {
        throw new SetupError('no-bundler', `what makes ${what} (rolldown) is not installed: npm run setup.`);
      }
      const beside = path.join(root, `${built}.${process.pid}`);
      fs.mkdirSync(path.dirname(beside), { recursive: true });
      try {
        const finished = await children.run(node, [path.join(root, recipe), beside], { cwd: root, env });
        if (finished.code !== 0) {
          throw new SetupError(code,
            `rolldown did not make ${what} (exit code ${finished.code}):\n${finished.log.slice(0, SHOWN_CHARS)}`);
        }
        const sources = ownSources(JSON.parse(finished.output));
        const made = hashOf(root, [recipe, LOCK_FILE, ...sources]);
        putInPlace(beside, path.join(root, built));
        writeStamp(root, stampFile, { sources, made, bundle: hashOf(root, files) });
      } finally {
        fs.rmSync(beside, { recursive: true, force: true });
      }
      return done;
    },
  };
}

/** A file takes the place of the one before in one step; a folder can do so only once that is gone. @param {string} from @param {string} to */
function putInPlace(from, to) {
  if (fs.statSync(from).isDirectory()) fs.rmSync(to, { recursive: true, force: true });
  fs.renameSync(from, to);
}

/** @typedef {{ sources: string[], made: string | undefined, bundle: string | undefined }} Stamp */

/** @param {string[]} files @returns {string[]} those that package-lock.json does not stand for */
function ownSources(files) {
  return files.filter((file) => !file.startsWith('node_modules/')).sort();
}

/** @param {string} root @param {string} file @returns {Stamp | undefined} */
function readStamp(root, file) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} root @param {string} file @param {Stamp} stamp */
function writeStamp(root, file, stamp) {
  const beside = path.join(root, `${file}.${process.pid}`);
  fs.writeFileSync(beside, `${JSON.stringify(stamp)}\n`);
  fs.renameSync(beside, path.join(root, file));
}

/**
 * @param {string} root
 * @param {readonly string[]} files from the checkout
 * @returns {string | undefined} hex digest over names and contents; undefined where one of them is missing
 */
function hashOf(root, files) {
  const hash = createHash('sha256');
  try {
    for (const file of files) {
      const content = fs.readFileSync(path.join(root, file));
      hash.update(`${file} ${content.length}\n`).update(content);
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
