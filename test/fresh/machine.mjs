import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const VIEW = fileURLToPath(new URL('newcomer-view.sh', import.meta.url));
const KEPT_VARIABLES =
  /^(LANG|LC_\w+|TZ|TERM|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/i;

/**
 * Somebody who has just cloned the repository.
 *
 * @typedef {object} Newcomer
 * @property {string} name how the report calls it
 * @property {string} home an empty folder of its own
 * @property {{ uid: number, gid: number } | undefined} ids undefined: whoever runs the test
 */

/**
 * What came of a command.
 *
 * @typedef {object} Outcome
 * @property {number | null} code null when it was killed
 * @property {string} output standard output and standard error as they came
 * @property {number} seconds
 * @property {string} left the processes that it left behind, one a line; '' also where they cannot be seen
 * @property {boolean} timedOut
 */

/**
 * @typedef {object} RunOptions
 * @property {string} cwd
 * @property {Newcomer} as
 * @property {number} timeoutMs the command and all it started are killed then
 * @property {readonly ('redis' | 'compiler' | 'lists')[]} [hide]
 * @property {(output: string, signalGroup: (signal: NodeJS.Signals) => void) => void} [onOutput] sees all
 *   output so far
 */

/**
 * The machine as the test uses it: a scratch folder, clean environments, hidden programs, ordinary users.
 *
 * @param {(line: string) => void} say
 */
export function openMachine(say) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-fresh-'));
  fs.chmodSync(scratch, 0o755);
  const canHide = process.getuid?.() === 0 &&
    spawnSync('unshare', ['-m', '-p', '--fork', 'true']).status === 0;
  const environment = cleanEnvironment();
  /** @type {Set<import('node:child_process').ChildProcess>} */
  const running = new Set();
  /** @type {string[]} */
  const users = [];

  /** @param {string} name @returns {Newcomer} whoever runs the test, with an empty home */
  function self(name) {
    const home = path.join(scratch, `home-${name.replaceAll(' ', '-')}`);
    fs.mkdirSync(home, { recursive: true });
    return { name, home, ids: undefined };
  }

  /** @param {string} name @returns {Newcomer} a new ordinary user; removed by close() */
  function ordinaryUser(name) {
    const login = `sluicefresh${process.pid}`;
    execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', login]);
    users.push(login);
    const [uid = 0, gid = 0] = ['-u', '-g'].map(
      (which) => Number(execFileSync('id', [which, login], { encoding: 'utf8' })));
    return { name, home: path.join('/home', login), ids: { uid, gid } };
  }

  /** @param {readonly string[]} command @param {RunOptions} options @returns {Promise<Outcome>} */
  function run(command, options) {
    const { cwd, as, timeoutMs, hide = [], onOutput } = options;
    const viewed = [...VIEWED, VIEW, scratch, ...hide, '--', ...asUser(as), ...command];
    const argv = canHide ? viewed : [...command];
    const env = { ...environment, HOME: as.home, npm_config_cache: path.join(as.home, '.npm') };
    fs.rmSync(path.join(scratch, 'left'), { force: true });
    return new Promise((resolve, reject) => {
      const startedMs = Date.now();
      const [program = '', ...args] = argv;
      const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      let output = '';
      let timedOut = false;
      const timer = setTimeout(() => { timedOut = true; signalGroup(child, 'SIGKILL'); }, timeoutMs);
      /** @param {string} text */
      const take = (text) => {
        output += text;
        onOutput?.(output, (signal) => { signalGroup(child, signal); });
      };
      child.stdout.setEncoding('utf8').on('data', take);
      child.stderr.setEncoding('utf8').on('data', take);
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        running.delete(child);
        resolve(
          { code, output, seconds: (Date.now() - startedMs) / 1000, left: readLeft(scratch), timedOut });
      });
    });
  }

  /** Ends what runs, removes the users and the scratch folder, whatever happened. */
  function close() {
    for (const child of running) signalGroup(child, 'SIGKILL');
    for (const login of users) {
      const removed = spawnSync(
        'userdel', ['--remove', '--force', login], { encoding: 'utf8', timeout: 30_000 });
      if (removed.status !== 0) say(`could not remove the user ${login}: ${removed.stderr.trim()}`);
    }
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  return { scratch, canHide, self, ordinaryUser, run, close };
}

/** New mount and process namespaces; all in them dies with the first process, and that with unshare. */
const VIEWED = ['unshare', '--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc', 'sh'];

/**
 * @param {Newcomer} newcomer
 * @returns {string[]} no-new-privs: sudo would not work even where it is set up
 */
function asUser({ ids }) {
  if (ids === undefined) return [];
  return ['setpriv', `--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups', '--no-new-privs'];
}

/**
 * @returns {NodeJS.ProcessEnv} what a login shell has, and how this machine reaches npm's registry; no
 *   REDIS_URL, no setting of Sluice, and not the Node of the checkout that runs this test
 */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => KEPT_VARIABLES.test(name));
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(
    (folder) => !folder.includes('node_modules'));
  const env = { ...Object.fromEntries(kept), PATH: folders.join(path.delimiter) };
  // Not from the environment alone: the setting may stand in a file of this user, which the newcomer does not
  // have.
  const asked = { ...process.env, PATH: env.PATH };
  return { ...env, ...npmSetting('registry', asked), ...npmSetting('cafile', asked) };
}

/** @param {string} name @param {NodeJS.ProcessEnv} env */
function npmSetting(name, env) {
  const asked = spawnSync('npm', ['config', 'get', name], { cwd: '/', env, encoding: 'utf8' });
  const told = asked.stdout?.trim() ?? '';
  return told === '' || told === 'null' || told === 'undefined' ? {} : { [`npm_config_${name}`]: told };
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

/** @param {string} scratch */
function readLeft(scratch) {
  const file = path.join(scratch, 'left');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
}
