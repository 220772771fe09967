import { readFile } from 'node:fs/promises';
import { parseBrokerFile, type FoundBroker } from './broker-file.ts';
import { pause, unlessStopped } from './wait.ts';

/** Interval at which the connection file is looked at: a shared file system is asked once by every consumer. */
const LOOK_MS = 2_000;

/** What became of a broker, by its connection file: a newer one has taken over, or its `up` has ended in good order. */
export type Fate = 'overtaken' | 'down';

/**
 * Tells, whenever it is asked, whether the connection file of a broker is gone. It answers at once what the last look saw,
 * and begins another: a file server that hangs holds up nobody who renews locks. A broker that was named by a URL has no file.
 */
export function openTakenDown(found: FoundBroker): () => boolean {
  let isDown = false;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    isDown = (await fateOf(found)) === 'down';
    looking = undefined;
  };
  return () => {
    looking ??= look();
    return isDown;
  };
}

/**
 * Resolves with true once the connection file that `found` comes from tells of a newer broker, by its generation; with
 * false once `stop` aborts, also while the file system does not answer. A broker that was named by a URL has no file, and
 * none that is newer.
 */
export async function whenNewer(found: FoundBroker, stop: AbortSignal): Promise<boolean> {
  return (await whenFate(found, ['overtaken'], stop)) !== undefined;
}

/** As whenNewer, and also once the file is gone: resolves with what became of the broker, or with undefined. */
export async function whenLeft(found: FoundBroker, stop: AbortSignal): Promise<Fate | undefined> {
  return await whenFate(found, ['overtaken', 'down'], stop);
}

async function whenFate(found: FoundBroker, awaited: readonly Fate[], stop: AbortSignal): Promise<Fate | undefined> {
  while (!stop.aborted) {
    await pause(LOOK_MS, stop);
    const fate = stop.aborted ? undefined : await unlessStopped(fateOf(found), stop, 0).catch(() => undefined);
    if (fate !== undefined && awaited.includes(fate)) return fate;
  }
  return undefined;
}

/** What became of the broker as far as the file system tells: one that fails at the moment tells nothing. */
async function fateOf({ path, file }: FoundBroker): Promise<Fate | undefined> {
  if (path === undefined) return undefined;
  try {
    const { generation } = parseBrokerFile(path, await readFile(path, 'utf8'));
    return file !== undefined && generation > file.generation ? 'overtaken' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'down' : undefined;
  }
}
