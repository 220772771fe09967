import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { taskSchema } from './squeue-answer.ts';

/** Age at which whoever holds the lock is taken for dead: a call ends long before. */
const LOCK_STALE_MS = 120_000;

const answerSchema = z.object({
  /** The number of the call that it came by: a later call has a higher one, whichever host's clock either is timed by. */
  call: z.number(),
  askedAtMs: z.number(),
  tasks: z.array(taskSchema),
});

const cacheSchema = z.object({
  /** The number of the last call, also where it has not been answered. */
  call: z.number(),
  /** When squeue was last called, by Date.now(). */
  calledAtMs: z.number(),
  answer: answerSchema.optional(),
  /** Why the last call failed, where it did. */
  error: z.string().optional(),
});

/** What all Sluice processes of a user on a cluster share of its queue. */
export type Cache = z.infer<typeof cacheSchema>;

/** This user's tasks as squeue told of them at `askedAtMs`, by Date.now(). */
export type SlurmQueue = z.infer<typeof answerSchema>;

/** What `file` holds; undefined where that is nothing whole. */
export function readCache(file: string): Cache | undefined {
  try {
    return cacheSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined; // none yet, or not whole
  }
}

/** Puts `cache` into `file`, which is whole at every moment; throws the system's error where it cannot. */
export function writeCache(file: string, cache: Cache): void {
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, JSON.stringify(cache), { mode: 0o600 });
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** A lock by a file beside `cache` that one process alone can make, also on a shared file system; undefined where another has it. */
export function lockCache(cache: string): (() => void) | undefined {
  const file = `${cache}.lock`;
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return () => rmSync(file, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
  // Whoever died with it: the next one who asks finds the way free.
  if (Date.now() - mtimeMs > LOCK_STALE_MS) rmSync(file, { force: true });
  return undefined;
}
