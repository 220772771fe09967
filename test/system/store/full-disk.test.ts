import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { BatchResult } from '../../../store/tally.ts';

/** What child-full-disk.ts prints. */
interface Story {
  readonly type: number;
  readonly first: { readonly next: number; readonly code: string; readonly message: string };
  readonly again: { readonly next: number; readonly code: string };
  readonly whileFull: number;
  readonly after: BatchResult;
  readonly atEnd: number;
}

const TMPFS_TYPE = 0x01021994;

/** A tmpfs of one's own needs util-linux's unshare and a kernel that allows user namespaces (or root). */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

test.skipIf(!canMount && process.env['CI'] === undefined).each(['wal', 'delete'])(
  'a disk that fills up costs nothing that was committed, and the writer then goes on (%s; needs unshare -rm)',
  async (journal) => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-full-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const script = 'mount -t tmpfs -o size=16m none "$0" && exec "$@"';
    const { stdout } = await promisify(execFile)('unshare', [
      '-rm',
      'sh',
      '-c',
      script,
      directory,
      process.execPath,
      join(import.meta.dirname, 'child-full-disk.ts'),
      directory,
      journal,
    ]);
    const story = JSON.parse(stdout) as Story;
    expect(story.type).toBe(TMPFS_TYPE);
    expect(story.first.next).toBeGreaterThan(0);
    expect(story.first.code).toMatch(/^database-(full|io)$/);
    expect(story.first.message).toMatch(/^[^\n]+$/);
    expect(story.again).toMatchObject({ next: story.first.next, code: story.first.code });
    expect(story.whileFull).toBe(story.first.next);
    expect(story.after).toMatchObject({ rows: 40, duplicates: story.first.next, deadLetters: 0 });
    expect(story.atEnd).toBe(story.first.next + 40);
  },
);
