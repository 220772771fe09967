import { placesOf } from './slot/ahead.ts';

/**
 * Points that take less are taken ahead of their turn, so that no slot waits for Redis. Longer ones are not: behind
 * them a job would wait here while another consumer has a free slot.
 */
const SHORT_POINT_SECONDS = 0.5;

/** Jobs on their way between Redis and the slots. */
const JOBS_IN_TRANSIT = 2;

/** How many jobs a consumer holds at once, by how long the last point took; as many as slots before the first. */
export function jobsInHand(slots: number, lastSeconds: number | undefined): number {
  const isShort = lastSeconds !== undefined && lastSeconds < SHORT_POINT_SECONDS;
  return isShort ? slots * (placesOf(lastSeconds) + 1) + JOBS_IN_TRANSIT : slots;
}
