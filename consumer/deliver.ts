import { append, type Broker } from '../runtime/broker.ts';
import { pause } from '../runtime/wait.ts';
import type { Entry } from '../wire/entry.ts';

/** Wait before a refused entry is offered again: Redis out of memory, loading its file, or a replica for a moment. */
const RETRY_MS = 1_000;

/** Appends entries to the stream, for as long as it takes. */
export interface Delivery {
  /** Resolves once Redis holds the entry, or a spool file does; rejects only after `hurry`, where neither takes it. */
  deliver(entry: Entry): Promise<void>;
  /** From now on what Redis does not take within `graceMs` goes to the spool. */
  hurry(graceMs: number): Promise<void>;
}

/**
 * Delivery over the broker's connection, which keeps commands while Redis is away and sends them again after.
 * An entry may so arrive twice; the store keeps one row per key.
 */
export function openDelivery(broker: Broker, spool: (entries: readonly Entry[]) => void, refused: (error: Error) => void): Delivery {
  const undelivered = new Map<Entry, PromiseWithResolvers<void>>();
  let isLeaving = false;
  const offer = async (entry: Entry): Promise<void> => {
    for (;;) {
      try {
        return await append(broker, entry);
      } catch (error) {
        refused(error instanceof Error ? error : new Error(String(error)));
        if (isLeaving) throw error;
        await pause(RETRY_MS);
        if (!undelivered.has(entry)) return;
      }
    }
  };
  return {
    deliver: async (entry) => {
      const spooled = Promise.withResolvers<void>();
      undelivered.set(entry, spooled);
      try {
        await Promise.race([offer(entry), spooled.promise]);
      } finally {
        undelivered.delete(entry);
      }
    },
    hurry: async (graceMs) => {
      const deadlineMs = performance.now() + graceMs;
      while (undelivered.size > 0 && performance.now() < deadlineMs) await pause(20);
      isLeaving = true;
      if (undelivered.size === 0) return;
      const late = [...undelivered];
      undelivered.clear();
      try {
        spool(late.map(([entry]) => entry));
      } catch (error) {
        // Their jobs do not complete, so that the points are computed again.
        for (const [, { reject }] of late) reject(error);
        throw error;
      }
      for (const [, { resolve }] of late) resolve();
    },
  };
}
