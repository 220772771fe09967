import type { Broker } from '../runtime/broker.ts';
import { COMMIT_SECONDS, emptyHistogram, one, POINT_SECONDS, together } from '../runtime/histogram.ts';
import { HEARTBEAT_MS } from '../runtime/limits.ts';
import { publishSinkCounters, type TableCounters } from '../runtime/sink-counters.ts';
import { settledWithin } from '../runtime/wait.ts';
import type { BatchResult } from '../store/tally.ts';

/** Least time between two tellings: whoever watches looks a few times a second at most. */
const TELL_MS = 1_000;

/** Time that a Redis has for the last telling. */
const LAST_MS = 500;

/** What a sink counts of its work, for those who watch. */
export interface Counting {
  /** One more commit, which took so many seconds. */
  add(result: BatchResult, seconds: number): void;
  /** Tells the rest and ends. */
  close(): Promise<void>;
}

/** Counts from nothing, and tells the broker: a second after a change, and in any case before that is forgotten. */
export function openCounting(broker: Broker): Counting {
  const startedAtMs = Date.now();
  // A Map: a table may be called as what every object has, like `constructor`.
  const tables = new Map<string, TableCounters>();
  let telling: Promise<void> | undefined;
  let due: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(due);
    due = undefined;
    // With Redis away commands gather: one is enough for when it is back.
    telling ??= publishSinkCounters(broker, { startedAtMs, tables: Object.fromEntries(tables) }).catch(() => {}).finally(() => (telling = undefined));
  };
  tell();
  const timer = setInterval(tell, HEARTBEAT_MS);
  return {
    add: (result, seconds) => {
      for (const [table, load] of Object.entries(result.loads)) tables.set(table, added(tables.get(table) ?? NONE, result.tables, table, load, seconds));
      due ??= setTimeout(tell, TELL_MS);
    },
    close: async () => {
      clearInterval(timer);
      clearTimeout(due);
      if (telling !== undefined) await settledWithin(telling, LAST_MS);
      tell();
      if (telling !== undefined) await settledWithin(telling, LAST_MS);
    },
  };
}

const NONE: TableCounters = {
  rows: 0, failures: 0, bytes: 0, lastCommitMs: 0, commitSeconds: emptyHistogram(COMMIT_SECONDS), pointSeconds: emptyHistogram(POINT_SECONDS),
};

function added(before: TableCounters, counts: BatchResult['tables'], table: string, load: BatchResult['loads'][string], seconds: number): TableCounters {
  const { rows, failures } = (Object.hasOwn(counts, table) ? counts[table] : undefined) ?? { rows: 0, failures: 0 };
  return {
    rows: before.rows + rows,
    failures: before.failures + failures,
    bytes: before.bytes + load.bytes,
    commitSeconds: together(before.commitSeconds, one(COMMIT_SECONDS, seconds)),
    pointSeconds: together(before.pointSeconds, load.pointSeconds),
    lastCommitMs: Date.now(),
  };
}
