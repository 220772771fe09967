import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SluiceError } from '../runtime/errors.ts';
import { makePrivateFolder } from '../runtime/make-folder.ts';
import { clusterName } from './cluster-name.ts';
import { askSlurm } from './command.ts';
import { SQUEUE_FORMAT, tasksIn, taskSchema } from './squeue-answer.ts';

/** Least time between two calls of squeue by all Sluice processes of a user together, failed ones included. */
export const SQUEUE_MS = 30_000;

/** Time for one call of squeue. */
const TIMEOUT_MS = 20_000;

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

type Cache = z.infer<typeof cacheSchema>;

/** This user's tasks as squeue told of them at `askedAtMs`, by Date.now(). */
export type SlurmQueue = z.infer<typeof answerSchema>;

/** What is known of the queue: the last answer, which may be old, and why there is no newer one, where a call failed. */
export interface KnownQueue {
  readonly answer?: SlurmQueue | undefined;
  readonly error?: string | undefined;
}

/**
 * This user's tasks in SLURM's queue. All Sluice processes of the user on a cluster share one answer in the folder `home`,
 * and together call squeue at most once per SQUEUE_MS. Undefined where this machine has no SLURM; never rejects otherwise.
 */
export async function readSlurmQueue(home: string = homeFolder()): Promise<KnownQueue | undefined> {
  const file = cacheFile(home);
  const known = readCache(file);
  if (known !== undefined && isFresh(known)) return known;
  makePrivateFolder(home);
  const release = lock(file);
  if (release === undefined) return known ?? {};
  try {
    // Asked again inside the lock: another process may have called meanwhile.
    const before = readCache(file);
    if (before !== undefined && isFresh(before)) return before;
    return await call(file, before);
  } finally {
    release();
  }
}

/** The number of the last call of squeue that was begun; 0 where none is known. An answer of a higher one is of later. */
export function latestCall(home: string = homeFolder()): number {
  return readCache(cacheFile(home))?.call ?? 0;
}

async function call(file: string, before: Cache | undefined): Promise<KnownQueue | undefined> {
  const calledAtMs = Date.now();
  // By the clock, so that it grows also where the file was lost.
  const number = Math.max(calledAtMs, (before?.call ?? 0) + 1);
  // Written before the call: also one that we do not survive was one.
  writeCache(file, { ...before, call: number, calledAtMs });
  try {
    const parameters = [`--user=${userInfo().username}`, '--all', '--array', '--noheader', `--format=${SQUEUE_FORMAT}`];
    const { stdout } = await askSlurm('squeue', parameters, { timeoutMs: TIMEOUT_MS, patienceMs: 0 });
    const cache = { call: number, calledAtMs, answer: { call: number, askedAtMs: calledAtMs, tasks: tasksIn(stdout) } };
    writeCache(file, cache);
    return cache;
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    if (error.code === 'no-slurm') return undefined;
    const cache = { call: number, calledAtMs, answer: before?.answer, error: error.message };
    writeCache(file, cache);
    return cache;
  }
}

/** A call of the future is another host's, whose clock is ahead, or a clock that was set back: then it is no measure. */
function isFresh({ calledAtMs }: Cache): boolean {
  return Math.abs(Date.now() - calledAtMs) < SQUEUE_MS;
}

function homeFolder(): string {
  return join(homedir(), '.sluice');
}

/** Several clusters may see one home. */
function cacheFile(home: string): string {
  return join(home, `squeue-${clusterName(process.env)}.json`);
}

function readCache(file: string): Cache | undefined {
  try {
    return cacheSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined; // none yet, or not whole
  }
}

function writeCache(file: string, cache: Cache): void {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(cache), { mode: 0o600 });
  renameSync(beside, file);
}

/** A lock by a file that one process alone can make, also on a shared file system; undefined where another has it. */
function lock(answer: string): (() => void) | undefined {
  const file = `${answer}.lock`;
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
