import fs from 'node:fs';
import path from 'node:path';

/**
 * The first of the named programs that is on PATH and can be executed.
 *
 * @param {{ readonly PATH?: string | undefined }} env
 * @param {...string} names
 * @returns {string | undefined} its absolute path
 */
export function findProgram(env, ...names) {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram);
}

/** @param {string} file @returns {boolean} an empty file is no program, whatever its mode says */
function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    const stat = fs.statSync(file);
    return stat.isFile() && stat.size > 0;
  } catch {
    return false;
  }
}
