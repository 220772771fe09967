/**
 * How a table stands at a moment, as the page shows it: types alone, so that a browser's code can import them. All times are
 * milliseconds since 1970, all durations seconds.
 */
export interface Snapshot {
  readonly atMs: number;
  /** The version of Sluice. */
  readonly sluice: string;
  /** The tables that there are to choose from. */
  readonly tables: readonly string[];
  /** The one that this tells of; null where there is none yet. */
  readonly table: string | null;
  readonly experiment: string | null;
  readonly counts: SnapshotCounts;
  /** Whether every point that was asked for is stored or failed. */
  readonly complete: boolean;
  readonly pointsPerSecond: number | null;
  readonly secondsPerPoint: number | null;
  readonly secondsLeft: number | null;
  /** Oldest first, at most 600, the older ones further apart. */
  readonly rate: readonly RateSample[];
  /** At most 200, the busiest first. */
  readonly consumers: readonly SnapshotConsumer[];
  /** How many more there are. */
  readonly consumersHidden: number;
  /** What is on its way to the database, of all tables. */
  readonly stream: { readonly entries: number; readonly oldestSeconds: number | null; readonly full: boolean };
  readonly uploads: readonly SnapshotUpload[];
  /** At most 20 kinds, most points first; `hidden` counts the points of all others. */
  readonly failures: { readonly groups: readonly SnapshotFailures[]; readonly hidden: number };
  /** Whether it answers, and one sentence in plain words. */
  readonly broker: { readonly up: boolean; readonly text: string };
  readonly sink: { readonly up: boolean; readonly text: string };
  /** What `sluice explain` says; `type` is what to type. */
  readonly reasons: readonly { readonly code: string; readonly text: string; readonly type: string | null }[];
  /** Null for experiments other than svd-block. */
  readonly plots: SvdBlockPlots | null;
  /** What `sluice reduce` says where the table is complete, nested names joined with dots. */
  readonly answer: Readonly<Record<string, number | string>> | null;
  readonly canRetry: boolean;
}

/** Points by their state; `waiting` includes the `delayed` ones, which wait for their next attempt. */
export interface SnapshotCounts {
  readonly points: number;
  readonly stored: number;
  readonly failed: number;
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly deadLetters: number;
}

/** How many points had settled (stored or failed) at a moment, and how many a second since the sample before. */
export interface RateSample {
  readonly atMs: number;
  readonly settled: number;
  readonly perSecond: number;
}

/** A consumer, alive or lately lost. */
export interface SnapshotConsumer {
  readonly node: string;
  readonly slurmJob: string | null;
  readonly alive: boolean;
  readonly slots: number;
  /** Computations under way. */
  readonly running: number;
  /** Delivered since it started. */
  readonly rows: number;
  readonly secondsPerPoint: number | null;
  readonly lastSeenMs: number;
}

/** How the copy of the table at a target stands. */
export interface SnapshotUpload {
  readonly target: string;
  readonly uploaded: number;
  /** Stored rows that are not there yet. */
  readonly behind: number;
  readonly error: string | null;
  readonly nextTryAtMs: number | null;
}

/** Points that failed with one message. */
export interface SnapshotFailures {
  readonly message: string;
  readonly count: number;
}

/** What the rows of svd-block show; signs do not matter. */
export interface SvdBlockPlots {
  /** How many rows have an absolute v_alignment in each of the equal bins over [from, to]. */
  readonly alignments: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
  /** The error of the vector that the first `rows` rows give together, rising rows. */
  readonly error: readonly { readonly rows: number; readonly error: number }[];
  /** Mean error of a single block: the line is mean / sqrt(rows). */
  readonly single: { readonly mean: number } | null;
}
