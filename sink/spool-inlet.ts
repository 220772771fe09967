import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { SPOOL_FOLDER, SPOOL_SUFFIX, decodeSpool } from '../wire/spool-file.ts';

/** Ending of a spool file that could not be read; it is kept for a person to look at. */
const REJECTED_SUFFIX = '.rejected';

/** Entries of one spool file. */
export interface SpoolFile {
  readonly entries: readonly { readonly id: string; readonly bytes: Buffer }[];
  /** Removes the file: only after the commit. */
  remove(): void;
}

/** The whole spool files of the data folder `data`, oldest first; one that cannot be read is set aside and logged. */
export function* readSpool(data: string, log: Log): Generator<SpoolFile> {
  const folder = join(data, SPOOL_FOLDER);
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).filter((name) => name.endsWith(SPOOL_SUFFIX));
  for (const name of names.sort()) {
    const file = join(folder, name);
    const entries = entriesOf(file, name, log);
    if (entries !== undefined) yield { entries, remove: () => rmSync(file, { force: true }) };
  }
}

function entriesOf(file: string, name: string, log: Log): SpoolFile['entries'] | undefined {
  try {
    return decodeSpool(readFileSync(file)).map((bytes, index) => ({ id: `${name}#${index}`, bytes }));
  } catch (error) {
    log.error({ file, reason: messageOf(error) }, 'a spool file cannot be read and is set aside');
    renameSync(file, file + REJECTED_SUFFIX);
    return undefined;
  }
}
