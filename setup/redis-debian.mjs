import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.mjs';
import { writeRedisWrapper } from './redis-wrapper.mjs';
import { SetupError } from './setup-error.mjs';

// NAME-server holds a link and the service, NAME-tools the program itself
const FAMILIES = ['redis', 'valkey'];

// The C library must be the one that the machine's own loader belongs to; the others serve installation
// scripts only.
const NEVER_UNPACKED =
  /^(libc6|libc-bin|libgcc-s1|gcc-.*-base|dpkg|perl.*|adduser|passwd|init-system-helpers|lsb-base)$/;

/** @typedef {import('./bring-up.mjs').Setup} Setup */

/**
 * Debian's and Ubuntu's packages of the server, downloaded and verified by apt, unpacked without installing.
 *
 * apt is first asked with the system's package lists; where these are missing (fresh containers) or stale
 * (what they name is gone), with lists of our own. Neither needs root, a lock, or a place outside the staging
 * folder. What the server depends on and the system lacks is what a simulated installation would install.
 *
 * @type {import('./redis.mjs').Way}
 */
export async function unpackDebianRedis(setup, staging) {
  for (const program of ['apt-get', 'dpkg-deb']) {
    if (findProgram(setup.env, program) !== undefined) continue;
    throw new SetupError('way-closed', `${program} is not here`);
  }
  const folder = path.join(staging, 'apt');
  const ask = aptOptions(folder);
  const downloads = await downloadAny(setup, folder, ask.withSystemLists) ??
    await updateThenDownload(setup, folder, ask.withOwnLists);
  if (downloads === undefined) {
    throw new SetupError('way-closed', 'apt cannot download redis-server or valkey-server');
  }
  for (const name of fs.readdirSync(downloads).filter((file) => file.endsWith('.deb'))) {
    const finished = await setup.children.run(
      'dpkg-deb', ['-x', path.join(downloads, name), path.join(staging, 'root')]);
    if (finished.code !== 0) throw new SetupError('way-closed', `dpkg-deb cannot unpack ${name}`);
  }
  fs.rmSync(folder, { recursive: true, force: true });
  writeRedisWrapper(staging);
  return 'unpacked';
}

/** @param {string} folder for what apt writes */
function aptOptions(folder) {
  const withSystemLists = options({
    'Dir::Cache': path.join(folder, 'cache'),
    'Debug::NoLocking': '1',
    // the user _apt may not be able to write here; signatures are verified all the same
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
  });
  const withOwnLists = [...withSystemLists, ...options({
    'Dir::State': path.join(folder, 'state'),
    'Dir::State::lists': path.join(folder, 'state', 'lists'),
    'Dir::State::status': '/var/lib/dpkg/status',
  })];
  return { withSystemLists, withOwnLists };
}

/** @param {Record<string, string>} settings @returns {string[]} apt's -o arguments */
function options(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** @param {Setup} setup @param {string} folder @param {readonly string[]} ask */
async function updateThenDownload(setup, folder, ask) {
  fs.mkdirSync(path.join(folder, 'state', 'lists', 'partial'), { recursive: true });
  // Its exit code tells of every third-party source too; what counts is whether the download then works.
  await setup.children.run('apt-get', ['update', ...ask], { env: plainEnvironment(setup) });
  return downloadAny(setup, folder, ask);
}

/**
 * @param {Setup} setup
 * @param {string} folder
 * @param {readonly string[]} ask
 * @returns {Promise<string | undefined>} the folder that holds the packages of the first family that can be
 *   had
 */
async function downloadAny(setup, folder, ask) {
  fs.mkdirSync(path.join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const env = plainEnvironment(setup);
  for (const family of FAMILIES) {
    const server = `${family}-server`;
    const plan = await setup.children.run(
      'apt-get', ['install', '--simulate', '--no-install-recommends', ...ask, server], { env });
    if (plan.code !== 0) continue;
    const downloads = path.join(folder, family);
    fs.mkdirSync(downloads, { recursive: true });
    const names = packagesOf(plan.output, [server, `${family}-tools`]);
    const finished = await setup.children.run(
      'apt-get', ['download', ...ask, ...names], { cwd: downloads, env });
    if (finished.code === 0) return downloads;
  }
  return undefined;
}

/**
 * @param {string} plan what a simulated installation printed
 * @param {readonly string[]} always also where the system has them: an installed server that was not found is
 *   unusable
 */
function packagesOf(plan, always) {
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
  return [...new Set([...always, ...missing])].filter(
    (name) => !NEVER_UNPACKED.test(name.replace(/:.*/, '')));
}

/** @param {Setup} setup apt's output is read, so it must be in English */
function plainEnvironment(setup) {
  return { ...setup.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
}
