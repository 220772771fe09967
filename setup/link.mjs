import fs from 'node:fs';
import path from 'node:path';

const TARGET = path.join('..', '..', 'cli', 'sluice.mjs');
const EXECUTABLE = 0o755;

/**
 * node_modules/.bin/sluice, so that `npx sluice` finds the command: npm links no root package's own bin.
 *
 * @type {import('./bring-up.mjs').Step}
 */
export const linkStep = {
  announcement: undefined,

  missing({ root }) {
    if (readLink(linkOf(root)) !== TARGET) return 'the sluice command is not linked';
    return isExecutable(programOf(root)) ? undefined : 'cli/sluice.mjs is not executable';
  },

  async make({ root }) {
    const link = linkOf(root);
    if (readLink(link) !== TARGET) {
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.rmSync(link, { force: true });
      fs.symlinkSync(TARGET, link);
    }
    // An archive or a file system without modes loses the bit that git keeps.
    if (!isExecutable(programOf(root))) fs.chmodSync(programOf(root), EXECUTABLE);
    return 'sluice command linked';
  },
};

/** @param {string} root */
function linkOf(root) {
  return path.join(root, 'node_modules', '.bin', 'sluice');
}

/** @param {string} root */
function programOf(root) {
  return path.join(root, 'cli', 'sluice.mjs');
}

/** @param {string} link */
function readLink(link) {
  try {
    return fs.readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
