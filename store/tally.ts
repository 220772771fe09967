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
 * letter whose table is unknown.
 */
export type Report = (outcome: Outcome, table: string | undefined) => void;

/** Counts outcomes. */
export interface Tally {
  readonly report: Report;
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
  return {
    report: (outcome, table) => {
      counts[outcome]++;
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
    }),
  };
}
