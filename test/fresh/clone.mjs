import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

/**
 * A fresh clone of what is committed, owned by the newcomer.
 *
 * @param {string} repository a folder with a commit in it
 * @param {import('./machine.mjs').Newcomer} newcomer
 * @param {string} name of the folder to make in the newcomer's home
 * @returns {string} the clone, absolute
 */
export function cloneFor(repository, newcomer, name) {
  const clone = path.join(newcomer.home, name);
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', `file://${path.resolve(repository)}`, clone],
    { env: { ...process.env, ...trustingGit(newcomer.home) }, stdio: ['ignore', 'ignore', 'inherit'] });
  if (newcomer.ids !== undefined) {
    execFileSync('chown', ['-R', `${newcomer.ids.uid}:${newcomer.ids.gid}`, clone]);
  }
  return clone;
}

/**
 * git refuses a repository that somebody else owns, as the checkout of a CI machine may be; its helper
 * programs read the exception from a configuration file only.
 *
 * @param {string} folder for that file
 */
function trustingGit(folder) {
  const file = path.join(folder, '.gitconfig-of-the-test');
  fs.writeFileSync(file, '[safe]\n\tdirectory = *\n');
  return { GIT_CONFIG_GLOBAL: file };
}

/**
 * What the clone's database holds for the main job, read with the clone's own Node.
 *
 * @param {string} clone
 * @returns {{ rows: number, seeds: number }} rows of table svd_block, and different seeds among them
 */
export function countRows(clone) {
  const query = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync('data/sluice.db3', { readOnly: true });
    const count = database.prepare('SELECT count(*) AS rows, count(DISTINCT seed) AS seeds FROM svd_block');
    console.log(JSON.stringify(count.get()));`;
  const node = path.join(clone, 'node_modules', '.bin', 'node');
  return JSON.parse(execFileSync(node, ['--no-warnings', '-e', query], { cwd: clone, encoding: 'utf8' }));
}
