import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { projectNode } from './project-node.mjs';
import { SetupError } from './setup-error.mjs';

const SOURCES = 'kernel/assembly';
const CONFIG = 'kernel/assembly/asconfig.json';
const ENTRY = 'kernel/assembly/index.ts';
const COMPILER = 'node_modules/assemblyscript';
const BUILT = 'dist/kernel.wasm';
const STAMP = 'dist/kernel.stamp.json';
const SHOWN_CHARS = 4_000; // asc repeats the source line of every error: enough for the first dozen

/**
 * dist/kernel.wasm, compiled from kernel/assembly.
 *
 * Beside it lies a stamp: the hash of what it was compiled from (sources, configuration, compiler) and its
 * own hash. Both must fit, so neither an edit, nor a checkout of older sources, nor an interrupted build is
 * taken for current.
 *
 * @type {import('./bring-up.mjs').Step}
 */
export const kernelStep = {
  announcement: 'building the kernel',

  missing({ root }) {
    const stamp = readStamp(root);
    if (stamp === undefined) return 'the kernel is not built';
    if (stamp.wasm !== hashOfFile(path.join(root, BUILT))) return 'dist/kernel.wasm is missing or damaged';
    return stamp.sources === hashOfSources(root) ? undefined : 'the kernel is older than its sources';
  },

  async make({ root, env, children }) {
    const node = projectNode(root);
    if (node === undefined || !fs.existsSync(path.join(root, COMPILER, 'bin', 'asc.js'))) {
      throw new SetupError(
        'no-compiler', 'the kernel\'s compiler (assemblyscript) is not installed: npm run setup.');
    }
    const sources = hashOfSources(root);
    const beside = `${BUILT}.${process.pid}`;
    fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
    try {
      // Output options of the configuration would win over a path relative to it, so the path is given here.
      const args = [
        `${COMPILER}/bin/asc.js`, ENTRY, '--config', CONFIG, '--target', 'release', '--outFile', beside,
      ];
      const finished = await children.run(node, args, { cwd: root, env });
      if (finished.code !== 0) {
        throw new SetupError('kernel-failed',
          `asc did not compile ${ENTRY} (exit code ${finished.code}):\n` +
          finished.log.slice(0, SHOWN_CHARS));
      }
      const wasm = hashOfFile(path.join(root, beside));
      fs.renameSync(path.join(root, beside), path.join(root, BUILT));
      writeStamp(root, { sources, wasm });
    } finally {
      fs.rmSync(path.join(root, beside), { force: true });
    }
    return 'kernel built';
  },
};

/** @typedef {{ sources: string, wasm: string | undefined }} Stamp */

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
 * @returns {string} hex digest over every file of the sources, by name, and the compiler's version
 */
function hashOfSources(root) {
  const hash = createHash('sha256');
  const folder = path.join(root, SOURCES);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }).map(String).sort() : [];
  if (!names.includes('index.ts')) {
    throw new SetupError(
      'no-kernel-sources', `${ENTRY} is missing: this checkout is incomplete; clone the repository again.`);
  }
  for (const name of names) {
    const file = path.join(folder, name);
    if (!fs.statSync(file).isFile()) continue;
    const content = fs.readFileSync(file);
    hash.update(`${name.replaceAll(path.sep, '/')} ${content.length}\n`).update(content);
  }
  return hash.update(compilerVersion(root)).digest('hex');
}

/** @param {string} root */
function compilerVersion(root) {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(root, COMPILER, 'package.json'), 'utf8')).version);
  } catch {
    return 'none';
  }
}

/** @param {string} file @returns {string | undefined} */
function hashOfFile(file) {
  try {
    return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}
