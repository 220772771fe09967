import { emptyHistogram, observe, POINT_SECONDS, type Histogram } from '../runtime/histogram.ts';

/** What a batch did to the database, in numbers of entries; retries and cancels are in none of them. */
export interface BatchResult {
  /** Rows stored. */
  readonly rows: number;
  /**
   * Entries that changed nothing, for what they bring (or a row in place of a failure) was recorded before.
   */
  readonly duplicates: number;
  /** Failures recorded. */
  readonly failures: number;
  /** Plans taken in, also those whose spec was there already. */
  readonly plans: number;
  /** Entries set aside with a reason, also those whose table is unknown. */
  readonly deadLetters: number;
  /** The same by table, for tables where there were rows, failures or dead letters. */
  readonly tables: Readonly<Record<string, TableCounts>>;
  /** How much the entries of each table were, for every table that one of them named. */
  readonly loads: Readonly<Record<string, TableLoad>>;
}

/** Bytes of a table's entries, and how long the points of the rows stored had taken. */
export interface TableLoad {
  readonly bytes: number;
  readonly pointSeconds: Histogram;
}

/**
 * Rows stored, failures recorded and entries set aside of one table. A row that is set aside is a dead letter
 * and, unless its point has a record already, a failure too.
 */
export interface TableCounts {
  readonly rows: number;
  readonly failures: number;
  readonly deadLetters: number;
}

/** What one entry did. */
export type Outcome = 'row' | 'failure' | 'duplicate' | 'plan' | 'dead-letter';

/**
 * Called for each entry applied, also for those that waited for a plan; `table` is undefined for a dead
 * letter whose table is unknown. `seconds` is how long a stored row's point took.
 */
export type Report = (outcome: Outcome, table: string | undefined, seconds?: number) => void;

/** Counts outcomes. */
export interface Tally {
  readonly report: Report;
  /** Called for each entry of `table` that was read. */
  weigh(table: string, bytes: number): void;
  result(): BatchResult;
}

const NONE: TableCounts = { rows: 0, failures: 0, deadLetters: 0 };

/** Where an outcome is counted by table; the others are counted of the batch alone. */
const FIELDS: Partial<Record<Outcome, keyof TableCounts>> = {
  row: 'rows',
  failure: 'failures',
  'dead-letter': 'deadLetters',
};

/** A tally of nothing yet. */
export function openTally(): Tally {
  const counts: Record<Outcome, number> = { row: 0, failure: 0, duplicate: 0, plan: 0, 'dead-letter': 0 };
  const tables = new Map<string, TableCounts>();
  const loads = new Map<string, { bytes: number; readonly pointSeconds: Histogram }>();
  const loadOf = (table: string) => loads.getOrInsertComputed(table, () => ({ bytes: 0, pointSeconds: emptyHistogram(POINT_SECONDS) }));
  return {
    weigh: (table, bytes) => void (loadOf(table).bytes += bytes),
    report: (outcome, table, seconds) => {
      counts[outcome]++;
      if (table !== undefined && seconds !== undefined) observe(loadOf(table).pointSeconds, POINT_SECONDS, seconds);
      const field = FIELDS[outcome];
      if (table === undefined || field === undefined) return;
      const before = tables.get(table) ?? NONE;
      tables.set(table, { ...before, [field]: before[field] + 1 });
    },
    result: () => ({
      rows: counts.row,
      duplicates: counts.duplicate,
      failures: counts.failure,
      plans: counts.plan,
      deadLetters: counts['dead-letter'],
      tables: Object.fromEntries(tables),
      loads: Object.fromEntries(loads),
    }),
  };
}
