import { SluiceError } from '../runtime/errors.ts';
import { raiseGeneration, readGeneration, superseded } from '../runtime/generation.ts';
import type { Log } from '../runtime/log.ts';
import { pause } from '../runtime/wait.ts';
import { lockForBroker, lockForWriting } from '../store/lock.ts';
import type { Taken } from './own-broker.ts';

/** Interval at which a predecessor's locks are tried: it looks for a newer generation every second. */
const LOOK_MS = 500;

/** What a person can do about a lock that its file system never gives up. */
const ADVICE = 'it ends by itself when it sees the newer generation; if its node is dead for good, remove broker.lock and sink.lock from the data folder';

/** What the locks say while a predecessor, or its sink, has not ended yet. */
const HELD = ['broker-running', 'sink-running'];

/**
 * Raises the generation of the data folder, at which the broker that is there ends, and resolves once that has let go of
 * both locks, however long it takes: one on a node that was cut off may hold them until the file system gives it up. Throws
 * `superseded` where another one takes over meanwhile; undefined once `stop` aborts.
 */
export async function takeOver(data: string, stop: AbortSignal, log: Log): Promise<Taken | undefined> {
  const generation = raiseGeneration(data);
  let told = '';
  while (!stop.aborted) {
    const raised = await readGeneration(data);
    if (raised > generation) throw superseded(raised, generation, data);
    const lock = tryLock(data);
    if (typeof lock !== 'string') return { lock, generation };
    if (lock !== told) log.warn({ reason: lock, advice: ADVICE }, 'waiting for a predecessor to end');
    told = lock;
    await pause(LOOK_MS, stop);
  }
  return undefined;
}

/** The lock on the broker where nobody writes the database either; else who is in the way. */
function tryLock(data: string): Taken['lock'] | string {
  let lock: Taken['lock'] | undefined;
  try {
    lock = lockForBroker(data);
    lockForWriting(data).release();
    return lock;
  } catch (error) {
    lock?.release();
    if (error instanceof SluiceError && HELD.includes(error.code)) return error.message;
    throw error;
  }
}
