import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { SCHEMA_VERSION } from '../../../store/schema.ts';
import type { End } from '../harness/command.ts';
import { openRedis } from '../harness/redis.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { everythingIn, expectRefusal } from './refusal.ts';

const SMALL = ['--blocks', '2', '--nrow', '4', '--ncol', '3'];

/** How every command that touches a database ends; those that need a broker are given one. */
async function endsOfAll(space: Workspace): Promise<readonly End[]> {
  const folder = `${space.folder}-redis`;
  await using held = new AsyncDisposableStack();
  held.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const redis = held.use(await openRedis(folder));
  const at = ['--redis', redis.url];
  const alone = [['status'], ['reduce'], ['export'], ['retry'], ['cancel'], ['up'], ['run', ...SMALL], ['gather', 't', import.meta.filename]];
  const lines = [...alone, ['sink', ...at], ['enqueue', ...SMALL, ...at], ['cancel', ...at]];
  return await Promise.all(lines.map(async ([command = '', ...rest]) => await space.sluice(command, '--json', ...rest).ended));
}

/** Makes a database in the workspace's data folder that `prepare` turns into something else. */
async function prepared(space: Workspace, sql: string): Promise<void> {
  await space.json(['run', ...SMALL]);
  const connection = connect(databasePath(space.data), {});
  connection.exec(sql);
  connection.close();
}

test('a database of a newer version is refused by every command and left as it is', async () => {
  await using space = openWorkspace('newer');
  await prepared(space, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  const before = readFileSync(databasePath(space.data));
  const ends = await endsOfAll(space);
  for (const end of ends) expectRefusal(end, { exit: 2, code: 'newer-database', says: new RegExp(`has schema version ${SCHEMA_VERSION + 1}, and this Sluice knows up to ${SCHEMA_VERSION}`) });
  expect(readFileSync(databasePath(space.data)).equals(before)).toBe(true);
});

test('another program\'s database is refused by every command and left as it is', async () => {
  await using space = openWorkspace('foreign');
  space.file('data/keep', '');
  const connection = connect(databasePath(space.data), {});
  connection.exec('CREATE TABLE mine (x)');
  connection.close();
  const before = readFileSync(databasePath(space.data));
  const ends = await endsOfAll(space);
  for (const end of ends) expectRefusal(end, { exit: 2, code: 'foreign-database', says: /is a database of another program/ });
  expect(readFileSync(databasePath(space.data)).equals(before)).toBe(true);
});

test('a file that is no database, and a folder in its place, are refused by every command and left as they are', async () => {
  for (const file of ['data/sluice.db3', 'data/sluice.db3/folder']) {
    await using space = openWorkspace('no-database');
    const garbage = randomBytes(4096).toString('hex');
    space.file(file, garbage);
    const before = everythingIn(space.folder);
    const ends = await endsOfAll(space);
    for (const end of ends) expectRefusal(end, { exit: 2, code: 'not-a-database', says: /sluice\.db3 is not (an SQLite database|a file)/ });
    expect(readFileSync(join(space.folder, file), 'utf8')).toBe(garbage);
    expect(everythingIn(space.folder)).toEqual(before);
  }
});

test('an unknown table is told of with those that there are, and an export writes nothing', async () => {
  await using space = openWorkspace('unknown-table');
  await space.json(['run', ...SMALL, '--table', 'mine']);
  for (const command of ['reduce', 'export', 'retry', 'cancel']) {
    const end = await space.sluice(command, 'yours', '--json', ...(command === 'export' ? ['--to', 'rows.csv'] : [])).ended;
    expectRefusal(end, { exit: 1, code: 'no-table', says: /no table yours; it has mine/ });
  }
  const end = await space.sluice('export', 'mine', '--json', '--to', 'none/rows.csv').ended;
  expectRefusal(end, { exit: 1, code: 'cannot-export', says: /cannot write none\/rows\.csv/ });
  expect(everythingIn(space.folder).filter((name) => name.includes('rows.csv'))).toEqual([]);
});
