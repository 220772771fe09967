import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { projectNode } from './project-node.mjs';
import { SetupError } from './setup-error.mjs';

const RECIPE = 'setup/bundle.mjs';
const LOCK_FILE = 'package-lock.json';
const BUILT = 'dist/consumer.mjs';
const STAMP = 'dist/consumer.stamp.json';
const SHOWN_CHARS = 4_000; // rolldown quotes the source of every error: enough for the first dozen

/**
 * dist/consumer.mjs, the consumer in one file, made of sources and packages.
 *
 * Beside it lies a stamp: the sources it was made of as rolldown tells them, the hash of these, of the recipe and of
 * package-lock.json, which stands for the packages, and the bundle's own hash. All must fit, so neither an edit, nor a
 * checkout of older sources, nor an interrupted build is taken for current.
 *
 * @type {import('./bring-up.mjs').Step}
 */
export const consumerStep = {
  announcement: undefined, // takes less than a second

  missing({ root }) {
    const stamp = readStamp(root);
    if (stamp === undefined) return 'the bundled consumer is not built';
    if (stamp.bundle !== hashOf(root, [BUILT])) return `${BUILT} is missing or damaged`;
    if (stamp.made === hashOf(root, [RECIPE, LOCK_FILE, ...stamp.sources])) return undefined;
    return 'the bundled consumer is older than its sources';
  },

  async make({ root, env, children }) {
    const node = projectNode(root);
    if (node === undefined || !fs.existsSync(path.join(root, 'node_modules/rolldown/package.json'))) {
      throw new SetupError('no-bundler', 'what bundles the consumer (rolldown) is not installed: npm run setup.');
    }
    const beside = path.join(root, `${BUILT}.${process.pid}`);
    fs.mkdirSync(path.dirname(beside), { recursive: true });
    try {
      const finished = await children.run(node, [path.join(root, RECIPE), beside], { cwd: root, env });
      if (finished.code !== 0) {
        throw new SetupError('consumer-failed',
          `rolldown did not bundle the consumer (exit code ${finished.code}):\n${finished.log.slice(0, SHOWN_CHARS)}`);
      }
      const sources = ownSources(JSON.parse(finished.output));
      const made = hashOf(root, [RECIPE, LOCK_FILE, ...sources]);
      fs.renameSync(beside, path.join(root, BUILT));
      writeStamp(root, { sources, made, bundle: hashOf(root, [BUILT]) });
    } finally {
      fs.rmSync(beside, { force: true });
    }
    return 'consumer bundled';
  },
};

/** @typedef {{ sources: string[], made: string | undefined, bundle: string | undefined }} Stamp */

/** @param {string[]} files @returns {string[]} those that package-lock.json does not stand for */
function ownSources(files) {
  return files.filter((file) => !file.startsWith('node_modules/')).sort();
}

/** @param {string} root @returns {Stamp | undefined} */
function readStamp(root) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, STAMP), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} root @param {Stamp} stamp */
function writeStamp(root, stamp) {
  const beside = path.join(root, `${STAMP}.${process.pid}`);
  fs.writeFileSync(beside, `${JSON.stringify(stamp)}\n`);
  fs.renameSync(beside, path.join(root, STAMP));
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
