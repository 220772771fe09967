import { connectBroker, type Broker } from '../runtime/broker.ts';
import { findBroker, type FoundBroker } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import { unlessStopped } from '../runtime/wait.ts';

/** Time that a broker has to answer; a connection that is lost meanwhile would be waited for without end. */
const ANSWER_MS = 5_000;

/** What was seen of a broker. */
export interface Glance<T> {
  /** The broker that is named; undefined where none is. */
  readonly found: FoundBroker | undefined;
  /** What it answered; undefined where it did not. */
  readonly seen: T | undefined;
  /** Why not, in one line. */
  readonly trouble: string | undefined;
}

/**
 * What `look` sees of the broker that the settings name at this moment, by a connection of its own: a broker that has come
 * back, or a newer one that took its place, is the one that is seen. Never rejects for a broker that is absent.
 */
export async function glanceAtBroker<T>(settings: Settings, look: (broker: Broker) => Promise<T>): Promise<Glance<T>> {
  let found: FoundBroker | undefined;
  try {
    found = findBroker(settings);
    if (found === undefined) return { found, seen: undefined, trouble: 'no broker is up' };
    await using broker = await connectBroker(found);
    const seen = look(broker);
    // Where it is late, its connection is closed below it, and it rejects when nobody listens any more.
    seen.catch(() => {});
    return { found, seen: await unlessStopped(seen, AbortSignal.timeout(ANSWER_MS), 0), trouble: undefined };
  } catch (error) {
    return { found, seen: undefined, trouble: error instanceof SluiceError ? error.message : 'the broker stopped answering' };
  }
}
