import { existsSync } from 'node:fs';
import { readBrokerFile, type FoundBroker } from './broker-file.ts';
import { pause } from './wait.ts';

/** Interval at which the connection file is looked at: a shared file system is asked once by every consumer. */
const LOOK_MS = 2_000;

/** Whether the connection file of a broker is gone: its `up` has ended in good order. One named by a URL has none. */
export function isTakenDown(found: FoundBroker): boolean {
  return found.path !== undefined && !existsSync(found.path);
}

/**
 * Resolves with true once the connection file that `found` comes from tells of a newer broker, by its generation; with
 * false once `stop` aborts. A broker that was named by a URL has no file, and none that is newer.
 */
export async function whenNewer(found: FoundBroker, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted) {
    await pause(LOOK_MS, stop);
    if (!stop.aborted && isNewer(found)) return true;
  }
  return false;
}

function isNewer({ path, file }: FoundBroker): boolean {
  if (path === undefined || file === undefined) return false;
  try {
    return (readBrokerFile(path)?.generation ?? 0) > file.generation;
  } catch {
    return false; // the file system fails at the moment: it is looked at again
  }
}
