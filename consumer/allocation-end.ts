/**
 * Time before the end of the allocation at which a consumer hands over: four steps of leaving of 2 s each with Redis away,
 * the first of which brings the rows into the spool, and 2 s by which the clocks of node and controller may differ. The
 * limit itself never comes early: SLURM looks every 30 s and ends a job late. Only its warning comes up to 60 s before its
 * time, and that one the batch script keeps to itself.
 */
export const FLUSH_MARGIN_MS = 10_000;

/** When what runs has to be over: before the flush; never where no end is known. */
export function lastMomentOf(endsAtMs: number | null): number {
  return endsAtMs === null ? Infinity : endsAtMs - FLUSH_MARGIN_MS;
}

/** Whether a point begun at `nowMs` is over at the last moment; of one that was never measured nobody knows better. */
export function fits(nowMs: number, endsAtMs: number | null, upperSeconds: number | undefined): boolean {
  return nowMs + (upperSeconds ?? 0) * 1000 < lastMomentOf(endsAtMs);
}
