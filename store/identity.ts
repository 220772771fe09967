import { SluiceError, messageOf, mistake } from '../runtime/errors.ts';
import type { Connection } from './database.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';
import { RESULT, sqliteCode } from './sqlite-error.ts';

/** What the numbers in an SQLite file's header say of it. */
export type Verdict = 'empty' | 'ours' | 'newer' | 'foreign';

/** Whose database it is that carries these numbers and `tables` tables. */
export function judge(applicationId: number, userVersion: number, tables: number): Verdict {
  if (applicationId === APPLICATION_ID) return userVersion > SCHEMA_VERSION ? 'newer' : 'ours';
  return applicationId === 0 && userVersion === 0 && tables === 0 ? 'empty' : 'foreign';
}

/**
 * True where the database at `path`, open as `connection`, is ours to use, false where it is still empty.
 *
 * Throws a SluiceError, with one line to the user, for what is no database (`not-a-database`), another
 * program's (`foreign-database`), of a newer version of Sluice (`newer-database`) or damaged
 * (`database-damaged`). Only reads.
 *
 * The file is looked at through SQLite alone: were it opened and closed here by other means, POSIX would drop
 * the locks that this process's other connections hold on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
export function isOurs(path: string, connection: Connection): boolean {
  try {
    return accept(path, connection);
  } catch (thrown) {
    throw explained(thrown, path);
  }
}

function accept(path: string, connection: Connection): boolean {
  const number = (sql: string): number => Number(connection.value(sql));
  const version = number('PRAGMA user_version');
  const tables = number('SELECT count(*) FROM sqlite_schema');
  const verdict = judge(number('PRAGMA application_id'), version, tables);
  if (verdict === 'foreign') {
    throw mistake(
      'foreign-database',
      `${path} is a database of another program. It was left as it is; ` +
        'choose another folder with --data DIR.',
    );
  }
  if (verdict === 'newer') {
    throw mistake(
      'newer-database',
      `${path} has schema version ${version}, and this Sluice knows up to ` +
        `${SCHEMA_VERSION}. It was left as it is; use the Sluice that wrote it.`,
    );
  }
  return verdict === 'ours';
}

function explained(thrown: unknown, path: string): unknown {
  const code = sqliteCode(thrown);
  if (code === RESULT.notDatabase) {
    return mistake(
      'not-a-database',
      `${path} is not an SQLite database. It was left as it is; choose another folder with --data DIR.`,
    );
  }
  if (code === RESULT.corrupt) {
    return new SluiceError(
      'database-damaged',
      `${path} is damaged or cut short (SQLite: ${messageOf(thrown)}). ` +
        'Restore it from a copy, or choose another folder with --data DIR.',
      { cause: thrown },
    );
  }
  return thrown;
}
