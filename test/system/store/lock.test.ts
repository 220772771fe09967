import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockForWriting } from '../../../store/lock.ts';
import { openWriter } from '../../../store/writer.ts';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A process that holds the lock on the database in `directory`. */
async function holder(directory: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child-lock.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test("another process's lock is respected, and it says whose it is", async () => {
  const directory = temporaryDirectory();
  const child = await holder(directory);
  expect(() => lockForWriting(directory)).toThrow(
    expect.objectContaining({
      code: 'sink-running',
      message: expect.stringContaining(`a sink (${child.pid}@${hostname()}) is writing`) as string,
    }),
  );
});

test('a process that stands still keeps its lock', async () => {
  const directory = temporaryDirectory();
  const child = await holder(directory);
  child.kill('SIGSTOP');
  expect(() => lockForWriting(directory)).toThrow('is writing');
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a process that dies of %s gives its lock back',
  async (signal) => {
    const directory = temporaryDirectory();
    const child = await holder(directory);
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    const lock = lockForWriting(directory);
    expect(() => lockForWriting(directory)).toThrow(`(${process.pid}@`);
    lock.release();
  },
);

test('of ten processes that want the lock at once, one gets it', async () => {
  const directory = temporaryDirectory();
  const children = Array.from({ length: 10 }, () =>
    spawn(process.execPath, [join(import.meta.dirname, 'child-lock.ts'), directory], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')));
  const held = children.map(async (child): Promise<string> => {
    const first = await Promise.race([
      once(child.stdout, 'data'),
      once(child.stderr, 'data'),
      once(child, 'exit'),
    ]);
    return String(first[0]).trim();
  });
  const outcomes = await Promise.all(held);
  expect(outcomes.filter((outcome) => outcome === 'held')).toHaveLength(1);
});

test('the lock is no lock on the database itself: its holder writes', () => {
  const directory = temporaryDirectory();
  const lock = lockForWriting(directory);
  openWriter(directory).close();
  lock.release();
});
