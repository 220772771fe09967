import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { findProgram } from './find-program.mjs';
import { SetupError } from './setup-error.mjs';

// 7.0 is the release of Debian 12, BSD-licensed, and builds with a C compiler and make alone.
const SOURCE = 'https://download.redis.io/releases/redis-7.0.15.tar.gz';
const SOURCE_SHA256 = '98066f5363504b26c34dd20fbcc3c957990d764cdf42576c836fc021073f4341';

/** The C library's own allocator: nothing but the compiler is then needed. */
const MAKE_OPTIONS = ['MALLOC=libc', 'USE_SYSTEMD=no'];

/** What a server with TLS includes: where the compiler finds it, the server may leave loopback (`sluice up --host`). */
const TLS_PROBE = '#include <openssl/ssl.h>\n';

/**
 * The server built from its source: the pinned release, or the archive or address that SLUICE_REDIS_SOURCE
 * names, for machines that cannot reach it (the user's own choice, so its hash is not checked).
 *
 * @type {import('./redis.mjs').Way}
 */
export async function buildRedis(setup, staging) {
  const { children, env } = setup;
  const compiler = env.CC ?? findProgram(env, 'cc', 'gcc', 'clang');
  if (compiler === undefined) throw new SetupError('way-closed', 'no C compiler is here');
  if (findProgram(env, 'make') === undefined) throw new SetupError('way-closed', 'make is not here');
  const build = path.join(staging, 'build');
  fs.mkdirSync(build, { recursive: true });
  const archive = await getSource(setup, path.join(build, 'redis.tar.gz'));
  await must(
    children.run('tar', ['-xzf', archive, '-C', build, '--strip-components=1']),
    'the archive cannot be unpacked');
  // Redis' makefile asks for cc; some machines have gcc or clang only.
  const how = [`-j${os.availableParallelism()}`, ...MAKE_OPTIONS, `CC=${compiler}`];
  const make = ['-C', 'src', ...how, 'redis-server'];
  const withTls = await canBuildTls(setup, compiler, build) &&
    (await children.run('make', [...make, 'BUILD_TLS=yes'], { cwd: build, env })).code === 0;
  // Redis's makefile notices the other setting, and starts from nothing.
  if (!withTls) await must(children.run('make', [...make, 'BUILD_TLS=no'], { cwd: build, env }), 'make failed');
  fs.mkdirSync(path.join(staging, 'bin'));
  fs.copyFileSync(path.join(build, 'src', 'redis-server'), path.join(staging, 'bin', 'redis-server'));
  fs.rmSync(build, { recursive: true, force: true });
  return withTls ? 'built' : 'built without TLS, for this machine alone,';
}

/** @param {import('./bring-up.mjs').Setup} setup @param {string} compiler @param {string} folder for the probe */
async function canBuildTls({ children, env }, compiler, folder) {
  const probe = path.join(folder, 'tls-probe.c');
  fs.writeFileSync(probe, TLS_PROBE);
  return (await children.run(compiler, ['-fsyntax-only', probe], { cwd: folder, env })).code === 0;
}

/**
 * @param {import('./bring-up.mjs').Setup} setup
 * @param {string} target
 * @returns {Promise<string>} the archive
 */
async function getSource({ children, env }, target) {
  const chosen = env.SLUICE_REDIS_SOURCE;
  if (chosen !== undefined && fs.existsSync(chosen)) return chosen;
  const address = chosen ?? SOURCE;
  const curl = findProgram(env, 'curl');
  const wget = findProgram(env, 'wget');
  if (curl !== undefined) {
    await must(
      children.run(curl, ['-fsSL', '--connect-timeout', '20', '-o', target, address], { env }),
      `no answer from ${address}`);
  } else if (wget !== undefined) {
    await must(
      children.run(wget, ['-q', '-T', '20', '-t', '2', '-O', target, address], { env }),
      `no answer from ${address}`);
  } else {
    throw new SetupError('way-closed', 'neither curl nor wget is here');
  }
  const sha256 = createHash('sha256').update(fs.readFileSync(target)).digest('hex');
  if (chosen === undefined && sha256 !== SOURCE_SHA256) {
    throw new SetupError('way-closed', `${address} is not the file it should be`);
  }
  return target;
}

/** @param {Promise<import('./children.mjs').Finished>} running @param {string} otherwise */
async function must(running, otherwise) {
  const finished = await running;
  if (finished.code !== 0) throw new SetupError('way-closed', otherwise);
}
