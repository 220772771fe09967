import fs from 'node:fs';
import path from 'node:path';
import { findRedisServer, isNewEnough, OLDEST_REDIS, redisCache, redisVersion } from './find-redis.mjs';
import { unpackDebianRedis } from './redis-debian.mjs';
import { buildRedis } from './redis-source.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * A way to get a server: fills the staging folder so that bin/redis-server in it runs from wherever the
 * folder is moved.
 *
 * @callback Way
 * @param {import('./bring-up.mjs').Setup} setup
 * @param {string} staging an empty folder, absolute
 * @returns {Promise<string>} what was done to it: "unpacked", "built"
 * @throws {SetupError} 'way-closed' with the reason, in a few words, why this way leads nowhere on this
 *   machine
 */

/** @type {readonly { name: string, get: Way }[]} */
const WAYS = [
  { name: 'Debian packages', get: unpackDebianRedis },
  { name: 'a build from source', get: buildRedis },
];

/**
 * A Redis server program that findRedisServer finds, or a REDIS_URL that makes one needless.
 *
 * What is got goes into .cache/redis of the checkout, for root as for anyone: nothing is installed in the
 * system, so no service starts on port 6379, no package lock is waited for, and deleting the checkout deletes
 * it. Every way works in a staging folder, is tried by running the server's --version, and is moved into
 * place as a whole.
 *
 * @type {import('./bring-up.mjs').Step}
 */
export const redisStep = {
  announcement: 'getting a Redis server (seconds from Debian\'s packages, a minute or two from source)',

  missing({ env, root }) {
    if (env.REDIS_URL !== undefined && env.REDIS_URL !== '') return undefined;
    return findRedisServer(env, root) === undefined ? 'there is no Redis server' : undefined;
  },

  async make(setup) {
    const cache = redisCache(setup.root);
    const closed = [];
    for (const { name, get } of WAYS) {
      const staging = `${cache}.staging`;
      fs.rmSync(staging, { recursive: true, force: true });
      fs.mkdirSync(staging, { recursive: true });
      try {
        const how = await get(setup, staging);
        const version = checkedVersion(path.join(staging, 'bin', 'redis-server'), setup.env);
        fs.rmSync(cache, { recursive: true, force: true });
        fs.renameSync(staging, cache);
        return `redis-server ${version} ${how} into .cache/redis`;
      } catch (error) {
        if (!(error instanceof SetupError) || error.code !== 'way-closed') throw error;
        closed.push(`${name} (${error.message})`);
      } finally {
        fs.rmSync(staging, { recursive: true, force: true });
      }
    }
    throw new SetupError('no-redis', noRedis(closed));
  },
};

/**
 * @param {string} server
 * @param {Readonly<Record<string, string | undefined>>} env the environment
 * @returns {string} its version
 */
function checkedVersion(server, env) {
  const version = redisVersion(server, env);
  if (version === undefined) throw new SetupError('way-closed', 'what it brought does not run here');
  if (!isNewEnough(version)) throw new SetupError(
    'way-closed', `it brings ${version}, ${OLDEST_REDIS.join('.')} is needed`);
  return version;
}

/** @param {readonly string[]} closed */
function noRedis(closed) {
  return `found no Redis or Valkey server of version ${OLDEST_REDIS.join('.')} or newer, and could not get ` +
    `one. Tried: ${closed.join('; ')}.\n` +
    'Any one of these helps; then run this again:\n' +
    '  module load redis                           on most clusters\n' +
    '  conda install -c conda-forge redis-server   without root\n' +
    '  brew install redis                          on macOS; elsewhere apk add redis, dnf install redis\n' +
    '  apptainer run docker://redis:7              and export REDIS_URL=redis://127.0.0.1:6379\n' +
    '  docker run -p 127.0.0.1:6379:6379 redis:7   and the same\n' +
    '  export REDIS_URL=redis://HOST:6379          to use one that runs already';
}
