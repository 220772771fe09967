import { messageOf } from './errors.ts';
import type { Log } from './log.ts';
import { pause } from './wait.ts';

/** First wait before a fallen part is started again; it doubles up to MAX_WAIT_MS while the part keeps falling. */
const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 10_000;

/** A part that lived so long had started well: the wait begins anew. */
const LIVED_WELL_MS = 30_000;

/** Something that runs until it falls or is stopped. */
export interface Part {
  /** Resolves when it has ended, wanted or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A part that is started again whenever it falls. */
export interface Supervised {
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** Starts a part, and again whenever it ends unasked; rejects only where the first start fails. */
export async function supervise(name: string, start: () => Promise<Part>, log: Log): Promise<Supervised> {
  const stopping = new AbortController();
  let part = await start();
  const watch = async (): Promise<void> => {
    let waitMs = FIRST_WAIT_MS;
    for (;;) {
      const startedAtMs = performance.now();
      await part.ended;
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAtMs > LIVED_WELL_MS) waitMs = FIRST_WAIT_MS;
      log.error({ part: name, waitMs }, 'a part has fallen and is started again');
      await pause(waitMs, stopping.signal);
      waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
      if (stopping.signal.aborted) return;
      part = await start().catch((error: unknown) => {
        log.error({ part: name, reason: messageOf(error) }, 'a part could not be started');
        return FALLEN;
      });
      // A stop that came while it was starting has stopped only the one before it.
      if (stopping.signal.aborted) return await part.stop();
    }
  };
  const watched = watch();
  return {
    stop: async () => {
      stopping.abort();
      await part.stop();
      await watched;
    },
  };
}

/** A part that has ended before it began, so that it is started again after a wait. */
const FALLEN: Part = { ended: Promise.resolve(), stop: async () => {} };
