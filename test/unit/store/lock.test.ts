import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { lockForWriting } from '../../../store/lock.ts';
import type { WriteLock } from '../../../store/lock.ts';
import { temporaryDirectory } from './entries.ts';

function held(directory: string): WriteLock {
  const lock = lockForWriting(directory);
  onTestFinished(() => lock.release());
  return lock;
}

test('a second holder is told who holds the database, in one line', () => {
  const directory = temporaryDirectory();
  held(directory);
  expect(() => lockForWriting(directory)).toThrow(
    expect.objectContaining({
      code: 'sink-running',
      exitCode: 1,
      message:
        `a sink (${process.pid}@${hostname()}) is writing ${join(directory, 'sluice.db3')} already, and a database ` +
        'takes one: use that one, or end it first.',
    }),
  );
});

test('a lock that is released can be taken again, and releasing it twice does no harm', () => {
  const directory = temporaryDirectory();
  const first = held(directory);
  first.release();
  const second = held(directory);
  first.release();
  expect(() => lockForWriting(directory)).toThrow('is writing');
  second.release();
  held(directory);
});

test('two databases have a lock each', () => {
  held(temporaryDirectory());
  held(temporaryDirectory());
});

test('a folder that cannot be made is refused in one line', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'file'), '');
  expect(() => lockForWriting(join(directory, 'file'))).toThrow(
    expect.objectContaining({ code: 'data-folder', exitCode: 2 }),
  );
});
