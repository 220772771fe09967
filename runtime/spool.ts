import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { encodeEntry, type Entry } from '../wire/entry.ts';
import { SPOOL_FOLDER, SPOOL_SUFFIX, encodeSpool } from '../wire/spool-file.ts';
import { makeFolder } from './make-folder.ts';
import { isAlive } from './process-alive.ts';

/** Ending of a spool file that is not to be taken in yet. */
const UNFINISHED_SUFFIX = '.part';

/** Spool files that the sink sees together or not at all, unless this process is killed while it makes them seen. */
export interface StagedSpool {
  /** Writes one file of entries, durable and not yet seen. */
  add(entries: readonly Entry[]): void;
  /** Makes all of them seen, in their order, and returns their paths. */
  publish(): string[];
  /** Removes those that were not published. */
  discard(): void;
}

/**
 * Spool files of the data folder `data`, to be published together. Safe on a shared file system: their names are this
 * process's own, and a rename makes them seen. Makes the folder with the first file.
 */
export function stageSpool(data: string): StagedSpool {
  const staged = stageEncoded(data);
  return { ...staged, add: (entries) => staged.addEncoded(entries.map(encodeEntry)) };
}

function stageEncoded(data: string): Omit<StagedSpool, 'add'> & { addEncoded(entries: readonly Buffer[]): void } {
  let staged: string[] = [];
  return {
    addEncoded: (entries) => {
      const folder = join(data, SPOOL_FOLDER);
      makeFolder(folder);
      const file = join(folder, `${Date.now()}-${hostname()}-${process.pid}-${process.hrtime.bigint()}`);
      writeDurably(file + UNFINISHED_SUFFIX, encodeSpool(entries));
      staged.push(file);
    },
    publish: () => {
      const files = staged.map((file) => file + SPOOL_SUFFIX);
      for (const file of staged) renameSync(file + UNFINISHED_SUFFIX, file + SPOOL_SUFFIX);
      staged = [];
      return files;
    },
    discard: () => {
      for (const file of staged) rmSync(file + UNFINISHED_SUFFIX, { force: true });
      staged = [];
    },
  };
}

/** Writes entries to the spool of the data folder `data`, whole or not at all, for the sink to take in. Returns the file. */
export function writeSpool(data: string, entries: readonly Entry[]): string {
  return writeSpooled(data, entries.map(encodeEntry));
}

/** The same of entries that are encoded already. */
export function writeSpooled(data: string, entries: readonly Buffer[]): string {
  const staged = stageEncoded(data);
  staged.addEncoded(entries);
  return staged.publish()[0]!;
}

/** Removes from the spool of `data` what killed processes of this host left unfinished; does nothing where there is none. */
export function removeUnfinished(data: string): void {
  const folder = join(data, SPOOL_FOLDER);
  for (const name of namesIn(folder)) {
    const [, host, pid] = /^\d+-(.+)-(\d+)-\d+\.part$/.exec(name) ?? [];
    if (host === hostname() && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function writeDurably(file: string, bytes: Buffer): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
