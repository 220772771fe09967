import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { silentLog } from '../../../runtime/log.ts';
import { writeSpool } from '../../../runtime/spool.ts';
import { openSpoolInlet } from '../../../sink/spool-inlet.ts';
import { decodeEntry, type Entry } from '../../../wire/entry.ts';
import { temporaryFolder } from '../runtime/folder.ts';

function tablesIn(data: string): string[] {
  return [...openSpoolInlet(data, silentLog()).files()].flatMap((file) => file.entries.map(({ bytes }) => decodeEntry(bytes).table));
}

test('spool files are read oldest first, and stay until they are removed', () => {
  const data = temporaryFolder();
  for (const table of ['a', 'b', 'c']) writeSpool(data, [{ kind: 'cancel', table }, { kind: 'retry', table }]);
  expect(tablesIn(data)).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  expect(tablesIn(data)).toHaveLength(6);
  for (const file of openSpoolInlet(data, silentLog()).files()) file.remove();
  expect(tablesIn(data)).toEqual([]);
});

test('a file that is not whole yet is left alone; one that holds no entries is set aside and blocks no other', () => {
  const data = temporaryFolder();
  writeSpool(data, [{ kind: 'cancel', table: 'a' }]);
  const spool = join(data, 'spool');
  writeFileSync(join(spool, '0-half.part'), 'half');
  writeFileSync(join(spool, '0-bad.entries'), 'garbage');
  expect(tablesIn(data)).toEqual(['a']);
  expect(readdirSync(spool).filter((name) => name.startsWith('0'))).toEqual(['0-bad.entries.rejected', '0-half.part']);
});

test('a file that the file system does not give is not set aside, is told of once, and is read when it can be', () => {
  const data = temporaryFolder();
  const file = writeSpool(data, [{ kind: 'cancel', table: 'late' }]);
  writeSpool(data, [{ kind: 'cancel', table: 'a' }]);
  renameSync(file, `${file}.kept`);
  mkdirSync(file); // what is read as a file, and is none, gives an error of the file system
  const told: string[] = [];
  const inlet = openSpoolInlet(data, pino({ base: null }, { write: (line) => void told.push((JSON.parse(line) as { msg: string }).msg) }));
  const tables = (): string[] => [...inlet.files()].flatMap(({ entries }) => entries.map(({ bytes }) => decodeEntry(bytes).table));
  expect([tables(), tables()]).toEqual([['a'], ['a']]);
  expect(told).toEqual(['a spool file cannot be read; trying again']);
  rmdirSync(file);
  renameSync(`${file}.kept`, file);
  expect(tables()).toEqual(['late', 'a']);
});

test('every entry has a name of its own, for the dead letters', () => {
  const data = temporaryFolder();
  writeSpool(data, [{ kind: 'cancel', table: 'a' }, { kind: 'cancel', table: 'b' }]);
  const ids = [...openSpoolInlet(data, silentLog()).files()].flatMap((file) => file.entries.map(({ id }) => id));
  expect(new Set(ids).size).toBe(2);
  expect(ids[0]).toMatch(/\.entries#0$/);
});

test('a file that cannot be removed after its commit is not read again, and blocks no other', () => {
  const data = temporaryFolder();
  const files = [{ kind: 'cancel', table: 'a' }, { kind: 'cancel', table: 'b' }].map((entry) => writeSpool(data, [entry as Entry]));
  const inlet = openSpoolInlet(data, silentLog());
  const read: string[] = [];
  for (const file of inlet.files()) {
    read.push(...file.entries.map(({ bytes }) => decodeEntry(bytes).table));
    // A folder in the file's place cannot be removed as a file, whoever asks.
    if (read.length === 1) rmSync(files[0] ?? '');
    if (read.length === 1) mkdirSync(files[0] ?? '');
    expect(() => file.remove()).not.toThrow();
  }
  expect(read).toEqual(['a', 'b']);
  expect([...inlet.files()]).toEqual([]);
});

test('a spool folder that cannot be made has no files, and is no fault', () => {
  const data = temporaryFolder();
  writeFileSync(join(data, 'spool'), 'a file in its place');
  expect([...openSpoolInlet(data, silentLog()).files()]).toEqual([]);
});
