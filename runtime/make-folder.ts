import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Mode of a folder that its owner alone can enter. */
const PRIVATE = 0o700;

/**
 * Makes the folder `path` and those above it; throws the file system's error where it cannot.
 *
 * One level at a time, since Node's own recursive mode never returns where a folder refuses a child with ENOENT, as
 * /proc does (nodejs/node, mkdir in src/node_file.cc asks again for ever).
 */
export function makeFolder(path: string, mode?: number): void {
  const absolute = resolve(path);
  const missing: string[] = [];
  for (let folder = absolute; !existsSync(folder) && folder !== dirname(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) makeOne(folder, mode);
  if (!statSync(absolute).isDirectory()) throw new Error(`${absolute} is a file, not a folder`);
}

/** Makes the folder `path` of mode 0700, or brings the one that is there to that mode; throws where it is another user's. */
export function makePrivateFolder(path: string): void {
  makeFolder(path, PRIVATE);
  if ((statSync(path).mode & 0o777) !== PRIVATE) chmodSync(path, PRIVATE);
}

/** Whether other users than its owner can list or enter the folder `path`. */
export function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0;
}

function makeOne(folder: string, mode: number | undefined): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
