/** The waits of an uploader; all in milliseconds. */
export interface Pace {
  /** Age of the oldest row that is not uploaded at which a small backlog is sent. */
  readonly flushMs: number;
  /** First wait after a fault that passes by itself; it doubles up to `maxWaitMs`. */
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  /** Wait after a quota was used up, and after a fault that a person has to mend. */
  readonly quotaWaitMs: number;
  readonly mendWaitMs: number;
  /** First interval at which a job is asked whether it is done; it doubles up to `maxPollMs`. */
  readonly pollMs: number;
  readonly maxPollMs: number;
  /** Interval at which the database is looked at for new rows. */
  readonly lookMs: number;
  /** Time in which a request must answer, and an upload must get on. */
  readonly timeoutMs: number;
}

/** The waits unless a test has others. */
export const PACE: Pace = {
  flushMs: 45_000,
  firstWaitMs: 500,
  maxWaitMs: 60_000,
  quotaWaitMs: 600_000,
  mendWaitMs: 300_000,
  pollMs: 100,
  maxPollMs: 5_000,
  lookMs: 1_000,
  timeoutMs: 60_000,
};

/** Bytes of newline JSON in one load job: half a minute's upload, and what a fault makes us send again at most. */
const BATCH_BYTES = 256 * 2 ** 20;

/** Rows of one load job: what is held of a batch does not grow with it, but its status should move. */
const BATCH_ROWS = 200_000;

/** From so many load jobs of a table within a day on, small backlogs wait so many times longer. BigQuery takes 1,500. */
const SPARING: readonly (readonly [jobs: number, times: number])[] = [
  [900, 20],
  [600, 6],
];

/** The time that load jobs are counted over. */
export const DAY_MS = 86_400_000;

/** Most rows of a load job whose rows take `rowBytes` each: a million rows of 1,004 columns make some 110 jobs. */
export function batchRows(rowBytes: number): number {
  return Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_BYTES / rowBytes)));
}

/** What decides whether a backlog is sent. */
export interface Backlog {
  readonly rows: number;
  /** When the first of the rows was committed. */
  readonly sinceMs: number;
  /** Load jobs of the table within the last day. */
  readonly jobs: number;
}

/**
 * Milliseconds until a backlog is to be sent: none where it fills a load job, else until its first row is `flushMs` old,
 * and later the more jobs the day has had: at most 600 come 45 s apart, 300 more 270 s, and the rest 15 min. A clock that
 * is set back makes it due at once, once.
 */
export function untilDueMs({ rows, sinceMs, jobs }: Backlog, fullRows: number, nowMs: number, { flushMs }: Pace): number {
  if (rows >= fullRows) return 0;
  const times = SPARING.find(([from]) => jobs >= from)?.[1] ?? 1;
  // Committed by a clock that was ahead and has been set right: how old the rows are is not known.
  if (sinceMs > nowMs) return 0;
  return Math.max(0, sinceMs + flushMs * times - nowMs);
}

/** The wait after the `tries`th fault in a row, from 1: doubling, and up to a quarter less, by `random` in [0, 1). */
export function backOffMs(tries: number, { firstWaitMs, maxWaitMs }: Pace, random: number): number {
  return Math.min(maxWaitMs, firstWaitMs * 2 ** Math.min(tries - 1, 30)) * (1 - random / 4);
}

/** A wait that began by a clock which may be set right meanwhile. */
export interface Waiting {
  readonly fromMs: number;
  readonly forMs: number;
}

/** Whether it still lasts at `nowMs`; a clock that is set back before its beginning ends it. */
export function isWaiting(waiting: Waiting | undefined, nowMs: number): boolean {
  return waiting !== undefined && nowMs >= waiting.fromMs && nowMs < waiting.fromMs + waiting.forMs;
}
