import { pause, settledWithin } from '../runtime/wait.ts';
import type { Delivery } from './deliver.ts';
import type { TableWorkers } from './table-workers.ts';

/** Interval at which a consumer that leaves looks whether its hands are empty. */
const LOOK_MS = 20;

/** Time that each step of leaving may take beyond the grace, with Redis away. */
export const LEAVE_STEP_MS = 2_000;

/**
 * Leaves in two phases: what runs may finish until `deadlineMs()`, by Date.now(); then `leaving` is aborted and it is
 * handed back, and what Redis does not take is spooled.
 */
export async function leave(deadlineMs: () => number, workers: TableWorkers, leaving: AbortController, delivery: Delivery): Promise<void> {
  const closed = workers.close();
  while (workers.inHand > 0 && Date.now() < deadlineMs()) await pause(LOOK_MS);
  leaving.abort();
  try {
    await delivery.hurry(LEAVE_STEP_MS);
  } finally {
    // Also where the spool cannot be written. With Redis away, closing in good order never ends.
    if (!(await settledWithin(closed, LEAVE_STEP_MS))) await settledWithin(workers.abandon(), LEAVE_STEP_MS);
  }
}
