import { hostname } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../runtime/errors.ts';
import { connect } from './database.ts';
import type { Connection } from './database.ts';
import { databasePath, makeDataDirectory } from './open.ts';
import { isBusy, translated } from './sqlite-error.ts';

/**
 * The locks' files in the data folder: SQLite databases of their own, since their locks work where SQLite's do.
 */
export const LOCK_FILE = 'sink.lock';
const BROKER_LOCK_FILE = 'broker.lock';

/** How long an attempt waits for another that is just writing its name into the file. */
const ATTEMPT_TIMEOUT_MS = 250;

/** Attempts at a lock that is free, in which another process wrote its name between our two transactions. */
const MAX_ATTEMPTS = 10;

/** A right that at most one process holds; the operating system ends it with the process, however that dies. */
export interface WriteLock {
  /** Gives the lock back; further calls do nothing. */
  release(): void;
}

/**
 * The right to write the database in `dataDirectory`.
 *
 * Throws SluiceError `sink-running`, which says who holds it; and `data-folder` where the folder cannot be
 * written.
 */
export function lockForWriting(dataDirectory: string): WriteLock {
  return lock(dataDirectory, LOCK_FILE, (holder) => new SluiceError(
    'sink-running',
    `a sink (${holder}) is writing ${databasePath(dataDirectory)} already, and ` +
      'a database takes one: use that one, or end it first.',
  ));
}

/** The right to keep a broker in `dataDirectory`; throws SluiceError `broker-running`, else as lockForWriting. */
export function lockForBroker(dataDirectory: string): WriteLock {
  return lock(dataDirectory, BROKER_LOCK_FILE, (holder) => new SluiceError(
    'broker-running',
    `\`sluice up\` or \`run\` (${holder}) keeps a broker for ${dataDirectory} already: use that one, or end it first.`,
  ));
}

/** The right to look after the nodes of `table`; throws SluiceError `launch-running`, else as lockForWriting. */
export function lockForLaunching(dataDirectory: string, table: string): WriteLock {
  return lock(dataDirectory, `launch-${table}.lock`, (holder) => new SluiceError(
    'launch-running',
    `a \`launch cluster\` (${holder}) looks after the nodes of ${table} already: end that one first, or let it go on.`,
  ));
}

/** The right to upload what is stored in `dataDirectory`; throws SluiceError `upload-running`, else as lockForWriting. */
export function lockForUploading(dataDirectory: string): WriteLock {
  return lock(dataDirectory, 'upload.lock', (holder) => new SluiceError(
    'upload-running',
    `another process (${holder}) uploads the rows of ${databasePath(dataDirectory)} already: let it go on, or end it first.`,
  ));
}

/** What `take` locks; undefined where another process holds it, which the error `held` says. */
export function lockUnlessHeld(take: () => WriteLock, held: string): WriteLock | undefined {
  try {
    return take();
  } catch (error) {
    if (error instanceof SluiceError && error.code === held) return undefined;
    throw error;
  }
}

function lock(dataDirectory: string, file: string, refusal: (holder: string) => SluiceError): WriteLock {
  const path = join(makeDataDirectory(dataDirectory), file);
  return translated(path, () => {
    const connection = connect(path, { busyTimeoutMs: ATTEMPT_TIMEOUT_MS });
    try {
      if (!acquire(connection, `${process.pid}@${hostname()}`)) throw refusal(holderOf(connection));
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
    let open = true;
    return {
      release: () => {
        if (open) connection.close();
        open = false;
      },
    };
  });
}

/**
 * Takes the reserved lock, which excludes other writers and lets others read who holds it; false where it is
 * taken.
 */
function acquire(connection: Connection, name: string): boolean {
  connection.exec('PRAGMA synchronous = OFF');
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      connection.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (name TEXT); DELETE FROM holder');
      connection.prepare('INSERT INTO holder VALUES (?)').run([name]);
      connection.exec('COMMIT');
      connection.exec('BEGIN IMMEDIATE');
      if (connection.value('SELECT name FROM holder') === name) return true;
      connection.exec('ROLLBACK');
    }
  } catch (thrown) {
    if (!isBusy(thrown)) throw thrown;
  }
  return false;
}

function holderOf(connection: Connection): string {
  try {
    if (connection.inTransaction()) connection.exec('ROLLBACK');
    return String(connection.value('SELECT name FROM holder') ?? 'another process');
  } catch {
    return 'another process';
  }
}
