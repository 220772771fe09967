import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { removeUnfinished, stageSpool, writeSpool } from '../../../runtime/spool.ts';
import { decodeEntry } from '../../../wire/entry.ts';
import type { Entry } from '../../../wire/entry.ts';
import { decodeSpool } from '../../../wire/spool-file.ts';
import { temporaryFolder } from './folder.ts';

const cancel = (table: string): Entry => ({ kind: 'cancel', table });
const spooled = (data: string): string[] => readdirSync(join(data, 'spool')).sort();
const entriesOf = (file: string): Entry[] => decodeSpool(readFileSync(file)).map(decodeEntry);

test('staged files are seen together and in their order, or not at all', () => {
  const data = temporaryFolder();
  const staged = stageSpool(data);
  for (const table of ['a', 'b', 'c']) staged.add([cancel(table)]);
  expect(spooled(data).every((name) => name.endsWith('.part'))).toBe(true);
  const files = staged.publish();
  expect(spooled(data)).toEqual(files.map((file) => basename(file)));
  expect(files.flatMap(entriesOf)).toEqual(['a', 'b', 'c'].map(cancel));
  staged.add([cancel('d')]);
  staged.discard();
  expect(spooled(data)).toHaveLength(3);
  expect(entriesOf(writeSpool(data, [cancel('e'), cancel('f')]))).toEqual([cancel('e'), cancel('f')]);
});

test('what a dead process of this host left unfinished is removed, and nothing else', () => {
  const data = temporaryFolder();
  removeUnfinished(data);
  writeSpool(data, [cancel('a')]);
  const whole = spooled(data);
  // No process has a number above the system's limit of 2^22.
  const dead = `1-${hostname()}-4194305-9.part`;
  const kept = [`1-elsewhere-4194305-9.part`, `1-${hostname()}-${process.pid}-9.part`, 'notes.part'];
  for (const name of [dead, ...kept]) writeFileSync(join(data, 'spool', name), '');
  removeUnfinished(data);
  expect(spooled(data)).toEqual([...kept, ...whole].sort());
});
