import fs from 'node:fs';
import path from 'node:path';

const OLDEST_MAJOR = 24; // as in package.json: runs TypeScript sources without a flag, and node:sqlite

/**
 * The Node that Sluice runs on: the one that npm installed as a package, else this one where it is new
 * enough.
 *
 * @param {string} root the checkout
 * @returns {string | undefined} an absolute path
 */
export function projectNode(root) {
  const installed = path.join(root, 'node_modules', '.bin', 'node');
  if (fs.existsSync(installed)) return installed;
  return Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR ? process.execPath : undefined;
}
