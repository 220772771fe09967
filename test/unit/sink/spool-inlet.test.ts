import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../runtime/log.ts';
import { writeSpool } from '../../../runtime/spool.ts';
import { readSpool } from '../../../sink/spool-inlet.ts';
import { decodeEntry } from '../../../wire/entry.ts';
import { temporaryFolder } from '../runtime/folder.ts';

function tablesIn(data: string): string[] {
  return [...readSpool(data, silentLog())].flatMap((file) => file.entries.map(({ bytes }) => decodeEntry(bytes).table));
}

test('spool files are read oldest first, and stay until they are removed', () => {
  const data = temporaryFolder();
  for (const table of ['a', 'b', 'c']) writeSpool(data, [{ kind: 'cancel', table }, { kind: 'retry', table }]);
  expect(tablesIn(data)).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  expect(tablesIn(data)).toHaveLength(6);
  for (const file of readSpool(data, silentLog())) file.remove();
  expect(tablesIn(data)).toEqual([]);
});

test('a file that is not whole yet is left alone; one that cannot be read is set aside and blocks no other', () => {
  const data = temporaryFolder();
  writeSpool(data, [{ kind: 'cancel', table: 'a' }]);
  const spool = join(data, 'spool');
  writeFileSync(join(spool, '0-half.part'), 'half');
  writeFileSync(join(spool, '0-bad.entries'), 'garbage');
  expect(tablesIn(data)).toEqual(['a']);
  expect(readdirSync(spool).filter((name) => name.startsWith('0'))).toEqual(['0-bad.entries.rejected', '0-half.part']);
});

test('every entry has a name of its own, for the dead letters', () => {
  const data = temporaryFolder();
  writeSpool(data, [{ kind: 'cancel', table: 'a' }, { kind: 'cancel', table: 'b' }]);
  const ids = [...readSpool(data, silentLog())].flatMap((file) => file.entries.map(({ id }) => id));
  expect(new Set(ids).size).toBe(2);
  expect(ids[0]).toMatch(/\.entries#0$/);
});
