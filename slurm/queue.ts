import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { messageOf, SluiceError } from '../runtime/errors.ts';
import { makePrivateFolder } from '../runtime/make-folder.ts';
import { clusterName } from './cluster-name.ts';
import { askSlurm } from './command.ts';
import { lockCache, readCache, writeCache, type Cache, type SlurmQueue } from './queue-file.ts';
import { SQUEUE_FORMAT, tasksIn } from './squeue-answer.ts';

/** Least time between two calls of squeue by all Sluice processes of a user together, failed ones included. */
export const SQUEUE_MS = 30_000;

/** Time for one call of squeue. */
const TIMEOUT_MS = 20_000;

/** What is known of the queue: the last answer, which may be old, and why there is no newer one, where a call failed. */
export interface KnownQueue {
  readonly answer?: SlurmQueue | undefined;
  readonly error?: string | undefined;
}

/**
 * This user's tasks in SLURM's queue. All Sluice processes of the user on a cluster share one answer in the folder `home`,
 * and together call squeue at most once per SQUEUE_MS. Undefined where this machine has no SLURM; never rejects otherwise:
 * where the folder is full or cannot be written, squeue is not called, since nobody else would know.
 */
export async function readSlurmQueue(home: string = homeFolder()): Promise<KnownQueue | undefined> {
  const file = cacheFile(home);
  const known = readCache(file);
  if (known !== undefined && isFresh(known)) return known;
  try {
    makePrivateFolder(home);
    return await callUnlessAnother(file, known);
  } catch (error) {
    return { answer: known?.answer, error: messageOf(error) };
  }
}

/** The number of the last call of squeue that was begun; 0 where none is known. An answer of a higher one is of later. */
export function latestCall(home: string = homeFolder()): number {
  return readCache(cacheFile(home))?.call ?? 0;
}

async function callUnlessAnother(file: string, known: Cache | undefined): Promise<KnownQueue | undefined> {
  const release = lockCache(file);
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
