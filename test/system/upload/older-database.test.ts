import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { SCHEMA_VERSION } from '../../../store/schema.ts';
import { openStore } from '../../../store/store.ts';
import { openWriter } from '../../../store/writer.ts';
import { encodeEntry } from '../../../wire/entry.ts';
import { DROP_COUNTS } from '../../unit/store/entries.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { TABLE, rowOf } from './trial.ts';

const DYING = join(import.meta.dirname, 'fixtures', 'dying-renewal.ts');
const OUTBOX_TABLES = ['sluice_uploads', 'sluice_batches', 'sluice_uploaded_elsewhere'];

/** A database with 50 rows as it was before there were uploads. */
function makeOlder(data: string): void {
  const writer = openWriter(data);
  const entries = [{ kind: 'plan' as const, table: TABLE, definition: { kind: 'builtin' as const, name: 'svd-block', version: '1' } }, ...Array.from({ length: 50 }, (_, seed) => rowOf(seed))];
  writer.apply(entries.map((entry, index) => ({ id: `${index}`, bytes: encodeEntry(entry) })));
  writer.close();
  const connection = connect(databasePath(data));
  connection.exec(`${OUTBOX_TABLES.map((name) => `DROP TABLE ${name};`).join(' ')} ${DROP_COUNTS} PRAGMA user_version = 1`);
  connection.close();
}

/** The version of the file, the tables of the outbox that it has, and whether it is whole. */
function standingOf(data: string): unknown[] {
  const connection = connect(databasePath(data));
  const tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all([]).map(([name]) => String(name));
  const standing = [connection.value('PRAGMA user_version'), OUTBOX_TABLES.filter((name) => tables.includes(name)), connection.value('PRAGMA integrity_check')];
  connection.close();
  return standing;
}

test.each(OUTBOX_TABLES)('a writer that is killed while it makes an older database a newer one, at %s, leaves it as it was; the next one completes it', async (table) => {
  await using space = openWorkspace('upload-older');
  makeOlder(space.data);
  expect(await space.script(DYING, space.data, table).ended).toMatchObject({ signal: 'SIGKILL', stdout: '', stderr: '' });
  expect(standingOf(space.data)).toEqual([1, [], 'ok']);
  expect(await space.script(DYING, space.data, 'none').ended).toMatchObject({ code: 0, stdout: 'renewed\n' });
  expect(standingOf(space.data)).toEqual([SCHEMA_VERSION, OUTBOX_TABLES, 'ok']);
  const store = openStore(space.data);
  expect(store.counts(TABLE)).toEqual({ stored: 50, failed: 0 });
  expect(store.outbox(TABLE)?.standing('project.EMS').behind).toBe(50);
  store.close();
});
