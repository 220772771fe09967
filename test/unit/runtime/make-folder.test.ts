import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../../runtime/make-folder.ts';
import { writeSpool } from '../../../runtime/spool.ts';
import { decodeEntry } from '../../../wire/entry.ts';
import { decodeSpool } from '../../../wire/spool-file.ts';
import { temporaryFolder } from './folder.ts';

test('a folder is made with those above it, as often as one likes', () => {
  const folder = join(temporaryFolder(), 'a', 'b', 'c');
  makeFolder(folder, 0o700);
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a file in the way is told of, in the folder\'s place or above it', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(/is a file, not a folder/);
  expect(() => makeFolder(join(file, 'below'))).toThrow(/ENOTDIR/);
});

test.runIf(process.platform === 'linux')('a folder in /proc, which nobody can make, is refused and not asked for for ever', () => {
  expect(() => makeFolder('/proc/sluice/data')).toThrow(/ENOENT/);
});

test('a spool file is whole, for its owner alone, and named anew each time', () => {
  const data = join(temporaryFolder(), 'data');
  const files = [writeSpool(data, [{ kind: 'cancel', table: 'a' }]), writeSpool(data, [{ kind: 'cancel', table: 'b' }])];
  expect(readdirSync(join(data, 'spool')).length).toBe(2);
  expect(files.map((file) => decodeSpool(readFileSync(file)).map(decodeEntry))).toEqual([[{ kind: 'cancel', table: 'a' }], [{ kind: 'cancel', table: 'b' }]]);
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
});
