import type { Announcement } from '../runtime/presence.ts';
import { pause, settledWithin } from '../runtime/wait.ts';
import type { Delivery } from './deliver.ts';
import type { TableWorkers } from './table-workers.ts';

/** Interval at which a consumer that leaves looks whether its hands are empty. */
const LOOK_MS = 20;

/** Time that each step of leaving may take beyond the grace, with Redis away. */
const LEAVE_STEP_MS = 2_000;

/** What a consumer that leaves lets go of. */
interface Held {
  readonly workers: TableWorkers;
  readonly delivery: Delivery;
  readonly presence: Announcement;
}

/**
 * Leaves in two phases: what runs may finish until `deadlineMs()`, by Date.now(); then `leaving` is aborted and it is
 * handed back, and what Redis does not take is spooled, within LEAVE_STEP_MS. With Redis away two more such steps follow.
 */
export async function leave(deadlineMs: () => number, leaving: AbortController, { workers, delivery, presence }: Held): Promise<void> {
  const closed = workers.close();
  presence.tell();
  while (workers.inHand > 0 && Date.now() < deadlineMs()) await pause(LOOK_MS);
  leaving.abort();
  try {
    await delivery.hurry(LEAVE_STEP_MS);
  } finally {
    // Also where the spool cannot be written. With Redis away, closing in good order never ends.
    const letGo = Promise.all([closed, presence.close()]);
    if (!(await settledWithin(letGo, LEAVE_STEP_MS))) await settledWithin(workers.abandon(), LEAVE_STEP_MS);
  }
}
