import { access, readFile } from 'node:fs/promises';
import { parseBrokerFile, type FoundBroker } from './broker-file.ts';
import { pause, unlessStopped } from './wait.ts';

/** Interval at which the connection file is looked at: a shared file system is asked once by every consumer. */
const LOOK_MS = 2_000;

/**
 * Tells, whenever it is asked, whether the connection file of a broker is gone: its `up` has ended in good order. It answers
 * at once what the last look saw, and begins another: a file server that hangs holds up nobody who renews locks. A broker
 * that was named by a URL has no file.
 */
export function openTakenDown({ path }: FoundBroker): () => boolean {
  let isGone = false;
  let looking: Promise<void> | undefined;
  const look = async (file: string): Promise<void> => {
    isGone = await isMissing(file);
    looking = undefined;
  };
  return () => {
    if (path !== undefined) looking ??= look(path);
    return isGone;
  };
}

/**
 * Resolves with true once the connection file that `found` comes from tells of a newer broker, by its generation; with
 * false once `stop` aborts, also while the file system does not answer. A broker that was named by a URL has no file, and
 * none that is newer.
 */
export async function whenNewer(found: FoundBroker, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted) {
    await pause(LOOK_MS, stop);
    if (!stop.aborted && (await unlessStopped(isNewer(found), stop, 0).catch(() => false))) return true;
  }
  return false;
}

async function isNewer({ path, file }: FoundBroker): Promise<boolean> {
  if (path === undefined || file === undefined) return false;
  try {
    return parseBrokerFile(path, await readFile(path, 'utf8')).generation > file.generation;
  } catch {
    return false; // it is gone, or the file system fails at the moment: it is looked at again
  }
}

/** Whether there is no such file; a file system that fails does not tell. */
async function isMissing(path: string): Promise<boolean> {
  try {
    await access(path);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
