import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, mistake } from '../runtime/errors.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { connect } from './database.ts';
import type { Connection } from './database.ts';
import { fileSystemAt, journalModeFor } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { isOurs } from './identity.ts';
import { APPLICATION_ID, FAILURE_COUNTS, FAILURE_COUNTS_VERSION, OUTBOX, OUTBOX_VERSION, PAGE_BYTES, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { isBusy, needsRollback, translated } from './sqlite-error.ts';

/** The database's file in the data folder. */
export const DATABASE_FILE = 'sluice.db3';

/** The writer's page cache: the upper pages of a key index of ten million rows. */
const CACHE_KIB = 32_768;

/**
 * What a WAL shrinks to after a checkpoint, so that one large transaction does not keep its space for ever.
 */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** The absolute path of the database in `dataDirectory`. */
export function databasePath(dataDirectory: string): string {
  return resolve(dataDirectory, DATABASE_FILE);
}

/**
 * Makes the folder `dataDirectory` and returns its absolute path; throws `data-folder` where it cannot be
 * written.
 */
export function makeDataDirectory(dataDirectory: string): string {
  const directory = resolve(dataDirectory);
  try {
    // Rows are their owner's; who shares them opens the folder.
    makeFolder(directory, 0o700);
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw mistake(
      'data-folder',
      `cannot write the data folder ${directory} (${messageOf(thrown)}). ` +
        'Choose another with --data DIR.',
    );
  }
  return directory;
}

/**
 * A connection that may write the database in `dataDirectory`, both of which are created where absent.
 *
 * synchronous is FULL; the journal is a WAL where `fileSystem` is local, else a rollback journal.
 * Throws SluiceErrors as makeDataDirectory and isOurs do.
 */
export function openForWriting(dataDirectory: string, fileSystem?: FileSystem): Connection {
  const directory = makeDataDirectory(dataDirectory);
  const path = join(directory, DATABASE_FILE);
  requireFile(path);
  return opened(path, {}, (connection) => {
    if (!isOurs(path, connection)) createSchema(connection);
    renew(connection);
    setUp(connection, journalModeFor(fileSystem ?? fileSystemAt(directory)));
    return connection;
  });
}

/**
 * A connection that reads the database in `dataDirectory`, or undefined where there is none.
 *
 * Creates no database and changes none, save that it rolls back what a killed writer left half-done.
 * Throws SluiceErrors as isOurs does.
 */
export function openForReading(dataDirectory: string): Connection | undefined {
  const path = databasePath(dataDirectory);
  if (!requireFile(path)) return undefined;
  const read = (): Connection | undefined =>
    opened(path, { readOnly: true }, (connection) => (isOurs(path, connection) ? connection : undefined));
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof Error) || !needsRollback(thrown.cause)) throw thrown;
    // A connection that may write rolls the journal back as soon as it looks.
    opened(path, {}, (connection) => void isOurs(path, connection));
    return read();
  }
}

/** What `use` makes of a connection to `path`; closed unless that is the connection itself. */
function opened<T extends Connection | undefined | void>(
  path: string,
  options: { readOnly?: boolean },
  use: (connection: Connection) => T,
): T {
  return translated(path, () => {
    const connection = connect(path, options);
    let kept: T | undefined;
    try {
      kept = use(connection);
      return kept;
    } finally {
      if (kept !== connection) connection.close();
    }
  });
}

/** True where there is a file at `path`; throws where there is something else. */
function requireFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (!found.isFile()) {
    throw mistake('not-a-database', `${path} is not a file. Choose another folder with --data DIR.`);
  }
  return found.size > 0;
}

/**
 * Closes a writer's connection and leaves one file: the WAL is played into it and removed.
 *
 * At rest the database is in rollback mode, so that it can be read from a folder that the reader cannot
 * write, and copied as one file. While a reader has it open the WAL's file must stay; it is then left empty
 * unless the reader is in the middle of a transaction.
 */
export function closeWriter(connection: Connection): void {
  try {
    connection.exec('PRAGMA busy_timeout = 0');
    connection.exec('PRAGMA journal_mode = DELETE');
  } catch (thrown) {
    if (!isBusy(thrown)) throw thrown;
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
  }
}

function createSchema(connection: Connection): void {
  connection.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  connection.exec(`BEGIN EXCLUSIVE;
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${SCHEMA_VERSION};
    ${SCHEMA}
    ${OUTBOX}
    ${FAILURE_COUNTS}
    COMMIT;`);
}

/**
 * Brings an older database to SCHEMA_VERSION, in one transaction; only its writer does, so that nobody else reads it
 * while it changes. To 2 the outbox is added, to 3 the counts of failures; nothing that was there is touched.
 */
function renew(connection: Connection): void {
  const version = Number(connection.value('PRAGMA user_version'));
  if (version >= SCHEMA_VERSION) return;
  const added = `${version < OUTBOX_VERSION ? OUTBOX : ''}${version < FAILURE_COUNTS_VERSION ? FAILURE_COUNTS : ''}`;
  connection.exec(`BEGIN EXCLUSIVE; ${added} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

function setUp(connection: Connection, mode: 'wal' | 'delete'): void {
  connection.exec('PRAGMA synchronous = FULL');
  connection.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  connection.exec(`PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`);
  try {
    connection.value(`PRAGMA journal_mode = ${mode}`);
    // Opens the WAL: one that was never read is not removed at the end, where another connection has used it.
    connection.value('SELECT count(*) FROM sqlite_schema');
  } catch (thrown) {
    // A reader is in the way of the change. The rollback journal does as well where a WAL would do.
    if (mode === 'delete' || !isBusy(thrown)) throw thrown;
  }
}
