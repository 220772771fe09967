import { readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { SPOOL_FOLDER, SPOOL_SUFFIX, decodeSpool } from '../wire/spool-file.ts';

/** Ending of a spool file that holds no entries; it is kept for a person to look at. */
const REJECTED_SUFFIX = '.rejected';

/** Entries of one spool file. */
export interface SpoolFile {
  readonly entries: readonly { readonly id: string; readonly bytes: Buffer }[];
  /** Removes the file: only after the commit. Never throws. */
  remove(): void;
}

/** The spool folder of a data folder, as its sink sees it. */
export interface SpoolInlet {
  /**
   * The whole files that are there, oldest first. Never throws: one that the file system does not give at the moment is
   * read again the next time, one that holds no entries is set aside, and one that can be neither set aside nor removed
   * is left alone from then on; each is logged once.
   */
  files(): Generator<SpoolFile>;
}

/** The inlet of the data folder `data`. */
export function openSpoolInlet(data: string, log: Log): SpoolInlet {
  const folder = join(data, SPOOL_FOLDER);
  const leftAlone = new Set<string>();
  const unread = new Set<string>();
  let reported = '';
  const list = (): string[] => {
    try {
      makeFolder(folder);
      const names = readdirSync(folder);
      reported = '';
      return names.filter((name) => name.endsWith(SPOOL_SUFFIX) && !leftAlone.has(name)).sort();
    } catch (error) {
      // The folder is looked into every second; the same reason is told once.
      const reason = messageOf(error);
      if (reason !== reported) log.error({ folder, reason }, 'the spool folder cannot be read');
      reported = reason;
      return [];
    }
  };
  const leaveAloneUnless = (name: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      leftAlone.add(name);
      const fields = { file: join(folder, name), reason: messageOf(error) };
      log.error(fields, 'a spool file can be neither set aside nor removed; it is left alone');
    }
  };
  const read = (name: string): Buffer | undefined => {
    const file = join(folder, name);
    try {
      const bytes = readFileSync(file);
      unread.delete(name);
      return bytes;
    } catch (error) {
      // The rows of a file are not condemned for a file server that fails.
      if (!unread.has(name)) log.error({ file, reason: messageOf(error) }, 'a spool file cannot be read; trying again');
      unread.add(name);
      return undefined;
    }
  };
  return {
    *files() {
      for (const name of list()) {
        const bytes = read(name);
        if (bytes === undefined) continue;
        const file = join(folder, name);
        const entries = entriesIn(bytes, name, file, log);
        if (entries === undefined) leaveAloneUnless(name, () => renameSync(file, file + REJECTED_SUFFIX));
        else yield { entries, remove: () => leaveAloneUnless(name, () => rmSync(file, { force: true })) };
      }
    },
  };
}

function entriesIn(bytes: Buffer, name: string, file: string, log: Log): SpoolFile['entries'] | undefined {
  try {
    return decodeSpool(bytes).map((entry, index) => ({ id: `${name}#${index}`, bytes: entry }));
  } catch (error) {
    log.error({ file, reason: messageOf(error) }, 'a spool file holds no entries and is set aside');
    return undefined;
  }
}
