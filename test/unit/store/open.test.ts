import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SluiceError } from '../../../runtime/errors.ts';
import { connect } from '../../../store/database.ts';
import type { Connection } from '../../../store/database.ts';
import { databasePath, openForWriting } from '../../../store/open.ts';
import { openStore, openStoreIfPresent } from '../../../store/store.ts';
import { openWriter, writerOver } from '../../../store/writer.ts';
import {
  batchOf,
  planEntry,
  plannedTable,
  rowEntry,
  storeIn,
  temporaryDirectory,
  writerIn,
} from './entries.ts';

const NFS = { name: 'NFS', local: false };

/** The SluiceError that `action` throws. */
function errorOf(action: () => unknown): SluiceError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof SluiceError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

/**
 * What both the writer and the readers say of the database in `directory`, which they must leave as it is.
 */
function refusals(directory: string): SluiceError[] {
  const path = databasePath(directory);
  const before = readFileSync(path);
  const errors = [errorOf(() => openWriter(directory)), errorOf(() => openStoreIfPresent(directory))];
  expect(readFileSync(path).equals(before)).toBe(true);
  for (const { message } of errors) expect(message).toMatch(/^[^\n]+$/);
  return errors;
}

function connectedTo(directory: string): Connection {
  const connection = connect(databasePath(directory));
  onTestFinished(() => connection.close());
  return connection;
}

describe('a database that is not there', () => {
  test('is undefined to who asks whether, an error to who needs it, and is not created', () => {
    const directory = join(temporaryDirectory(), 'data');
    expect(openStoreIfPresent(directory)).toBeUndefined();
    expect(errorOf(() => openStore(directory))).toMatchObject({ code: 'no-database', exitCode: 2 });
    expect(existsSync(directory)).toBe(false);
  });

  test('is created by a writer, with its folders', () => {
    const directory = join(temporaryDirectory(), 'a', 'b');
    writerIn(directory);
    expect(storeIn(directory).tables()).toEqual([]);
  });

  test('is not there while its file is empty, and a writer makes it', () => {
    const directory = temporaryDirectory();
    writeFileSync(databasePath(directory), '');
    expect(openStoreIfPresent(directory)).toBeUndefined();
    writerIn(directory);
    expect(storeIn(directory).tables()).toEqual([]);
  });
});

describe('a data folder that cannot be used is refused in one line', () => {
  test('a file in its place', () => {
    const directory = join(temporaryDirectory(), 'data');
    writeFileSync(directory, '');
    const error = errorOf(() => openWriter(directory));
    expect(error).toMatchObject({ code: 'data-folder', exitCode: 2 });
    expect(error.message).toContain(directory);
  });

  test('a file among its parents', () => {
    const parent = join(temporaryDirectory(), 'file');
    writeFileSync(parent, '');
    expect(errorOf(() => openWriter(join(parent, 'data')))).toMatchObject({ code: 'data-folder' });
  });

  test.skipIf(process.getuid?.() === 0)(
    'a folder without write permission (root writes everywhere: skipped as root)',
    () => {
      const directory = temporaryDirectory();
      chmodSync(directory, 0o500);
      onTestFinished(() => chmodSync(directory, 0o700));
      expect(errorOf(() => openWriter(directory))).toMatchObject({ code: 'data-folder', exitCode: 2 });
    },
  );

  test.skipIf(process.getuid?.() === 0)(
    'but a finished database can be read from one without write permission (skipped as root)',
    () => {
      const directory = temporaryDirectory();
      const writer = writerIn(directory);
      writer.apply(batchOf(planEntry(), rowEntry({ a: 1 })));
      const resting = temporaryDirectory();
      writer.close();
      writeFileSync(databasePath(resting), readFileSync(databasePath(directory)));
      chmodSync(resting, 0o500);
      onTestFinished(() => chmodSync(resting, 0o700));
      expect(storeIn(resting).counts('trial_table')).toEqual({ stored: 1, failed: 0 });
      expect(readdirSync(resting)).toEqual(['sluice.db3']);
    },
  );

  test('a folder in the place of the database', () => {
    const directory = temporaryDirectory();
    mkdirSync(databasePath(directory));
    expect(errorOf(() => openWriter(directory))).toMatchObject({ code: 'not-a-database' });
    expect(errorOf(() => openStore(directory))).toMatchObject({ code: 'not-a-database' });
  });
});

describe('what is no database of ours is refused in one line and left as it is', () => {
  test.each([
    ['a short text', 'hello'],
    ['a long text', 'hello\n'.repeat(10_000)],
    ['nothing but the first word of one', 'SQLite format 3\0'],
  ])('%s', (_, content) => {
    const directory = temporaryDirectory();
    writeFileSync(databasePath(directory), content);
    expect(refusals(directory)).toMatchObject([
      { code: 'not-a-database', exitCode: 2 },
      { code: 'not-a-database', exitCode: 2 },
    ]);
  });

  test("another program's database", () => {
    const directory = temporaryDirectory();
    const connection = connect(databasePath(directory));
    connection.exec('CREATE TABLE theirs (x)');
    connection.close();
    expect(refusals(directory)).toMatchObject([
      { code: 'foreign-database', exitCode: 2 },
      { code: 'foreign-database', exitCode: 2 },
    ]);
    expect(readdirSync(directory)).toEqual(['sluice.db3']);
  });

  test("another program's database that bears its application id", () => {
    const directory = temporaryDirectory();
    const connection = connect(databasePath(directory));
    connection.exec('PRAGMA application_id = 42; VACUUM');
    connection.close();
    expect(refusals(directory)).toMatchObject([{ code: 'foreign-database' }, { code: 'foreign-database' }]);
  });

  test('a database of a newer version', () => {
    const directory = temporaryDirectory();
    openWriter(directory).close();
    connectedTo(directory).exec('PRAGMA user_version = 4');
    const errors = refusals(directory);
    expect(errors).toMatchObject([
      { code: 'newer-database', exitCode: 2 },
      { code: 'newer-database', exitCode: 2 },
    ]);
    expect(errors[0]?.message).toContain('schema version 4, and this Sluice knows up to 3');
  });

  test('a database that was cut short', () => {
    const { directory, writer } = plannedTable();
    writer.apply(
      batchOf(...Array.from({ length: 20 }, (_, a) => rowEntry({ a }, { v: new Float64Array(1000) }))),
    );
    writer.close();
    const copy = temporaryDirectory();
    writeFileSync(databasePath(copy), readFileSync(databasePath(directory)));
    for (const bytes of [100_000, 32_768, 500]) {
      truncateSync(databasePath(copy), bytes);
      for (const { code } of refusals(copy)) expect(code).toMatch(/^(database-damaged|not-a-database)$/);
    }
  });
});

describe('the journal', () => {
  test('is a WAL with synchronous=FULL on a local file system', () => {
    const connection = openForWriting(temporaryDirectory(), { name: 'ext4', local: true });
    expect([connection.value('PRAGMA journal_mode'), connection.value('PRAGMA synchronous')]).toEqual([
      'wal',
      2,
    ]);
    connection.close();
  });

  test('is a rollback journal with synchronous=FULL on a shared one, also for a database that had a WAL', () => {
    const directory = temporaryDirectory();
    openForWriting(directory).close();
    const connection = openForWriting(directory, NFS);
    expect([connection.value('PRAGMA journal_mode'), connection.value('PRAGMA synchronous')]).toEqual([
      'delete',
      2,
    ]);
    connection.close();
  });

  test('leaves one file also where nothing was written, and a reader was there meanwhile', () => {
    const directory = temporaryDirectory();
    openWriter(directory).close();
    const writer = openWriter(directory);
    openStore(directory).close();
    writer.close();
    expect(readdirSync(directory)).toEqual(['sluice.db3']);
  });

  test('a reader in the middle of its rows does not block the writer, with either', () => {
    for (const fileSystem of [{ name: 'ext4', local: true }, NFS]) {
      const directory = temporaryDirectory();
      const connection = openForWriting(directory, fileSystem);
      connection.exec('PRAGMA busy_timeout = 0');
      const writer = writerOver(connection, databasePath(directory));
      writer.apply(batchOf(planEntry(), ...Array.from({ length: 600 }, (_, a) => rowEntry({ a }))));
      const store = storeIn(directory);
      const iterators = [
        store.rows('trial_table'),
        store.rows('trial_table', { ordered: true }),
        store.provenance('trial_table'),
      ].map((rows) => rows[Symbol.iterator]());
      for (const iterator of iterators) iterator.next();
      expect(writer.apply(batchOf(rowEntry({ a: 600 }, { late: 1 })))).toMatchObject({ rows: 1 });
      for (const iterator of iterators) {
        let more = 0;
        while (iterator.next().done !== true) more++;
        expect(more).toBeGreaterThanOrEqual(599);
      }
      writer.close();
    }
  });

  test('is emptied into the database also while a reader has it open', () => {
    const { directory, writer } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 })));
    const wal = `${databasePath(directory)}-wal`;
    expect(statSync(wal).size).toBeGreaterThan(0);
    writer.close();
    expect(statSync(wal).size).toBe(0);
  });

  test('stays a WAL while a reader is in the middle of a transaction of its own, and nothing is lost', () => {
    const { directory, writer } = plannedTable();
    writer.apply(batchOf(rowEntry({ a: 1 })));
    const reader = connectedTo(directory);
    reader.exec('BEGIN');
    expect(reader.value('SELECT count(*) FROM trial_table')).toBe(1);
    writer.apply(batchOf(rowEntry({ a: 2 })));
    writer.close();
    expect(reader.value('SELECT count(*) FROM trial_table')).toBe(1);
    reader.exec('COMMIT');
    expect(
      writerIn(directory).apply(batchOf(rowEntry({ a: 1 }), rowEntry({ a: 2 }), rowEntry({ a: 3 }))),
    ).toMatchObject({ rows: 1, duplicates: 2 });
  });
});

describe('a transaction that fails as a whole', () => {
  test.each([
    ['a WAL', undefined],
    ['a rollback journal', NFS],
  ])(
    'on a full disk leaves nothing half-written, and the writer works again when there is space (%s)',
    (_, fileSystem) => {
      const directory = temporaryDirectory();
      const connection = openForWriting(directory, fileSystem);
      const writer = writerOver(connection, databasePath(directory));
      writer.apply(batchOf(planEntry(), rowEntry({ a: 0 })));
      const pages = Number(connection.value('PRAGMA page_count'));
      connection.exec(`PRAGMA max_page_count = ${pages + 3}`);
      const batch = batchOf(
        planEntry({ table: 'second' }),
        ...Array.from({ length: 40 }, (_, a) =>
          rowEntry({ a: a + 1 }, { v: new Float64Array(500).fill(a + 0.1), [`y${a % 3}`]: a }),
        ),
      );
      const store = storeIn(directory);
      for (let attempt = 0; attempt < 2; attempt++) {
        expect(errorOf(() => writer.apply(batch))).toMatchObject({ code: 'database-full', exitCode: 1 });
        expect([store.tables(), store.counts('trial_table')]).toEqual([
          ['trial_table'],
          { stored: 1, failed: 0 },
        ]);
        expect([...store.rows('trial_table')]).toEqual([{ a: 0 }]);
      }
      expect(writer.apply(batchOf(rowEntry({ a: 50 })))).toMatchObject({ rows: 1 });
      connection.exec('PRAGMA max_page_count = 1000000');
      expect(writer.apply(batch)).toMatchObject({ rows: 40, plans: 1, deadLetters: 0 });
      expect(store.counts('trial_table')).toEqual({ stored: 42, failed: 0 });
      expect([...store.provenance('trial_table')].map(({ rowId }) => rowId)).toEqual(
        Array.from({ length: 42 }, (_, i) => i + 1),
      );
      writer.close();
    },
  );

  test("by another program's lock says so, and the writer works again when it is gone", () => {
    const directory = temporaryDirectory();
    const connection = openForWriting(directory);
    connection.exec('PRAGMA busy_timeout = 0');
    const writer = writerOver(connection, databasePath(directory));
    const other = connectedTo(directory);
    other.exec('BEGIN IMMEDIATE');
    expect(errorOf(() => writer.apply(batchOf(planEntry())))).toMatchObject({ code: 'database-busy' });
    other.exec('ROLLBACK');
    expect(writer.apply(batchOf(planEntry()))).toMatchObject({ plans: 1 });
    writer.close();
  });
});

test('VACUUM by a user keeps rows and provenance together', () => {
  const { directory, writer, store } = plannedTable();
  const entries = [5, 3, 9].map((a) => rowEntry({ a }, { y: a * 2 }));
  writer.apply(batchOf(...entries));
  connectedTo(directory).exec('VACUUM');
  expect([...store.provenance('trial_table')].map(({ key }) => key)).toEqual(entries.map(({ key }) => key));
  expect([...store.rows('trial_table')]).toEqual(entries.map(({ row }) => row));
  expect(writer.apply(batchOf(...entries, rowEntry({ a: 1 })))).toMatchObject({ rows: 1, duplicates: 3 });
});
