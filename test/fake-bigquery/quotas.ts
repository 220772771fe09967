import type { Clock } from './clock.ts';
import { Refusal } from './refusal.ts';

/** Load jobs that BigQuery takes per table and day, failed ones counted (cloud.google.com/bigquery/quotas#load_jobs). */
export const LOADS_PER_TABLE_AND_DAY = 1_500;

/** Load jobs per project and day (the same page). */
const LOADS_PER_PROJECT_AND_DAY = 100_000;

/** Changes of one table's metadata in 10 seconds (cloud.google.com/bigquery/quotas#standard_tables). */
const UPDATES_PER_TABLE = 5;
const UPDATES_WINDOW_MS = 10_000;

/** Google refills during the day; a window that slides is the strictest reading of "per day". */
const DAY_MS = 86_400_000;

/** What was used of BigQuery's quotas, by the fake's clock. */
export type Quotas = {
  /** Counts a load job into `table`, or throws 403 `quotaExceeded`, which counts nothing. */
  countLoad(table: string): void;
  /** Counts a change of `table`'s metadata, or throws 403 `rateLimitExceeded`. */
  countUpdate(table: string): void;
  /** Load jobs into `table` in the last 24 hours, failed ones counted. */
  loadsOf(table: string): number;
};

/** Quotas of which nothing is used yet. */
export function freshQuotas(clock: Clock): Quotas {
  const loads = new Map<string, number[]>();
  const updates = new Map<string, number[]>();
  const recent = (uses: ReadonlyMap<string, number[]>, name: string, windowMs: number): number[] => (uses.get(name) ?? []).filter((at) => at > clock.now() - windowMs);
  const loadsOfAll = (): number => [...loads.keys()].reduce((sum, name) => sum + recent(loads, name, DAY_MS).length, 0);
  return {
    countLoad(table) {
      const used = recent(loads, table, DAY_MS);
      if (used.length >= LOADS_PER_TABLE_AND_DAY) throw exceeded('Your table exceeded quota for imports or query appends per table.');
      if (loadsOfAll() >= LOADS_PER_PROJECT_AND_DAY) throw exceeded('Your project exceeded quota for load jobs per project.');
      loads.set(table, [...used, clock.now()]);
    },
    countUpdate(table) {
      const used = recent(updates, table, UPDATES_WINDOW_MS);
      const message = 'Exceeded rate limits: too many table update operations for this table.';
      if (used.length >= UPDATES_PER_TABLE) throw new Refusal(403, 'rateLimitExceeded', message);
      updates.set(table, [...used, clock.now()]);
    },
    loadsOf: (table) => recent(loads, table, DAY_MS).length,
  };
}

function exceeded(which: string): Refusal {
  return new Refusal(403, 'quotaExceeded', `Quota exceeded: ${which}`);
}
