import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from './setup-error.mjs';

const PROGRAMS = ['redis-server', 'valkey-server'];
const FOLDERS = ['usr/bin', 'usr/sbin'];
const LIBRARY_PARENTS = ['usr/lib', 'lib'];
const EXECUTABLE = 0o755;

/**
 * Writes bin/redis-server beside an unpacked file system: it starts the server in it with the libraries in
 * it. The script replaces itself by the server, so that its process id is the server's, and finds all from
 * its own place, so that the folder can be moved.
 *
 * @param {string} folder holds root/, the unpacked packages; bin/ is made in it
 * @throws {SetupError} 'way-closed' where the packages hold no server
 */
export function writeRedisWrapper(folder) {
  const programs = FOLDERS.flatMap((parent) => PROGRAMS.map((name) => `${parent}/${name}`));
  const server = programs.find((file) => fs.existsSync(path.join(folder, 'root', file)));
  if (server === undefined) throw new SetupError('way-closed', 'the packages hold no server program');
  const libraries = libraryFolders(path.join(folder, 'root')).map((place) => `"$here/root/${place}"`).join(
    ':');
  const setting = `export LD_LIBRARY_PATH=${libraries}\${LD_LIBRARY_PATH:+:"$LD_LIBRARY_PATH"}`;
  const script = [
    '#!/bin/sh',
    '# Written by npm run setup.',
    'here=$(cd "$(dirname "$0")/.." && pwd) || exit 1',
    ...(libraries === '' ? [] : [setting]),
    `exec "$here/root/${server}" "$@"`,
    '',
  ].join('\n');
  fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'bin', 'redis-server'), script, { mode: EXECUTABLE });
}

/** @param {string} root @returns {string[]} the folders that hold shared libraries, relative to root */
function libraryFolders(root) {
  const folders = LIBRARY_PARENTS.flatMap((parent) => {
    const names = readFolders(path.join(root, parent)).map((name) => `${parent}/${name}`);
    return [parent, ...names];
  });
  return folders.filter(
    (folder) => readNames(path.join(root, folder)).some((name) => /\.so(\.|$)/.test(name)));
}

/** @param {string} folder */
function readFolders(folder) {
  return readNames(folder).filter((name) => fs.statSync(path.join(folder, name)).isDirectory());
}

/** @param {string} folder */
function readNames(folder) {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
