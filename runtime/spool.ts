import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { encodeEntry, type Entry } from '../wire/entry.ts';
import { SPOOL_FOLDER, SPOOL_SUFFIX, encodeSpool } from '../wire/spool-file.ts';
import { makeFolder } from './make-folder.ts';

/** Writes entries to the spool of the data folder `data`, as writeSpooled. */
export function writeSpool(data: string, entries: readonly Entry[]): string {
  return writeSpooled(data, entries.map(encodeEntry));
}

/**
 * Writes encoded entries to the spool of the data folder `data`, whole or not at all, for the sink to take in.
 * Returns the file. Safe on a shared file system: the name is this process's own, and a rename makes it seen.
 */
export function writeSpooled(data: string, entries: readonly Buffer[]): string {
  const folder = join(data, SPOOL_FOLDER);
  makeFolder(folder);
  const file = join(folder, `${Date.now()}-${hostname()}-${process.pid}-${process.hrtime.bigint()}`);
  const descriptor = openSync(`${file}.part`, 'wx', 0o600);
  try {
    writeFileSync(descriptor, encodeSpool(entries));
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(`${file}.part`, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.part`, file + SPOOL_SUFFIX);
  return file + SPOOL_SUFFIX;
}
