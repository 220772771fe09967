/** Most jobs a producer keeps waiting in a table's queue: about 90 MB of Redis at 880 B a job. */
export const WAITING_JOBS = 100_000;

/** Jobs added in one call: one round trip each, and the memory of a chunk, not of a grid. */
export const JOBS_PER_CHUNK = 1_000;

/** Bytes of rows in the stream above which consumers stop taking jobs: 30,000 rows of 1,000 doubles. */
export const STREAM_BYTES = 256 * 2 ** 20;

/** Age of the stream's measured size that a consumer still trusts, so that it is asked a few times a second. */
export const STREAM_MEASURE_MS = 250;

/** Most rows that the sink commits in one transaction. */
export const BATCH_ROWS = 500;

/** Bytes that the sink reads at once, however long a row is. */
export const BATCH_BYTES = 16 * 2 ** 20;

/** Pause of the sink after a commit, in which the next batch gathers; the first row waits for none. */
export const BATCH_AGE_MS = 250;

/** Tries at a point that its own failures may end before it is recorded as failed. */
export const ATTEMPTS = 3;

/** Wait before a failed point's second try; it doubles with every further one. */
export const RETRY_DELAY_MS = 500;

/** Life of a job's lock without renewal: so long after its consumer's death a job is taken for lost. */
export const LOCK_MS = 5_000;

/** Interval at which consumers look for lost jobs; with LOCK_MS, a killed consumer's points run again within 8 s. */
export const STALLED_CHECK_MS = 2_000;

/** Unexplained deaths with a point in hand after which it is tried alone in a process of its own. */
export const DEATHS_BEFORE_ALONE = 5;

/** Time that a first signal leaves to finish what runs and to flush; what is left then is handed back. */
export const GRACE_SECONDS = 10;

/** Age at which a consumer's or a sink's last sign of life is taken for its end. */
export const HEARTBEAT_LIFE_MS = 15_000;

/** Time for which a consumer that was lost is told of: long enough for the person who asks why. */
export const LOST_KEPT_MS = 3_600_000;

/** Interval of signs of life. */
export const HEARTBEAT_MS = 5_000;

/** Most bytes of a row's vectors: Redis takes no string over 512 MiB, and SQLite no value over a billion bytes. */
export const ROW_BYTES = 400 * 2 ** 20;
