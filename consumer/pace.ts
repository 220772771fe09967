import { placesOf } from './slot/ahead.ts';

/**
 * Points that take less are taken ahead of their turn, so that no slot waits for Redis. Longer ones are not: behind
 * them a job would wait here while another consumer has a free slot.
 */
const SHORT_POINT_SECONDS = 0.5;

/** Jobs on their way between Redis and the slots. */
const JOBS_IN_TRANSIT = 2;

/** Share of the latest point in the running mean of what points take. */
const LATEST_SHARE = 0.1;

/** Change of the number of jobs, as a share of it, that is worth making: every change costs calls to Redis. */
const WORTHWHILE_CHANGE = 0.25;

/** How many jobs a consumer holds at once, by how long points take; as many as slots before the first. */
export function jobsInHand(slots: number, pointSeconds: number | undefined): number {
  const isShort = pointSeconds !== undefined && pointSeconds < SHORT_POINT_SECONDS;
  return isShort ? slots * (placesOf(pointSeconds) + 1) + JOBS_IN_TRANSIT : slots;
}

/** The number of jobs to hold, which follows what points take and does not flutter with every one. */
export interface Pace {
  readonly jobs: number;
  /** Learns of one more point; returns whether `jobs` has changed. */
  learn(seconds: number): boolean;
}

/** The pace of a consumer with `slots` slots that has computed nothing yet. */
export function openPace(slots: number): Pace {
  let mean: number | undefined;
  let jobs = jobsInHand(slots, undefined);
  return {
    get jobs() {
      return jobs;
    },
    learn: (seconds) => {
      mean = mean === undefined ? seconds : mean + LATEST_SHARE * (seconds - mean);
      const wanted = jobsInHand(slots, mean);
      if (Math.abs(wanted - jobs) <= WORTHWHILE_CHANGE * jobs) return false;
      jobs = wanted;
      return true;
    },
  };
}
