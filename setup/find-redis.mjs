import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

/** The oldest Redis that has all we use: XAUTOCLAIM came with 6.2, and BullMQ asks for it. */
export const OLDEST_REDIS = /** @type {const} */ ([6, 2]);

const PROGRAMS = ['redis-server', 'valkey-server'];
const USUAL_FOLDERS = [ // where package managers put servers, and an ordinary user's PATH may lack
  '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin', '/opt/local/bin',
];
// where programs, libraries and temporary files are, and the language
const SERVER_VARIABLES = /^(PATH|HOME|TMPDIR|LANG|LC_\w+|LD_LIBRARY_PATH|DYLD_\w+|TZ)$/;
// --version takes milliseconds; a shared file system's first read may take seconds
const ANSWER_WITHIN_MS = 10_000;

/**
 * The folder in which setup keeps a server of its own: one per platform, as a home may be shared between
 * machines.
 *
 * @param {string} root the checkout
 * @returns {string} absolute where root is
 */
export function redisCache(root) {
  return path.join(root, '.cache', 'redis', `${process.platform}-${process.arch}`);
}

/**
 * What of the environment a server program is given: what it needs to start, and nothing that is a secret.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Record<string, string | undefined>}
 */
export function serverEnvironment(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => SERVER_VARIABLES.test(name)));
}

/**
 * The Redis or Valkey server program to start, found by one rule for setup and for the running system: on
 * PATH, then in the folders where servers usually are, then in the checkout's own cache. One that does not
 * run here or is older than 6.2 is passed over.
 *
 * @param {Readonly<Record<string, string | undefined>>} env the environment
 * @param {string} root the checkout
 * @returns {{ path: string, kind: 'path' | 'usual' | 'cache', version: string } | undefined} an absolute
 *   path, where it was found, and its version as x.y.z; undefined where there is none
 */
export function findRedisServer(env, root) {
  const onPath = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const places = /** @type {const} */ (
    [['path', onPath], ['usual', USUAL_FOLDERS], ['cache', [path.join(redisCache(root), 'bin')]]]);
  const seen = new Set();
  for (const [kind, folders] of places) {
    for (const file of folders.flatMap((folder) => PROGRAMS.map((program) => path.join(folder, program)))) {
      if (seen.has(file)) continue;
      seen.add(file);
      const version = redisVersion(file, env);
      if (version !== undefined && isNewEnough(version)) return { path: file, kind, version };
    }
  }
  return undefined;
}

/**
 * The version that a server program tells of itself.
 *
 * @param {string} file absolute
 * @param {Readonly<Record<string, string | undefined>>} env the environment
 * @returns {string | undefined} x.y.z, or undefined where the file is missing, cannot run here or is no Redis
 */
export function redisVersion(file, env) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    const told = execFileSync(file, ['--version'], {
      encoding: 'utf8', timeout: ANSWER_WITHIN_MS, stdio: ['ignore', 'pipe', 'ignore'],
      env: serverEnvironment(env),
    });
    return /\bv=(\d+\.\d+\.\d+)/.exec(told)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * @param {string} version x.y.z
 * @returns {boolean} whether it is at least OLDEST_REDIS
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_REDIS[0] || (major === OLDEST_REDIS[0] && minor >= OLDEST_REDIS[1]);
}
